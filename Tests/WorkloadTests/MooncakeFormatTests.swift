import Foundation
import Testing
import Workload

/// The format as `JSONDecoder` reads it: the oracle for the scanner.
struct MooncakeLine: Codable, Equatable {
  var timestamp: Int64
  var input_length: Int64
  var output_length: Int64
  var hash_ids: [Int64]
}

@Suite struct `Mooncake format` {
  @Test func `prefixes become nodes that branch where prompts part`() throws {
    let trace = try read(TraceFormat.mooncake.example)
    let group = try #require(trace.groups.first)
    #expect(trace.names.blockTokens == 512)
    #expect(group.arrival == [0, 0, 2_999_000_000, 12_500_000_000, 12_500_500_000, 13_000_000_000])
    #expect(group.promptTokens == [1_300, 1_025, 1_600, 512, 9, 8])
    #expect(group.outputTokens == [96, 40, 7, 1, 8, 2])
    #expect(group.prefixNode == [0, 1, 2, 0, 0, 0])
    #expect(group.prefixBlocks == [3, 1, 1, 1, 1, 1])
    #expect(group.prefixes.id == [0, 1, 2])
    #expect(group.prefixes.parent == [-1, 0, 0])
    #expect(group.prefixes.offset == [0, 2, 3])
    #expect(group.prefixes.blocks == [3, 1, 1])
  }

  @Test func `each group restates the nodes its rows touch and no others`() throws {
    // Node 0 is alone; nodes 1 and 2 are a chain that the second group comes back to.
    var lines = [line(0, 100, [7]), line(0, 600, [8, 9]), line(0, 1_100, [8, 9, 10])]
    lines += (3..<RowGroup.preferredRows).map { _ in line(0, 100, [7]) }
    lines += [line(1, 1_100, [8, 9, 10]), line(1, 600, [8, 11])]
    let trace = try read(lines.joined(separator: "\n"))
    #expect(trace.groups.map(\.prefixes.id) == [[0, 1, 2], [1, 2, 3]])
    #expect(trace.groups.map(\.prefixes.parent) == [[-1, -1, 1], [-1, 1, 1]])
    #expect(trace.groups.map(\.prefixes.offset) == [[0, 0, 2], [0, 2, 1]])
    #expect(violations(of: trace).isEmpty)
  }

  @Test func `ids need not be small or dense`() throws {
    let group = try rows(
      [
        line(0, 1_025, [Int64.max, 0, 1 << 40]), line(0, 513, [Int64.max, 5_000_000]),
        line(0, 1_025, [Int64.max, 0, 4_096]),
      ].joined(separator: "\n")
    )
    #expect(group.prefixNode == [0, 1, 2])
    #expect(group.prefixes.offset == [0, 1, 2])
  }

  @Test(arguments: [
    ("[1, 2, 4]", "[2, 3, 4]", "at the start"),
    ("[1, 2, 4]", "[1, 4, 5]", "behind block 1"),
    ("[1, 2, 4]", "[1, 5, 4]", "behind block 5"),
    ("[1, 2, 4]", "[6, 7, 6]", "behind block 7"),
    ("[1, 2, 4]", "[1, 2, 2]", "behind block 2"),
  ])
  func `an id at two places is an error`(first: String, second: String, text: String) throws {
    let rows = [first, second].map {
      #"{"timestamp": 0, "input_length": 1100, "output_length": 1, "hash_ids": \#($0)}"#
    }
    let error = try failure(rows.joined(separator: "\n"), as: .mooncake)
    #expect(error?.line == 2)
    #expect(error?.problem.contains(text) == true, "\(error?.problem ?? "no error")")
  }

