import Foundation
import Testing
import Workload

@Suite struct `Mooncake-delta format` {
  @Test func `a later turn's prompt is the one before, its output and what is new`() throws {
    let trace = try read(TraceFormat.mooncakeDelta.example, as: .mooncakeDelta)
    let group = try #require(trace.groups.first)
    #expect(violations(of: trace).isEmpty)
    #expect(group.record == [0, 1, 2, 3])
    #expect(group.promptTokens == [1_300, 600, 1_596, 2_149])
    #expect(group.outputTokens == [96, 9, 40, 4])
    #expect(group.session == [0, 1, 0, 0])
    #expect(edges(of: trace) == [2: [after(0, 1_500_000_000)], 3: [after(2, 5_000_000)]])
  }

  @Test func `full blocks of the prompt before are kept, and the rest is the session's own`() throws
  {
    let trace = try read(TraceFormat.mooncakeDelta.example, as: .mooncakeDelta)
    let group = try #require(trace.groups.first)
    // Three blocks, one more behind the first, and behind two, the third being partial, two and two.
    #expect(group.prefixNode == [0, 1, 2, 3])
    #expect(group.prefixBlocks == [3, 1, 2, 2])
    #expect(group.prefixes.parent == [-1, 0, 0, 2])
    #expect(group.prefixes.offset == [0, 1, 2, 1])
    #expect(group.prefixes.blocks == [3, 1, 2, 2])
    #expect(trace.names.blockTokens == 512)
  }

  @Test func `a context that ends in an ancestor is continued from there`() throws {
    let trace = try read(
      """
      {"session_id": 1, "timestamp": 0, "input_length": 1030, "output_length": 1, "hash_ids": [0, 1, 2]}
      {"session_id": 2, "timestamp": 1, "input_length": 1000, "output_length": 1, "hash_ids": [0, 1]}
      {"session_id": 1, "delay": 0, "input_length": 1, "output_length": 1, "hash_ids": [9]}
      {"session_id": 1, "delay": 0, "input_length": 1, "output_length": 1, "hash_ids": [9]}
      {"session_id": 3, "timestamp": 9, "input_length": 5, "output_length": 1, "hash_ids": [7]}
      {"session_id": 3, "delay": 0, "input_length": 5, "output_length": 1, "hash_ids": [8]}

      """,
      as: .mooncakeDelta
    )
    let group = try #require(trace.groups.first)
    #expect(violations(of: trace).isEmpty)
    // The partial third block is never shared, and a prompt without a full block starts anew.
    #expect(group.prefixes.parent == [-1, 0, 0, -1, -1])
    #expect(group.prefixes.offset == [0, 2, 2, 0, 0])
  }

  @Test func `without sessions or without ids it is as mooncake`() throws {
    let lines = """
      {"timestamp": 0, "input_length": 600, "output_length": 9, "hash_ids": [0, 1]}
      {"timestamp": 5, "input_length": 600, "output_length": 9, "hash_ids": [0, 2]}

      """
    #expect(try read(lines, as: .mooncakeDelta).groups == read(lines, as: .mooncake).groups)
    let bare = """
      {"session_id": 1, "timestamp": 0, "input_length": 600, "output_length": 9}
      {"session_id": 1, "delay": 5, "input_length": 6, "output_length": 9}

      """
    let group = try rows(bare, as: .mooncakeDelta)
    #expect(group.promptTokens == [600, 615])
    #expect(group.prefixNode.isEmpty)
  }

  @Test(arguments: [
    (#""input_length": 2147483000, "output_length": 1, "hash_ids": [9]"#, "[9]", "blocks of 512"),
    (
      #""input_length": 2147483600, "output_length": 1"#, "2147483600", "grown to 2147484210 tokens"
    ),
  ])
  func `a bad later turn is an error at its place`(
    rest: String,
    place: String,
    text: String
  ) throws {
    let ids = rest.contains("hash_ids") ? #", "hash_ids": [0, 1]"# : ""
    let first = #"{"session_id": 1, "timestamp": 0, "input_length": 601, "output_length": 9"#
    let later = #"{"session_id": 1, "delay": 0, \#(rest)}"#
    let before = try #require(later.range(of: place)).lowerBound
    let error = try failure("\(first)\(ids)}\n\(later)\n", as: .mooncakeDelta)
    #expect(error?.line == 2)
    #expect(error?.column == later[..<before].utf8.count + 1)
    #expect(error?.problem.contains(text) == true, "\(error?.problem ?? "no error")")
  }
}
