import Foundation
import Hardware
import Testing

@Suite struct BuiltInFleetTests {
  /// What results of these fleets rest on, beside the costs, which the formulas' tests hold.
  private static let expected = """
    trn3-cs3: gpt-oss-120b: prefill on 128 Trainium3, EFA, decode on 2 × 3 Cerebras CS-3; \
    decode 10000000
    prefill prefill 128 × trainium3-gpt-oss-120b: 1 trainium3, gpt-oss-120b; kv 2007073 × \
    36864 (1, 1, 128) ÷ 1, batch 256; nic 22500000000 20000; peak 671000000000000.0 \
    4900000000000.0
    decode decode 2 × cs3x3-gpt-oss-120b: 3 wse-3, gpt-oss-120b; kv 1454856 × 36864 (1, 1, \
    128) ÷ 1, batch 4096; nic 360000000000 10000; peak 4.68e+16 6.3e+16
    b200-mixed: gpt-oss-120b on one node of 8 B200, each with the whole model; prefill \
    10000000
    mixed mixed 8 × b200-gpt-oss-120b: 1 b200, gpt-oss-120b; kv 2926190 × 36864 (1, 1, 128) \
    ÷ 1, batch 256; nic 585000000000 10000; peak 2250000000000000.0 7700000000000.0
    b200-pd: gpt-oss-120b on one node of 8 B200: 2 prefill, 6 decode, hand-off over NVLink; \
    prefill 10000000
    prefill prefill 2 × b200-gpt-oss-120b: 1 b200, gpt-oss-120b; kv 2926190 × 36864 (1, 1, \
    128) ÷ 1, batch 256; nic 585000000000 10000; peak 2250000000000000.0 7700000000000.0
    decode decode 6 × b200-gpt-oss-120b: 1 b200, gpt-oss-120b; kv 2926190 × 36864 (1, 1, \
    128) ÷ 1, batch 256; nic 585000000000 10000; peak 2250000000000000.0 7700000000000.0
    llama8b-32x16: Llama 3.1 8B on B200: 32 prefill and 16 decode instances of one chip; \
    prefill 10000000
    prefill prefill 32 × b200-llama-3.1-8b: 1 b200, llama-3.1-8b; kv 1197656 × 131072 (1, 0, \
    0) ÷ 1, batch 1024; nic 45000000000 20000; peak 2250000000000000.0 7700000000000.0
    decode decode 16 × b200-llama-3.1-8b: 1 b200, llama-3.1-8b; kv 1197656 × 131072 (1, 0, \
    0) ÷ 1, batch 1024; nic 45000000000 20000; peak 2250000000000000.0 7700000000000.0
    """

  @Test func `the first fleets keep every figure but their costs`() throws {
    let names = ["trn3-cs3", "b200-mixed", "b200-pd", "llama8b-32x16"]
    let lines = try names.flatMap { Fingerprint.lines(try Fleets.named($0)) }
    let figures = lines.map {
      $0.prefix(upTo: $0.firstRange(of: "; costs ")?.lowerBound ?? $0.endIndex)
    }
    #expect(figures.joined(separator: "\n") == Self.expected)
  }

  @Test(arguments: Fleets.names)
  func `what the program carries is the file`(name: String) throws {
    let file = SharedData.package.appendingPathComponent(
      "Sources/Hardware/Fleets/BuiltIn/\(name).yaml"
    )
    #expect(try Data(contentsOf: file) == Data(try #require(Fleets.text(of: name))))
    #expect(
      try Fingerprint.lines(Fleets.resolve(file.path)) == Fingerprint.lines(Fleets.named(name))
    )
  }

  @Test func `every file of the folder is built in`() throws {
    let folder = SharedData.package.appendingPathComponent("Sources/Hardware/Fleets/BuiltIn")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(files.sorted() == Fleets.names.map { $0 + ".yaml" }.sorted())
  }

  @Test func `chips with a PCIe port swap to the host, wafers and LPUs do not`() throws {
    for pool in Fleets.all.flatMap(\.pools) {
      let kind = pool.kind
      let ports = ["wse-3", "groq-3-lpu"].contains(kind.chip) ? 0 : Int64(kind.chips)
      #expect(kind.hostBytesPerSecond == ports * 50_000_000_000)
      let units = ports * 250_000_000_000 / kind.kvReplication / kind.kv.unitBytes
      #expect(kind.hostKVCapacityUnits == units)
      #expect(try kind.layers == Model.named(kind.model).layers)
      #expect(pool.fabricBytesPerSecond == .max)
    }
  }
}
