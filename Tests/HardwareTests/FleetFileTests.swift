import ConfigFiles
import Foundation
import Testing

@testable import Hardware

@Suite struct FleetFileTests {
  @Test func `every key of a file reaches the fleet`() throws {
    let fleet = try FleetFileSample.plan(FleetFileSample.text).fleet()
    #expect(fleet.name == "base" && fleet.summary.isEmpty)
    #expect(fleet.firstToken == .decode && fleet.recompute == .local)
    #expect(fleet.tick == 5_000_000 && fleet.acceptedTokensPerStep == 2)
    #expect(fleet.handoff.decodeAt == .arrival && fleet.handoff.overlap == .layerWise)
    #expect(fleet.handoff.direction == .push && fleet.handoff.coldStart == 26_000_000)
    #expect(
      fleet.handoff.pairs == [PairEfficiency(prefill: "p", decode: "d", efficiency: 0.8)]
    )
    let (p, d) = (fleet.pools[0], fleet.pools[1])
    #expect(p.role == .prefill && p.count == 2 && p.kind.chips == 1 && p.kind.maxBatch == 16)
    #expect(p.kind.name == "b200-llama-3.1-8b" && d.kind.name == "twins")
    #expect(p.kind.hostBytesPerSecond == 0 && p.fabricBytesPerSecond == .max)
    #expect(d.role == .decode && d.count == 3 && d.kind.chips == 2 && d.kind.maxBatch == 32)
    #expect(d.fabricBytesPerSecond == 1_500_000_000)
    #expect(d.kind.hostBytesPerSecond == 50_000_000_000)
    #expect(d.kind.hostKVCapacityUnits == 100_000_000_000 / 131_072)
    #expect(d.kind.peakOperationsPerSecond == 2 * 4_500e12)
    #expect(d.kind.nicBytesPerSecond == 70_200_000_000)
    #expect(p.kind.layers == 32)
  }

  @Test func `blocks have 16 tokens unless the file says otherwise`() throws {
    func blockTokens(_ lines: String) throws -> Int {
      let text = FleetFileSample.text.replacing("tick: 5ms", with: lines)
      return try FleetText(text, file: "f.yaml").plan.fleet().blockTokens
    }
    #expect(try blockTokens("tick: 5ms") == 16)
    #expect(try blockTokens("tick: 5ms\nblock_tokens: 65536") == 65_536)
    #expect(try blockTokens("block_tokens: 1") == 1)
  }

  @Test func `a pool costs what its deployment says, with its constants and speculation`() throws {
    let fleet = try FleetFileSample.plan(FleetFileSample.text).fleet()
    let chip = Chip.b200.tuned { $0.layerFloor = Sourced(10e-6, .assumed, "test") }
    let kind = try instance(chip, 2, .llama8B, precision: .fp8, weights: .fp8)
    let costs = SpeculativeCosts(kind.costs, acceptedTokensPerStep: 2)
    let decode = fleet.pools[1].kind.costs
    #expect(decode.decodeStep(batch: 9, kvBytes: 1e9) == costs.decodeStep(batch: 9, kvBytes: 1e9))
    #expect(fleet.pools[1].kind.kvCapacityUnits == kind.kvCapacityUnits)
    let prefill = fleet.pools[0].kind.costs
    #expect(!(prefill is SpeculativeCosts))
  }

  @Test func `constants of rooflines and wafers replace the catalogue's`() throws {
    let roofline = """
      name: x
      pools:
        - { name: m, role: mixed, count: 1, chip: b200, model: llama-3.1-8b, fabric: efa-v4,
            max_batch: 1, constants: { gemm_efficiency: 0.5, gemm_ramp_tokens: 100,
              attention_efficiency: 0.4, attention_ramp_tokens: 50, slowdown: 2,
              decode_attention_efficiency: 0.2, bandwidth_efficiency: 0.7, layer_floor: 1us,
              expert_layer_floor: 2us, host_time: 3us, all_reduce_latency: 4us,
              all_reduce_ramp: 5us, all_reduce_ramp_bytes: 6, link_efficiency: 0.3 } }
      """
    guard case .roofline(let changed) = try timing(roofline) else {
      Issue.record("a B200 is no wafer")
      return
    }
    let values = [
      changed.gemmEfficiency.bf16, changed.gemmRampTokens, changed.attentionEfficiency,
      changed.attentionRampTokens, changed.slowdown, changed.decodeAttentionEfficiency,
      changed.bandwidthEfficiency, changed.layerFloor, changed.expertLayerFloor, changed.hostTime,
      changed.allReduceLatency, changed.allReduceRamp, changed.allReduceRampBytes,
      changed.linkEfficiency,
    ]
    #expect(
      values.map { $0?.value }
        == [0.5, 100, 0.4, 50, 2, 0.2, 0.7, 1e-6, 2e-6, 3e-6, 4e-6, 5e-6, 6, 0.3]
    )
    let wafer = """
      name: x
      pools:
        - { name: m, role: mixed, count: 1, chip: wse-3, model: llama-3.1-8b, fabric: cs3-io,
            max_batch: 1, constants: { layer_time: 1us, width_exponent: 0.5, hop_time: 2us,
              compute_share: 0.4 } }
      """
    guard case .wafer(let constants) = try timing(wafer) else {
      Issue.record("a WSE-3 is a wafer")
      return
    }
    let times = [constants.layerTime.value, constants.hopTime.value]
    #expect(times == [1e-6, 2e-6])
    #expect(constants.widthExponent.value == 0.5 && constants.computeShare.value == 0.4)
  }

  private func timing(_ text: String) throws -> Chip.Timing {
    try FleetFileSample.plan(text).pools[0].deployment.chip.timing
  }

  @Test(arguments: [
    ("0ns", 0), ("10ms", 10_000_000), ("1.5us", 1_500), ("1.5µs", 1_500), ("2s", 2_000_000_000),
    ("0.000000001s", 1), ("1.50s", 1_500_000_000), ("0.0s", 0),
  ])
  func `durations are whole nanoseconds`(text: String, nanoseconds: Int64) {
    #expect(FileNumbers.nanoseconds(text) == nanoseconds)
  }

  @Test(arguments: [
    "", "s", "10", "ms", "-1ms", "1.5ns", "1e3ms", " 1ms", "1 ms", "0x1s", ".5s", "1.s", "1..5s",
    "1000000000s", "٣s", "1.0000000001s", "0007ns", "00s",
  ])
  func `what is no duration is not taken for one`(text: String) {
    #expect(FileNumbers.nanoseconds(text) == nil)
  }

  @Test func `numbers are plain decimals`() {
    #expect(["0", "-7", "65536"].map(FileNumbers.whole) == [0, -7, 65_536])
    for text in ["", "-", "+1", "010", "1_000", "0x10", "1.0", "1e3", "9223372036854775808", "٣"] {
      #expect(FileNumbers.whole(text) == nil, "\(text)")
    }
    #expect(
      ["0.8", "50", "1e-3", "-2.5E+2", "0", "10.010"].map(FileNumbers.decimal)
        == [0.8, 50, 1e-3, -250, 0, 10.01]
    )
    for text in [
      "", "inf", "nan", "0x1p3", "1e999", "1_0", "1,5", " 1", "e", "010", "00", "-01.5", "+1", ".5",
      "5.", "1e", "e3", "1e-", "1e2e3", "1.2.3", "1e1.5", "--1", "٣",
    ] {
      #expect(FileNumbers.decimal(text) == nil, "\(text)")
    }
  }

  @Test func `a path is read and a name looked up`() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("fleets-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for name in ["a.yaml", "a.yml", "plain"] {
      let file = folder.appendingPathComponent(name)
      try Data(FleetFileSample.text.utf8).write(to: file)
      #expect(try Fleets.resolve(file.path).name == "base")
    }
    #expect(try Fleets.resolve("b200-pd").name == "b200-pd")
    let large = folder.appendingPathComponent("large.yaml")
    try Data(repeating: UInt8(ascii: "#"), count: 1 << 20 + 1).write(to: large)
    expect(large.path, .badData, "is larger than 1 MiB; expected a fleet file of a few KiB")
    expect(folder.path, .noSuchFile, "is a folder; name a fleet file in it")
    expect("none.yaml", .noSuchFile, "cannot open: No such file or directory")
  }

  private func expect(
    _ path: String,
    _ kind: ConfigFileError.Kind,
    _ problem: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let error = FleetError.file(ConfigFileError(kind, file: path, problem: problem))
    #expect(throws: error, sourceLocation: sourceLocation) { try Fleets.resolve(path) }
  }

  @Test func `the page about fleet files names every key and its example is sound`() throws {
    let page = try String(
      contentsOf: SharedData.package.appendingPathComponent(
        "Sources/Hardware/Hardware.docc/FleetFiles.md"
      ),
      encoding: .utf8
    )
    let keys =
      FleetKey.allCases.map(\.rawValue) + HandOffKey.allCases.map(\.rawValue)
      + PairKey.allCases.map(\.rawValue) + SpeculationKey.allCases.map(\.rawValue)
      + PoolKey.allCases.map(\.rawValue) + HostKey.allCases.map(\.rawValue)
      + RooflineKey.allCases.map(\.rawValue) + WaferKey.allCases.map(\.rawValue)
    let names = Chip.all.map(\.name) + Model.all.map(\.name) + Fabric.all.map(\.name)
    for word in keys + names { #expect(page.contains("`\(word)`"), "\(word)") }
    let parts = page.components(separatedBy: "```")
    let example = try #require(parts.count >= 3 ? parts[1] : nil)
    let fleet = try FleetFileSample.plan(String(example.dropFirst("yaml\n".count))).fleet()
    #expect(fleet.pools.count == 3 && fleet.acceptedTokensPerStep == 2.4)
  }
}
