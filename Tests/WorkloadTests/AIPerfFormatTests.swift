import Testing
import Workload

@Suite struct `AIPerf format` {
  @Test func `a session's delay counts from the turn before`() throws {
    let trace = try read(TraceFormat.aiperf.example)
    let group = try #require(trace.groups.first)
    #expect(violations(of: trace).isEmpty)
    #expect(group.arrival == [0, 250_000_000, 1_500_000_000])
    #expect(group.session == [0, 1, 0])
    #expect(edges(of: trace) == [2: [after(0, 1_500_000_000)]])
    #expect(trace.names.blockTokens == 0)
  }

  @Test func `lines without sessions need no hash ids`() throws {
    let group = try rows(#"{"timestamp": 4, "input_length": 9, "output_length": 1}"#, as: .aiperf)
    #expect(group.promptTokens == [9] && group.session.isEmpty && group.prefixNode.isEmpty)
  }

  @Test func `a file without time stamps needs a rate, at which its sessions start`() throws {
    let text = """
      {"session_id": "a", "delay": 0, "input_length": 9, "output_length": 1}
      {"session_id": "a", "delay": 1.5, "input_length": 19, "output_length": 2}
      {"input_length": 8, "output_length": 3}
      {"session_id": "b", "input_length": 7, "output_length": 4}
      """
    let error = try failure(text, as: .aiperf)
    #expect(error?.problem.contains("--sessions-per-second") == true)
    let group = try #require(
      try readCounting(text, failures: nil, sessionsPerSecond: 10).trace.groups.first
    )
    #expect(group.arrival == [0, 1_500_000, 100_000_000, 200_000_000])
    #expect(group.promptTokens == [9, 19, 8, 7])
    let late = #expect(throws: TraceError.self) {
      try readCounting(
        text + #"\#n{"session_id": "c", "timestamp": 7, "input_length": 7, "output_length": 4}"#,
        failures: nil,
        sessionsPerSecond: 10
      )
    }
    #expect(late?.line == 5)
    #expect(late?.problem.contains("timestamp is not on the first line") == true)
  }

  @Test func `text in place of lengths is an error`() throws {
    let error = try failure(
      #"{"timestamp": 1, "session_id": "a", "text_input": "hello"}"#,
      as: .aiperf
    )
    #expect(error?.column == 51)
    #expect(error?.problem.contains("tokenizer") == true)
  }
}
