import ConfigFiles
import Foundation
import Testing

@testable import Hardware

@Suite("Costs out of tables of measured times")
struct TableCostsTests {
  private static let selection = StepTable.Selection(
    model: "m",
    hardware: "h",
    tensorParallel: 8
  )
  private static let header =
    "model,hardware,prompt_size,batch_size,token_size,prompt_time,token_time,tensor_parallel"

  /// Prompts of 100–400 tokens alone, and batches of 100 tokens.
  private static let lines = [
    "m,h,100,1,20,10,5,8", "m,h,100,1,20,12,7,8", "m,h,100,1,20,11,6,8", "m,h,200,1,20,18,6.5,8",
    "m,h,400,1,20,40,7,8", "m,h,100,2,20,17,8,8", "m,h,100,4,20,30,7.5,8", "x,h,100,1,20,99,9,8",
  ]

  private static func table(_ lines: [String]) throws(ConfigFileError) -> StepTable {
    try StepTable(
      Array(([header] + lines).joined(separator: "\n").utf8),
      "table.csv",
      selection
    )
  }

  private static func costs() throws -> any CostModel {
    try costs(table(lines), chip: "a100", model: "llama-2-70b")
  }

  private static func costs(
    _ table: StepTable,
    chip: String,
    model: String
  ) throws -> any CostModel {
    var deployment = Deployment(
      name: "d",
      chip: try Chip.named(chip),
      chips: 8,
      model: try Model.named(model),
      fabric: try Fabric.named("infiniband-ndr"),
      maxBatch: 64
    )
    deployment.table = table
    return try InstanceKind(deployment).costs
  }

  private static func prompt(_ tokens: Int, _ costs: any CostModel) -> FineTime {
    costs.prefillPass(tokens: tokens, decodeBatch: 0).time
      + costs.prefillAttention(newTokens: tokens, pastTokens: 0).time
  }