  @Test(arguments: [
    (#"{"timestamp": -1, "input_length": 5, "output_length": 1, "hash_ids": [0]}"#, 15, "'-1'"),
    (#"{"timestamp": 1.5, "input_length": 5, "output_length": 1, "hash_ids": [0]}"#, 15, "'1.5'"),
    (#"{"timestamp": 01, "input_length": 5, "output_length": 1, "hash_ids": [0]}"#, 15, "'01'"),
    (#"{"timestamp": 1e3, "input_length": 5, "output_length": 1, "hash_ids": [0]}"#, 15, "'1e3'"),
    (
      #"{"timestamp": 9999999999999999999, "input_length": 5, "output_length": 1, "hash_ids": []}"#,
      15, "whole"
    ),
    (
      #"{"timestamp": 9223372036854775807, "input_length": 5, "output_length": 1, "hash_ids": [0]}"#,
      15, "292"
    ),
    (#"{"timestamp": 0, "input_length": 0, "output_length": 1, "hash_ids": []}"#, 34, "'0'"),
    (#"{"timestamp": 0, "input_length": 5, "output_length": 0, "hash_ids": [0]}"#, 54, "'0'"),
    (
      #"{"timestamp": 0, "input_length": 513, "output_length": 1, "hash_ids": [0]}"#, 71, "2 blocks"
    ),
    (#"{"timestamp": 0, "input_length": 5, "output_length": 1, "hash_ids": []}"#, 69, "1 blocks"),
    (#"{"timestamp": 0, "input_length": 5, "output_length": 1}"#, 56, "hash_ids is missing"),
    (#"{"time": 0, "input_length": 5, "output_length": 1, "hash_ids": [0]}"#, 3, "timestamp"),
    (#"{"timestamp": 0, "output_lenght": 5}"#, 19, "did you mean 'output_length'?"),
    (#"{"timestamp": 0, "timestamp": 0}"#, 29, "twice"),
    (#"{"timestamp": "0", "input_length": 5}"#, 15, "whole"),
    (#"{"timestamp": 0} x"#, 18, "end of the line"),
    (#"{"timestamp": 0,}"#, 17, "'\"'"),
    (#"{"hash_ids": [0,]}"#, 17, "whole"),
    (#"{"hash_ids": [0 1]}"#, 17, "']'"),
    (#"{"hash_ids": {}}"#, 14, "'['"),
    (#"[0]"#, 1, "'{'"),
    (#"{}"#, 2, "'\"'"),
    (#"{"timestamp"#, 2, "not closed"),
    (#"{"timestamp" 0}"#, 14, "':'"),
  ])
  func `a bad line is an error at its column`(line: String, column: Int, text: String) throws {
    let error = try failure(line, as: .mooncake)
    #expect(error?.line == 1)
    #expect(error?.column == column, "\(error?.problem ?? "no error")")
    #expect(error?.problem.contains(text) == true, "\(error?.problem ?? "no error")")
  }

  @Test func `the scanner and a JSON decoder agree on generated lines`() throws {
    var random = SplitMix64(seed: 11)
    var lines: [String] = []
    var expected: [MooncakeLine] = []
    var nextId: Int64 = 0
    for row in 0..<2_000 {
      let length = Int64.random(in: 1...5_000, using: &random)
      let count = (length + 511) / 512
      let shared = Array(
        (expected.last?.hash_ids ?? []).prefix(Int.random(in: 0...4, using: &random))
      )
      .prefix(Int(count))
      let fresh = (0..<count - Int64(shared.count)).map { nextId + $0 }
      nextId += Int64(fresh.count)
      expected.append(
        MooncakeLine(
          timestamp: Int64(row) * 3,
          input_length: length,
          output_length: Int64.random(in: 1...2_000, using: &random),
          hash_ids: shared + fresh
        )
      )
      lines.append(spelled(expected[row], &random))
      let decoded = try JSONDecoder().decode(MooncakeLine.self, from: Data(lines[row].utf8))
      #expect(decoded == expected[row])
    }
    let group = try rows(lines.joined(separator: "\n"))
    #expect(group.arrival.elementsEqual(expected.map { $0.timestamp * 1_000_000 }))
    #expect(group.promptTokens.elementsEqual(expected.map { Int32($0.input_length) }))
    #expect(group.outputTokens.elementsEqual(expected.map { Int32($0.output_length) }))
    #expect(PathComparison(InMemoryTrace(name: "", groups: [group])).differences(expected).isEmpty)
  }

  @Test func `what the scanner accepts a JSON decoder accepts with the same values`() throws {
    var random = SplitMix64(seed: 12)
    let folder = try TemporaryFolder()
    var accepted = 0
    for _ in 0..<4_000 {
      let original = MooncakeLine(
        timestamp: 12,
        input_length: 1_300,
        output_length: 96,
        hash_ids: [0, 41, 42]
      )
      var bytes = Array(spelled(original, &random).utf8)
      let alphabet = Array(#"{}[]",: 0123456789.-e\nt"#.utf8)
      let position = Int.random(in: 0..<bytes.count, using: &random)
      switch random.next() % 3 {
      case 0: bytes[position] = alphabet.randomElement(using: &random) ?? 0
      case 1: bytes.remove(at: position)
      default: bytes.insert(alphabet.randomElement(using: &random) ?? 0, at: position)
      }
      let path = try folder.file("line", bytes)
      guard
        let trace = try? InMemoryTrace(reading: TraceFile(path: path, format: .mooncake)),
        let group = trace.groups.first
      else { continue }
      accepted += 1
      let decoded = try JSONDecoder().decode(MooncakeLine.self, from: Data(bytes))
      #expect(group.promptTokens.first == Int32(decoded.input_length))
      #expect(group.outputTokens.first == Int32(decoded.output_length))
      #expect(group.prefixBlocks.first == Int32(decoded.hash_ids.count))
    }
    #expect(accepted > 100)
  }

  private func line(_ timestamp: Int, _ length: Int, _ ids: [Int64]) -> String {
    #"{"timestamp": \#(timestamp), "input_length": \#(length), "output_length": 1, "#
      + #""hash_ids": \#(ids)}"#
  }

  /// A line with its keys in random order and random space where JSON allows it.
  private func spelled(_ line: MooncakeLine, _ random: inout SplitMix64) -> String {
    func space() -> String { ["", "", " ", "\t", "  "].randomElement(using: &random) ?? "" }
    let ids = line.hash_ids.map { space() + String($0) + space() }.joined(separator: ",")
    let fields = [
      ("timestamp", String(line.timestamp)), ("input_length", String(line.input_length)),
      ("output_length", String(line.output_length)), ("hash_ids", "[\(ids)]"),
    ].shuffled(using: &random).map { key, value in
      "\(space())\"\(key)\"\(space()):\(space())\(value)\(space())"
    }
    return "\(space()){\(fields.joined(separator: ","))}\(space())"
  }
}
