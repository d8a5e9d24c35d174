import Testing
import Workload

@Suite struct `LLMServingSim workloads` {
  @Test func `requests of a session wait for the tool behind the one before`() throws {
    let trace = try ExampleFile.read(.llmservingsim)
    let group = try #require(trace.groups.first)
    #expect(violations(of: trace).isEmpty)
    #expect(group.record == [0, 1, 2, 3])
    #expect(group.arrival == [0, 1_000_000, 128_348_767, 990_066_372_260])
    #expect(group.promptTokens == [17, 1_472, 16, 1_072])
    #expect(group.session == [-1, 0, 0, -1])
    #expect(group.gapKind == [.none, .none, .tool, .none])
    #expect(edges(of: trace) == [2: [after(1, 127_348_767)]])
    // The full block of 17 tokens is all that the prompt of 16 has.
    #expect(group.prefixNode == [0, -1, 0, -1])
    #expect(group.prefixBlocks == [1, 0, 1, 0])
  }

  @Test func `a workload without sessions and ids has no columns for them`() throws {
    let group = try rows(#"{"input_toks": 5, "output_toks": 6, "arrival_time_ns": 7}"#)
    #expect(group.session.isEmpty && group.edgeStart.isEmpty && group.prefixNode.isEmpty)
  }

  @Test func `requests without output are left out of their session's chain`() throws {
    let line =
      #"{"session_id": 1, "arrival_time_ns": 5, "sub_requests": [{"input_toks": 1, "output_toks": 1, "#
      + #""tool_duration_ns": 10}, {"input_toks": 1, "output_toks": 0, "tool_duration_ns": 20}, "#
      + #"{"input_toks": 3, "output_toks": 1}]}"#
    let trace = try read(line, failures: .drop)
    #expect(trace.groups.first?.promptTokens == [1, 3])
    #expect(trace.groups.first?.arrival == [0, 30])
    #expect(edges(of: trace) == [1: [after(0, 30)]])
    #expect(try read(line, failures: .keep).groups.first?.outputTokens == [1, 1, 1])
    #expect(try failure(line, as: .llmservingsim)?.problem.contains("--failures") == true)
  }

  private static let tokens = #""input_toks": 1, "output_toks": 1"#

  @Test(arguments: [
    ("{\(tokens)}", "arrival_time_ns is missing"),
    (#"{\#(tokens), "arrival_time_ns": 1, "tool_duration_ns": 1}"#, "outside sub_requests"),
    (#"{\#(tokens), "arrival_time_ns": 1, "session_id": 1}"#, "without sub_requests"),
    (#"{\#(tokens), "arrival_time_ns": 1, "sub_requests": []}"#, "session_id is missing"),
    (#"{\#(tokens), "arrival_time_ns": 1, "session_id": 1, "sub_requests": []}"#, "keep one"),
    (#"{"input_toks": 1, "arrival_time_ns": 1}"#, "output_toks is missing"),
    (#"{\#(tokens), "arrival_time_ns": 1, "input_tok_ids": [1, 2]}"#, "holds 2 ids"),
    (#"{\#(tokens), "arrival_time_ns": 1, "input_tok_id": [1, 2]}"#, "'input_tok_ids'"),
    (
      #"{"session_id": 1, "arrival_time_ns": 1, "sub_requests": [{\#(tokens), "session_id": 2}]}"#,
      "a key of a line"
    ),
    (
      #"{"session_id": 1, "arrival_time_ns": 9223372036854775806, "sub_requests": [{\#(tokens), "#
        + #""tool_duration_ns": 5}]}"#,
      "292 years"
    ),
  ])
  func `what is wrong is named`(line: String, problem: String) throws {
    let error = try failure(line, as: .llmservingsim)
    #expect(error?.line == 1)
    #expect(error?.problem.contains(problem) == true, "\(error?.problem ?? "no error")")
  }

  @Test func `a session on two lines is an error of the second`() throws {
    let line = #"{"session_id": 1, "arrival_time_ns": 1, "sub_requests": [{\#(Self.tokens)}]}"#
    #expect(try failure(line + "\n" + line, as: .llmservingsim)?.line == 2)
  }

  @Test(arguments: [("example_trace.jsonl", 10), ("workload_me2_01_mixed.jsonl", 500)])
  func `published workloads are read`(name: String, least: Int) throws {
    guard let path = Folders.published("llmservingsim/\(name)") else { return }
    let trace = try InMemoryTrace(reading: TraceFile(path: path))
    #expect(violations(of: trace).isEmpty)
    #expect(trace.groups.first?.count ?? 0 >= least)
  }
}
