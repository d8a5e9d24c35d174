import Testing
import Workload

/// The end of a request, 1.79e12 ms being time 0.
private func request(
  _ trajectory: String?,
  received: Int?,
  end: Int,
  parent: String? = nil,
  _ replay: String = #""replay": {"input_length": 9}"#,
  output: Int = 5
) -> String {
  let start = received.map { #""request_received_ms": \#(1_790_000_000_000 + $0), "# } ?? ""
  return #"{"schema": "dynamo.agent.trace.v1", "event_type": "request_end", "#
    + #""event_time_unix_ms": \#(1_790_000_000_000 + end), \#(context(trajectory, parent))"#
    + #""request": {\#(start)"output_tokens": \#(output), \#(replay)}}"#
}

private func tool(_ trajectory: String, _ name: String, from start: Int, to end: Int) -> String {
  #"{"timestamp": 7, "event": {"schema": "dynamo.request.trace.v1", "event_type": "tool_end", "#
    + #""event_time_unix_ms": \#(1_790_000_000_000 + end), \#(context(trajectory, nil))"#
    + #""tool": {"tool_class": "\#(name)", "started_at_unix_ms": \#(1_790_000_000_000 + start), "#
    + #""ended_at_unix_ms": \#(1_790_000_000_000 + end), "duration_ms": null}}}"#
}

private func context(_ trajectory: String?, _ parent: String?) -> String {
  guard let trajectory else { return "" }
  let above = parent.map { #", "parent_trajectory_id": "\#($0)""# } ?? ""
  return #""agent_context": {"session_id": "s", "trajectory_id": "\#(trajectory)"\#(above)}, "#
}

@Suite struct `Dynamo agent format` {
  @Test func `requests follow in their trajectory, spawn others and join them`() throws {
    let trace = try read(
      [
        request("a", received: 0, end: 100),
        request(nil, received: 20, end: 120),
        request("b", received: 110, end: 300, parent: "a"),
        tool("a", "Read", from: 110, to: 150),
        tool("a", "Task", from: 105, to: 480),
        request("b", received: 350, end: 470, parent: "a"),
        request("c", received: 340, end: 900, parent: "a"),
        request("a", received: 500, end: 600),
        request("a", received: nil, end: 1_000),
        tool("a", "Bash", from: 1_100, to: 1_250),
        request("a", received: nil, end: 2_000),
        request("a", received: 1_500, end: 3_000),
      ].joined(separator: "\n")
    )
    let group = try #require(trace.groups.first)
    #expect(violations(of: trace).isEmpty)
    #expect(group.record == [0, 1, 2, 4, 3, 5, 6, 7, 8])
    #expect(
      Array(group.arrival)
        == [0, 20, 110, 340, 350, 500, 600, 1_250, 1_500].map { SimTime($0 * 1_000_000) }
    )
    let milliseconds: SimTime = 1_000_000
    #expect(
      edges(of: trace) == [
        2: [after(0, 10 * milliseconds)], 3: [after(2, 50 * milliseconds)],
        4: [after(0, 240 * milliseconds)],
        5: [after(0, 400 * milliseconds), after(3, 30 * milliseconds)], 6: [after(5)],
        7: [after(6, 250 * milliseconds)], 8: [with(7, 250 * milliseconds)],
      ]
    )
    #expect(group.session == [0, -1, 0, 0, 0, 0, 0, 0, 0])
    #expect(
      group.gapKind.map { $0 == .tool } == [
        false, false, false, false, false, true, false, true, false,
      ]
    )
    #expect(trace.names.tools[Int(group.tool[5])] == "Task")
    #expect(trace.names.tools[Int(group.tool[7])] == "Bash")
  }

  @Test func `hashes of 64 bits are one trie, in full or partial blocks`() throws {
    let trace = try read(TraceFormat.dynamoAgent.example)
    let group = try #require(trace.groups.first)
    #expect(trace.names.blockTokens == 64)
    #expect(group.prefixNode == [0, 1])
    #expect(group.prefixBlocks == [2, 1])
    #expect(group.arrival == [0, 1_500_000_000])
    #expect(edges(of: trace) == [1: [after(0, 500_000_000)]])
  }

  @Test func `failed requests are kept or left out`() throws {
    let text = [
      request("a", received: 0, end: 10), request("a", received: 20, end: 30, output: 0),
      request("a", received: 50, end: 60),
    ].joined(separator: "\n")
    #expect(try failure(text, as: .dynamoAgent)?.line == 2)
    let dropped = try readCounting(text, failures: .drop)
    #expect(dropped.failures == FailureCount(dropped: 1))
    #expect(edges(of: dropped.trace) == [1: [after(0, 40_000_000)]])
  }

  @Test(arguments: [
    (request("a", received: 0, end: 1, #""x": 1"#), "lacks output_tokens or its replay's"),
    (
      request(
        "a",
        received: 0,
        end: 1,
        #""replay": {"input_length": 9, "input_sequence_hashes": [1]}"#
      ), "trace_block_size is 0"
    ),
    (
      request(
        "a",
        received: 0,
        end: 1,
        #""replay": {"input_length": 9, "trace_block_size": 4, "input_sequence_hashes": [1]}"#
      ), "has 3 blocks of 4"
    ),
    (
      request(
        "a",
        received: 0,
        end: 1,
        #""replay": {"input_length": 4, "input_sequence_hashes": [18446744073709551616]}"#
      ), "to 18446744073709551615"
    ),
    (#"{"schema": "dynamo.agent.trace.v2"}"#, "expected dynamo.agent.trace.v1"),
    (#"{"schema": "dynamo.agent.trace.v1"}"#, "event_type is missing"),
    (#"{"event": {"event": {}}}"#, "stands in an event"),
    (
      #"{"schema": "dynamo.agent.trace.v1", "event_type": "end", "event_time_unix_ms": 1}"#,
      "expected request_end"
    ),
    (
      request("a", received: 0, end: 1).replacing(
        #""session_id": "s""#,
        with: #""session_id": "t""#
      ),
      "of another session"
    ),
  ])
  func `a bad line is an error of its line`(line: String, text: String) throws {
    let error = try failure(
      request("a", received: 0, end: 10) + "\n" + line,
      as: .dynamoAgent
    )
    #expect(error?.line == 2)
    #expect(error?.problem.contains(text) == true, "\(error?.problem ?? "no error")")
  }
}
