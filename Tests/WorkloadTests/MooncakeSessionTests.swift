import Testing
import Workload

/// `session_id` and `delay`, as AIPerf and Dynamo add them to Mooncake's lines.
@Suite struct `Mooncake sessions` {
  @Test func `later turns wait for the one before and arrive as if it took no time`() throws {
    let trace = try read(
      """
      {"session_id": "s1", "timestamp": 5000, "input_length": 10, "output_length": 4}
      {"session_id": "s1", "delay": 1500, "input_length": 20, "output_length": 3}
      {"session_id": 17, "timestamp": 4000, "input_length": 11, "output_length": 2}
      {"session_id": "s1", "input_length": 30, "output_length": 1}
      {"session_id": 17, "delay": 0.000001, "input_length": 12, "output_length": 5}
      {"session_id": "17", "delay": 330.5, "timestamp": 9000, "input_length": 13, "output_length": 6}
      {"timestamp": 6500, "input_length": 40, "output_length": 7}
      """
    )
    let group = try #require(trace.groups.first)
    #expect(violations(of: trace).isEmpty)
    #expect(group.record == [2, 4, 0, 1, 3, 6, 5])
    #expect(
      group.arrival == [
        0, 1, 1_000_000_000, 2_500_000_000, 2_500_000_000, 2_500_000_000,
        5_000_000_000,
      ]
    )
    #expect(group.session == [1, 1, 0, 0, 0, -1, 1])
    #expect(group.turn == [0, 1, 0, 1, 2, 0, 2])
    #expect(group.promptTokens == [11, 12, 10, 20, 30, 40, 13])
    #expect(
      edges(of: trace) == [
        1: [after(0, 1_500_000_000)], 3: [after(1)], 4: [after(2, 1)], 5: [after(4, 330_500_000)],
      ]
    )
    #expect(group.prefixNode.isEmpty && group.prefixes.count == 0)
    #expect(trace.names.blockTokens == 0)
  }

  @Test func `sessions that begin behind other lines are read as if from the first`() throws {
    let plain = #"{"timestamp": 7, "input_length": 600, "output_length": 4, "hash_ids": [0, 1]}"#
    let first =
      #"{"session_id": "a", "timestamp": 3, "input_length": 5, "output_length": 1, "hash_ids": [0]}"#
    let later = #"{"session_id": "a", "input_length": 700, "output_length": 1, "hash_ids": [0, 2]}"#
    let trace = try read([plain, plain, first, later].joined(separator: "\n"))
    let group = try #require(trace.groups.first)
    #expect(group.record == [2, 3, 0, 1])
    #expect(group.arrival == [0, 0, 4_000_000, 4_000_000])
    #expect(group.session == [0, 0, -1, -1])
    #expect(edges(of: trace) == [3: [after(2)]])
    #expect(trace.names.blockTokens == 512)
    #expect(violations(of: trace).isEmpty)
  }

  @Test func `a sorted trace is cut into groups that restate their own prefixes`() throws {
    let rows = RowGroup.preferredRows + 3
    // Written from the last arrival to the first, each with a block of its own behind block 0.
    let lines = (0..<rows).map { row in
      #"{"session_id": \#(row), "timestamp": \#(rows - row), "input_length": 600, "#
        + #""output_length": 1, "hash_ids": [0, \#(row + 1)]}"#
    }
    let trace = try read(lines.joined(separator: "\n"))
    #expect(trace.groups.map(\.count) == [RowGroup.preferredRows, 3])
    #expect(trace.groups.last?.record == [2, 1, 0])
    #expect(trace.groups.last?.edgeStart == [0, 0, 0, 0])
    #expect(trace.groups.last?.prefixes.count == 3)
    #expect(trace.groups.last?.prefixes.id.first == 0)
    #expect(trace.groups.last?.prefixNode == [2, 1, 0])
  }

  private static let ok = #""input_length": 5, "output_length": 1"#

  @Test(arguments: [
    (#"{"session_id": "a", \#(ok)}"#, 59, "the first turn of every session"),
    (#"{"session_id": "a", "delay": 2, "timestamp": 1, \#(ok)}"#, 30, "on a first turn"),
    (#"{"delay": 2, "timestamp": 1, \#(ok)}"#, 11, "on a first turn"),
    (#"{"session_id": "", "delay": -1, "timestamp": 1, \#(ok)}"#, 29, "'-1'; expected milli"),
    (#"{"session_id": 1, "delay": 1e3, "timestamp": 1, \#(ok)}"#, 28, "'1e3'"),
    (#"{"session_id": 1, "delay": 01, "timestamp": 1, \#(ok)}"#, 28, "'01'"),
    (#"{"session_id": 1, "delay": 1., "timestamp": 1, \#(ok)}"#, 28, "'1.'"),
    (#"{"session_id": 1, "delay": .5, "timestamp": 1, \#(ok)}"#, 28, "'.5'"),
    (#"{"session_id": 1, "delay": 0.1234567, "timestamp": 1, \#(ok)}"#, 28, "at most 6 decimals"),
    (#"{"session_id": 1, "delay": 9223372036855, "timestamp": 1, \#(ok)}"#, 28, "292 years"),
    (#"{"session_id": 1.5, "timestamp": 1, \#(ok)}"#, 16, "'1.5'"),
    (#"{"session_id": null, "timestamp": 1, \#(ok)}"#, 16, "expected a string or a whole number"),
    (#"{"session_id": "a\"b", "timestamp": 1, \#(ok)}"#, 18, "escape"),
    (#"{"session_id": "a, "timestamp": 1, \#(ok)}"#, 21, "','"),
    (#"{"session_id": "a"#, 16, "not closed"),
    (#"{"session_id": 1, "session_id": 1, "timestamp": 1, \#(ok)}"#, 31, "twice"),
    (#"{"sesion_id": 1, "timestamp": 1, \#(ok)}"#, 3, "did you mean 'session_id'?"),
    (#"{"timestamp": 1, \#(ok)}"#, 56, "hash_ids is missing"),
  ])
  func `a bad first line is an error at its column`(
    line: String,
    column: Int,
    text: String
  ) throws {
    let error = try failure(line, as: .mooncake)
    #expect(error?.line == 1)
    #expect(error?.column == column, "\(error?.problem ?? "no error")")
    #expect(error?.problem.contains(text) == true, "\(error?.problem ?? "no error")")
  }

  @Test(arguments: [
    (#"{"session_id": "a", "timestamp": 4, \#(ok)}"#, "earlier than the turn before"),
    (#"{"session_id": "a", \#(ok), "hash_ids": [0]}"#, "hash_ids is not on the lines before"),
    (#"{"\#(ok)}"#, "unknown key"),
    (#"{\#(ok)}"#, "a request of none, needs one"),
    (#"{"session_id": "a", "delay": 9223372036854, \#(ok)}"#, "292 years"),
  ])
  func `a bad later line is an error of its line`(line: String, text: String) throws {
    let first = #"{"session_id": "a", "timestamp": 2000000, \#(Self.ok)}"#
    let error = try failure("\(first)\n\(line)", as: .mooncake)
    #expect(error?.line == 2)
    #expect(error?.problem.contains(text) == true, "\(error?.problem ?? "no error")")
  }

  @Test func `hash ids on some lines only are an error`() throws {
    let first =
      #"{"session_id": "a", "timestamp": 2, "input_length": 5, "output_length": 1, "hash_ids": [0]}"#
    let error = try failure(first + "\n" + #"{"session_id": "a", \#(Self.ok)}"#, as: .mooncake)
    #expect(error?.line == 2)
    #expect(error?.problem.contains("hash_ids is missing") == true)
  }

  @Test func `a session after more lines than a group holds is an error`() throws {
    let plain = #"{"timestamp": 7, "input_length": 5, "output_length": 4, "hash_ids": [0]}"#
    let last = #"{"session_id": 0, "timestamp": 7, \#(Self.ok), "hash_ids": [0]}"#
    let lines = repeatElement(plain, count: RowGroup.preferredRows)
    let error = try failure((lines + [last]).joined(separator: "\n"), as: .mooncake)
    #expect(error?.line == RowGroup.preferredRows + 1)
    #expect(error?.problem.contains("65536") == true)
  }
}
