import Testing
import Workload

private func line(_ id: String, _ rest: String) -> String {
  #"{"request_id": "\#(id)", "input_length": 9, "output_length": 4, \#(rest)}"#
}

@Suite struct `Dynamo agentic format` {
  @Test func `version 1 waits for others, tools included, and for branches`() throws {
    let trace = try read(
      [
        line("r1", #""session_id": "s1", "timestamp": 50, "branches": ["b1", "r2"]"#),
        line(
          "r2",
          #""session_id": "s1", "wait_for": ["r1"], "delay": 20, "tool_wait_ms": 310.5, "#
            + #""tool_events": [{"tool_class": "Read", "duration_ms": 5, "status": "ok"}, "#
            + #"{"tool_class": "Bash", "started_at_unix_ms": 1, "ended_at_unix_ms": 99}]"#
        ),
        line("b1", #""session_id": "s2", "delay": 7, "prefix_reset": true"#),
        line("r3", #""session_id": "s1", "wait_for": ["r2", "b1"], "branches": []"#),
        line("x", #""timestamp": 10.5, "priority": 3"#),
        line("b2", #""session_id": "s2", "delay": 3"#),
      ].joined(separator: "\n"),
      as: .dynamoAgentic
    )
    let group = try #require(trace.groups.first)
    #expect(violations(of: trace).isEmpty)
    #expect(group.record == [4, 0, 2, 5, 1, 3])
    #expect(
      group.arrival == [0, 39_500_000, 46_500_000, 49_500_000, 370_000_000, 370_000_000]
    )
    // What waits for each other is one session, whatever its lines call it.
    #expect(group.session == [-1, 0, 0, 0, 0, 0])
    #expect(group.turn == [0, 0, 2, 4, 1, 3])
    #expect(group.gapKind == [.none, .none, .none, .none, .tool, .none])
    #expect(trace.names.tools[Int(group.tool[4])] == "Bash")
    #expect(group.priority == [3, 0, 0, 0, 0, 0])
    #expect(
      edges(of: trace) == [
        1: [after(0, 330_500_000)], 2: [after(0, 7_000_000)], 3: [after(1), after(2)],
        5: [after(2, 3_000_000)],
      ]
    )
    #expect(group.model.isEmpty && group.requestClass.isEmpty && group.prefixNode.isEmpty)
  }

  @Test func `version 2 has plays with ids of their own`() throws {
    let trace = try read(TraceFormat.dynamoAgentic.example)
    let group = try #require(trace.groups.first)
    #expect(violations(of: trace).isEmpty)
    #expect(group.record == [0, 2, 1])
    #expect(group.arrival == [0, 100_000_000, 1_231_000_000])
    #expect(group.session == [0, 1, 0])
    #expect(edges(of: trace) == [1: [after(0, 330_500_000)]])
    #expect(group.prefixNode == [0, 2, 1])
    #expect(group.prefixBlocks == [3, 1, 1])
    #expect(group.prefixes.parent == [-1, 0, -1])
    #expect(trace.names.models == ["m"] && trace.names.blockTokens == 512)
  }

  @Test func `a line can wait for a later one, by dispatch`() throws {
    let trace = try read(
      [
        line(
          "a",
          #""dependencies": [{"request_id": "b", "trigger": "dispatch", "delay_ms": 5, "#
            + #""relation": "spawn"}], "not_before_ms": 3"#
        ),
        line("b", #""not_before_ms": 1, "recorded_api_time_ms": 100"#),
      ].joined(separator: "\n")
    )
    #expect(trace.groups.first?.record == [1, 0])
    #expect(trace.groups.first?.arrival == [0, 5_000_000])
    #expect(trace.groups.first?.session == [0, 0])
    #expect(edges(of: trace) == [0: [with(1, 5_000_000)]])
  }

  @Test(arguments: [
    (line("c", #""wait_for": ["nope"]"#), 2, "waits for request 'nope', which the file does not"),
    (line("c", #""timestamp": 1, "branches": ["nope"]"#), 2, "branches to request 'nope'"),
    (line("c", #""wait_for": ["a", "a"]"#), 2, "waits for request 'a' twice"),
    (line("c", #""wait_for": ["c"]"#), 2, "waits for itself: 'c' waits for 'c'"),
    (line("a", #""timestamp": 1"#), 2, "request_id 'a' is on an earlier line"),
    (line("c", #""wait_for": []"#), 2, "give it a timestamp"),
    (line("c", #""delay": 1"#), 2, "give it a timestamp"),
    (line("c", #""dependencies": [{"request_id": "a", "trigger": "end"}]"#), 2, "completion, disp"),
    (line("c", #""dependencies": [{"request_id": "a"}]"#), 2, "trigger is missing"),
    (line("c", #""hash_ids": [1, 2], "timestamp": 1"#), 2, "has 1 blocks of 512"),
    (line("c", #""prefix_reset": 1, "timestamp": 1"#), 2, "expected true or false"),
    (line("c", #""wait_for": "a""#), 2, "wait_for is '\"a\"'; expected a list"),
    (line("c", #""tool_wait": 1"#), 2, "did you mean 'tool_wait_ms'?"),
    (line("c", #""wait_for": ["a"], "delay": 9223372036854"#), 2, "292 years"),
    (#"{"request_id": "c", "input_length": 1}"#, 2, "output_length is missing"),
    (#"{"input_length": 1, "output_length": 1}"#, 2, "request_id is missing"),
  ])
  func `a bad line is an error of its line`(text: String, number: Int, problem: String) throws {
    let error = try failure(line("a", #""timestamp": 2000000"#) + "\n" + text, as: .dynamoAgentic)
    #expect(error?.line == number)
    #expect(error?.problem.contains(problem) == true, "\(error?.problem ?? "no error")")
  }

  @Test func `requests that wait in a circle are named`() throws {
    let text = [
      line("a", #""timestamp": 1"#), line("b", #""wait_for": ["a", "d"]"#),
      line("c", #""wait_for": ["b"]"#), line("d", #""wait_for": ["c"]"#),
      line("e", #""wait_for": ["d"]"#),
    ].joined(separator: "\n")
    let error = try failure(text, as: .dynamoAgentic)
    #expect(error?.line == 2)
    #expect(error?.problem.contains("'b' waits for 'd' waits for 'c' waits for 'b'") == true)
  }

  @Test(arguments: [
    (
      #"{"schema": "dynamo.x", "version": 2, "block_size": 1, "hash_id_scope": "local"}"#,
      "dynamo.x"
    ),
    (#"{"schema": "dynamo.agentic_mooncake", "version": 3}"#, "version is not 2"),
    (#"{"schema": "dynamo.agentic_mooncake", "version": 2}"#, "block_size is missing"),
    (#"{"schema": "dynamo.agentic_mooncake", "hash_id_scope": "file"}"#, "local or global"),
  ])
  func `a bad header is an error of the first line`(header: String, text: String) throws {
    let error = try failure(header, as: .dynamoAgentic)
    #expect(error?.line == 1)
    #expect(error?.problem.contains(text) == true, "\(error?.problem ?? "no error")")
  }

  @Test func `a Mooncake trace that turns out to be of agents says so`() throws {
    let error = try failure(
      #"{"timestamp": 1, "input_length": 9, "output_length": 1, "hash_ids": [0], "wait_for": []}"#,
      as: .mooncake
    )
    #expect(error?.problem.contains("--format dynamo-agentic") == true)
  }
}