  @Test(arguments: [(100, 11), (200, 18), (400, 40)])
  func `A prompt of a measured size takes the median of what was measured`(
    tokens: Int,
    milliseconds: Int64
  ) throws {
    let costs = try Self.costs()
    #expect(
      FixedPoint.ceiling(Self.prompt(tokens, costs)) == milliseconds * 1_000_000
    )
  }

  @Test
  func `Times lie on lines between measured sizes, and beyond on the last line`() throws {
    let costs = try Self.costs()
    for (tokens, nanoseconds) in [(300, 29_000_000), (600, 62_000_000), (50, 11_000_000)] {
      let time = FixedPoint.ceiling(Self.prompt(tokens, costs))
      #expect((nanoseconds...nanoseconds + 1).contains(Int(time)))
    }
  }

  @Test
  func `Decode steps never fall with the batch or the context`() throws {
    let costs = try Self.costs()
    let token = Double(try Model.named("llama-2-70b").kvShape().bytes(tokens: 1))
    for kv in [0.0, 100, 1_000, 50_000] {
      var last = FixedPoint.fine(nanoseconds: 1)
      for batch in 1...64 {
        let step = costs.decodeStep(batch: batch, kvBytes: kv * token).time
        #expect(step >= last)
        last = step
      }
    }
    for batch in [1, 3, 9] {
      var last = FixedPoint.fine(nanoseconds: 1)
      for kv in 0...100 {
        let step = costs.decodeStep(batch: batch, kvBytes: Double(kv * 20) * token).time
        #expect(step >= last)
        last = step
      }
    }
  }

  @Test
  func `A step of the measured batch and context takes what was measured`() throws {
    let costs = try Self.costs()
    let token = Double(try Model.named("llama-2-70b").kvShape().bytes(tokens: 1))
    let single = costs.decodeStep(batch: 1, kvBytes: 110 * token)
    #expect((6_000_000...6_000_001).contains(FixedPoint.ceiling(single.time)))
    let pair = costs.decodeStep(batch: 2, kvBytes: 220 * token)
    #expect((8_000_000...8_000_001).contains(FixedPoint.ceiling(pair.time)))
  }

  @Test
  func `Chunks of a prompt cost no less than the prompt`() throws {
    let costs = try Self.costs()
    var sum: FineTime = 0
    for past in stride(from: 0, to: 400, by: 100) {
      sum +=
        costs.prefillPass(tokens: 100, decodeBatch: 0).time
        + costs.prefillAttention(newTokens: 100, pastTokens: past).time
    }
    #expect(sum >= Self.prompt(400, costs))
  }

  @Test
  func `Beside a decode step a pass costs less than alone`() throws {
    let costs = try Self.costs()
    let alone = costs.prefillPass(tokens: 200, decodeBatch: 0).time
    let beside = costs.prefillPass(tokens: 200, decodeBatch: 4).time
    #expect(beside < alone)
    #expect(beside >= 0)
  }

  @Test(arguments: [
    ("m,h,100,1,20,ten,5,8", 2, 14, "prompt_time"), ("m,h,0,1,20,10,5,8", 2, 5, "prompt_size"),
    ("m,h,100,1.5,20,10,5,8", 2, 9, "batch_size"), ("m,h,100,1,20,10,nan,8", 2, 17, "token_time"),
    ("m,h,100,1,20,10,5", 2, 1, "7 fields"),
  ])
  func `What is wrong with a field is told with its place`(
    line: String,
    row: Int,
    column: Int,
    word: String
  ) {
    let error = #expect(throws: ConfigFileError.self) { try Self.table([line]) }
    #expect(error?.line == row)
    #expect(error?.column == column)
    #expect(error?.problem.contains(word) == true)
    #expect(error?.file == "table.csv")
  }

  @Test
  func `A selection without rows, a missing column and a missing file are told`() {
    let none = #expect(throws: ConfigFileError.self) { try Self.table(["x,h,100,1,20,1,1,8"]) }
    #expect(none?.problem.contains("m, h, 8") == true)
    let column = #expect(throws: ConfigFileError.self) {
      try StepTable(Array("model,hardware\n".utf8), "t", Self.selection)
    }
    #expect(column?.problem.contains("prompt_size") == true)
    let file = #expect(throws: ConfigFileError.self) {
      try StepTable(file: "/nonexistent/t.csv", selecting: Self.selection)
    }
    #expect(file?.kind == .noSuchFile)
  }

  @Test
  func `No cut or changed byte of a table ends the program`() {
    let bytes = Array(([Self.header] + Self.lines).joined(separator: "\n").utf8)
    var read = 0
    for length in stride(from: 0, to: bytes.count, by: 7) {
      if (try? StepTable(Array(bytes.prefix(length)), "t", Self.selection)) != nil { read += 1 }
    }
    for position in stride(from: 0, to: bytes.count, by: 3) {
      var changed = bytes
      changed[position] ^= UInt8(1 << (position % 8))
      if (try? StepTable(changed, "t", Self.selection)) != nil { read += 1 }
    }
    #expect(read > 0)
  }

  @Test
  func `A fleet file takes the times of a table beside it`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "table-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let text = ([Self.header] + Self.lines).joined(separator: "\n")
    try text.write(to: folder.appending(path: "t.csv"), atomically: true, encoding: .utf8)
    let fleet = """
      name: measured
      pools:
        - { name: mixed, role: mixed, count: 1, chip: a100, chips: 8, model: llama-2-70b,
            fabric: infiniband-ndr, max_batch: 64,
            costs: { table: t.csv, model: m, hardware: h, tensor_parallel: 8 } }
      """
    let path = folder.appending(path: "fleet.yaml")
    try fleet.write(to: path, atomically: true, encoding: .utf8)
    let kind = try Fleets.resolve(path.path).pools[0].kind
    #expect(kind.costs is TableCosts)
    try fleet.replacing("model: m,", with: "model: n,")
      .write(to: path, atomically: true, encoding: .utf8)
    let error = #expect(throws: FleetError.self) { try Fleets.resolve(path.path) }
    #expect(error?.description.contains("fleet.yaml:5") == true)
  }

  private static var profile: String? {
    let root = ProcessInfo.processInfo.environment["REPLAY_SHARED"].map { URL(filePath: $0) }
    let package = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let shared = root ?? package.deletingLastPathComponent().appending(path: "shared")
    let path = shared.appending(path: "ground-truth/splitwise_profile.csv").path
    guard FileManager.default.fileExists(atPath: path) else {
      print("skipped: no \(path)")
      return nil
    }
    return path
  }

  @Test(arguments: [
    ("llama2-70b", "h100-80gb", 8), ("llama2-70b", "a100-80gb", 2), ("bloom-176b", "a100-80gb", 8),
  ])
  func `Measured stacks keep the laws`(model: String, hardware: String, ranks: Int) throws {
    guard let path = Self.profile else { return }
    let table = try StepTable(
      file: path,
      selecting: .init(model: model, hardware: hardware, tensorParallel: ranks)
    )
    let costs = try Self.costs(table, chip: "a100", model: "llama-2-70b")
    for (tokens, seconds) in zip(table.prompt.positions, table.prompt.values) {
      #expect(
        Self.prompt(Int(tokens), costs) == FixedPoint.fineTime(seconds: seconds)
      )
    }
    for kv in [0.0, 1e9, 1e11] {
      var last = FixedPoint.fine(nanoseconds: 1)
      for batch in 1...128 {
        let step = costs.decodeStep(batch: batch, kvBytes: kv).time
        #expect(step >= last)
        last = step
      }
    }
  }
}
