import Testing
import Workload

/// The keys that AIPerf and Dynamo add to Mooncake's lines, those of sessions apart.
@Suite struct `Mooncake keys` {
  private static let ok = #""timestamp": 7, "input_length": 5, "output_length": 2, "hash_ids": [0]"#

  @Test func `second spellings mean the same`() throws {
    let group = try rows(
      """
      {"created_time": 2, "input_tokens": 5, "output_tokens": 3, "session_id": 1}
      {"input_tokens": 6, "output_tokens": 4, "session_id": 1, "delay_ms": 1.5}
      """
    )
    #expect(group.arrival == [0, 1_500_000])
    #expect(group.promptTokens == [5, 6])
    #expect(group.outputTokens == [3, 4])
    #expect(group.edges == [after(0, 1_500_000)])
  }

  @Test func `priorities and classes are kept, and defaults where a line has none`() throws {
    let trace = try read(
      """
      {\(Self.ok)}
      {\(Self.ok), "priority": -2147483648, "policy_class": "gold"}
      {\(Self.ok), "priority": 2147483647}
      {\(Self.ok), "policy_class": "silver", "strict_priority": 0}
      """
    )
    let group = try #require(trace.groups.first)
    #expect(group.priority == [0, .min, .max, 0])
    #expect(trace.names.classes == ["", "gold", "silver"])
    #expect(group.requestClass == [0, 1, 0, 2])
    #expect(group.promptTokens == [5, 5, 5, 5])
  }

  @Test func `what has no meaning here is checked and left out`() throws {
    let plain = try rows("{\(Self.ok)}")
    let extra = try rows(
      #"{\#(Self.ok), "request_id": "r1", "output_token_ids": [7, 0], "extra": "#
        + #"{"a": [1, {"b": "}\"]"}], "c": null}}"#
    )
    #expect(extra == plain)
  }

  @Test(arguments: [
    (#""text_input": "hi""#, "text_input is text, whose tokens"),
    (#""messages": []"#, "messages is text"), (#""tools": []"#, "tools is text"),
    (#""payload": {}"#, "payload is text"),
    (#""input_tokens": 5"#, "input_length appears twice"),
    (#""created_time": 5"#, "timestamp appears twice"),
    (#""priority": 1.5"#, "'1.5'"), (#""priority": 2147483648"#, "2147483647"),
    (#""priority": -2147483649"#, "'2147483649'"), (#""priority": -"#, "nothing"),
    (#""strict_priority": 1"#, "give it as priority"), (#""strict_priority": -1"#, "'-1'"),
    (#""policy_class": null"#, "expected a string"),
    (#""request_id": {}"#, "expected a string"),
    (#""output_token_ids": [1]"#, "output_token_ids holds 1 ids; output_length is 2"),
    (#""output_token_ids": "x""#, "'['"),
    (#""extra": {"a": [}"#, "extra is not a JSON value"), (#""extra": "#, "not a JSON value"),
    (#""extra": tru"#, "not a JSON value"), (#""extra": {"a": 1"#, "found the end of the line"),
    (#""wait_for": ["r1"]"#, "unknown key 'wait_for'"),
  ])
  func `a bad value is an error at its column`(text: String, problem: String) throws {
    let error = try failure("{\(Self.ok), \(text)}", as: .mooncake)
    #expect(error?.line == 1)
    #expect(error?.column ?? 0 > Self.ok.utf8.count)
    #expect(error?.problem.contains(problem) == true, "\(error?.problem ?? "no error")")
  }

  @Test(arguments: [#""priority": 1"#, #""policy_class": "a""#])
  func `a key that first appears behind the first group is an error`(key: String) throws {
    let lines = repeatElement("{\(Self.ok)}", count: RowGroup.preferredRows)
    let error = try failure(
      (lines + ["{\(Self.ok), \(key)}"]).joined(separator: "\n"),
      as: .mooncake
    )
    #expect(error?.line == RowGroup.preferredRows + 1)
    #expect(error?.problem.contains("appears first here") == true)
  }

  @Test func `finer delays are rounded where asked for`() throws {
    let folder = try TemporaryFolder()
    let text = """
      {"session_id": 1, "timestamp": 0, "input_length": 5, "output_length": 1}
      {"session_id": 1, "delay": 0.0000015, "input_length": 5, "output_length": 1}
      """
    let path = try folder.file("trace", text.utf8)
    #expect(throws: TraceError.self) { try InMemoryTrace(reading: TraceFile(path: path)) }
    let trace = try InMemoryTrace(reading: TraceFile(path: path, rounding: true))
    #expect(trace.groups.first?.edges == [after(0, 2)])
  }
}
