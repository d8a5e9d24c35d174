import Testing
import Workload

@Suite struct `OpenTelemetry spans` {
  /// A call that used 32 and 16 tokens, from one second of a minute to another.
  private static func chat(
    _ id: String,
    _ start: String,
    _ end: String,
    in parent: String? = nil,
    trace: String = "t",
    _ more: String = ""
  ) -> String {
    span(
      id,
      start,
      end,
      in: parent,
      trace: trace,
      #""gen_ai.operation.name": "chat", "gen_ai.usage.input_tokens": 32, "#
        + #""gen_ai.usage.output_tokens": 16\#(more)"#
    )
  }

  private static func span(
    _ id: String,
    _ start: String,
    _ end: String,
    in parent: String? = nil,
    trace: String = "t",
    _ attributes: String
  ) -> String {
    #"{"trace_id": "\#(trace)", "span_id": "\#(id)", "parent_span_id": "#
      + (parent.map { "\"\($0)\"" } ?? "null")
      + #", "name": "n", "start_time": "2026-01-01T00:00:\#(start)Z", "#
      + #""end_time": "2026-01-01 00:00:\#(end)+00:00", "attributes": {\#(attributes)}}"#
  }

  private static func agent(_ id: String, _ start: String, _ end: String, in parent: String? = nil)
    -> String
  {
    span(id, start, end, in: parent, #""gen_ai.operation.name": "invoke_agent""#)
  }

  private static let second = SimTime.nanosecondsPerSecond

  @Test func `an id that two spans of a trace have is an error`() throws {
    let calls = [Self.chat("a", "00", "01"), Self.chat("a", "00", "01", trace: "u")]
    #expect(try read(calls.joined(separator: "\n")).groups.first?.count == 2)
    let again = calls + [Self.chat("a", "02", "03")]
    let error = try failure(again.joined(separator: "\n"), as: .otel)
    #expect(error?.line == 3)
    #expect(error?.problem.contains("span_id 'a' of trace 't' is on an earlier span too") == true)
  }

  @Test func `calls side by side behind others do not take all memory`() throws {
    let first = (0..<1_100).map { Self.chat("a\($0)", "00", "01") }
    let second = (0..<1_100).map { Self.chat("b\($0)", "02", "03") }
    let error = try failure((first + second).joined(separator: "\n"), as: .otel)
    #expect(error?.problem.contains("wait for more than 1048576 others") == true)
  }

  @Test func `a call waits for the last one before it, and for tools in between`() throws {
    let trace = try ExampleFile.read(.otel)
    let group = try #require(trace.groups.first)
    #expect(violations(of: trace).isEmpty)
    #expect(group.arrival == [0, 3_250_000_000])
    #expect(group.promptTokens == [70, 90])
    #expect(group.outputTokens == [5, 6])
    #expect(edges(of: trace) == [1: [after(0, 1_500_000_000)]])
    #expect(group.gapKind == [.none, .tool])
    #expect(group.tool.map { trace.names.tools[Int($0)] } == ["", "ls"])
    #expect(trace.names.models == ["m", ""])
    #expect(group.session == [0, 0])
    // Of 90 tokens 64 were cached: the first four blocks of the call before.
    #expect(group.prefixNode == [0, 1])
    #expect(group.prefixes.parent == [-1, 0])
    #expect(group.prefixes.offset == [0, 4])
    #expect(group.prefixBlocks == [4, 1])
    #expect(trace.names.blockTokens == 16)
  }

  @Test func `the epoch is the first call's start`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file(
      "a",
      [Self.chat("b", "05", "06"), Self.chat("a", "02", "03")].joined(separator: "\n").utf8
    )
    let reader = try TraceFile(path: path).makeReader()
    #expect(try reader.next()?.record == [1, 0])
    #expect(reader.epoch == "2026-01-01T00:00:02Z")
  }

  @Test func `calls fan out and in`() throws {
    let trace = try read(
      [
        Self.chat("a", "00", "02"), Self.chat("b", "02.5", "04.5"), Self.chat("c", "03", "05"),
        Self.chat("d", "06", "09"), Self.chat("e", "09.25", "10"),
      ].joined(separator: "\n")
    )
    let half = Self.second / 2
    #expect(
      edges(of: trace) == [
        1: [after(0, half)], 2: [after(0, Self.second)],
        3: [after(1, 3 * half), after(2, Self.second)], 4: [after(3, half / 2)],
      ]
    )
  }

  @Test func `agents that run side by side do not wait for each other`() throws {
    // Written children first, as exporters do.
    let trace = try read(
      "["
        + [
          Self.chat("p", "00", "01", in: "root"),
          Self.chat("x1", "02", "03", in: "x"), Self.chat("y1", "02", "04", in: "y"),
          Self.chat("x2", "05", "06", in: "x"), Self.chat("y2", "07", "08", in: "y"),
          Self.agent("x", "02", "06", in: "root"), Self.agent("y", "02", "08", in: "root"),
          Self.chat("q", "09", "10", in: "root"), Self.agent("root", "00", "10"),
        ].joined(separator: ",\n") + "]"
    )
    #expect(
      edges(of: trace) == [
        1: [after(0, Self.second)], 2: [after(0, Self.second)],
        3: [after(1, 2 * Self.second)], 4: [after(2, 3 * Self.second)],
        5: [after(4, Self.second)],
      ]
    )
  }

  @Test func `a conversation goes on in the next trace, for which a person was waited`() throws {
    let name = #", "gen_ai.conversation.id": "c""#
    let trace = try read(
      Self.chat("a", "00", "01", trace: "1", name) + Self.chat("a", "05", "06", trace: "2", name)
        + Self.chat("a", "07", "08", trace: "3")
    )
    let group = try #require(trace.groups.first)
    #expect(group.session == [0, 0, 1])
    #expect(group.turn == [0, 1, 0])
    #expect(group.gapKind == [.none, .human, .none])
    #expect(edges(of: trace) == [1: [after(0, 4 * Self.second)]])
  }

  @Test func `calls at one moment without a duration wait in the order of the file`() throws {
    let trace = try read((0..<3).map { Self.chat("\($0)", "01", "01") }.joined())
    #expect(violations(of: trace).isEmpty)
    #expect(trace.groups.first?.count == 3)
  }

  @Test func `a call that failed is left out of the chain`() throws {
    let failed = Self.chat("b", "03", "04")
    let text =
      Self.chat("a", "00", "01")
      + failed.replacing(
        "\"gen_ai.usage.output_tokens\": 16",
        with: "\"gen_ai.usage.output_tokens\": 0"
      )
      + Self.chat("c", "06", "07")
    #expect(try failure(text, as: .otel)?.problem.contains("--failures") == true)
    let trace = try read(text, failures: .drop)
    #expect(edges(of: trace) == [1: [after(0, 4 * Self.second)]])
    #expect(try read(text, failures: .keep).groups.first?.count == 3)
  }

  @Test(arguments: [
    (
      #"{"trace_id": "t", "span_id": "a7", "name": "chat m", "start_time": "2026-01-01T00:00:00Z", "#
        + #""end_time": "2026-01-01T00:00:00Z", "attributes": {"gen_ai.operation.name": "chat"}}"#,
      "span 'a7' (chat m) has no gen_ai.usage.input_tokens"
    ),
    (#"{"spans": [{"trace_id": "t"}]}"#, "span_id of a span is missing"),
    (#"{"spans": [{"span_id": "x"}]}"#, "trace_id of span 'x' is missing"),
    (#"{"trace_id": "t", "spans": [{"span_id": "x"}]}"#, "start_time or end_time of span 'x'"),
    (#"{"spans": [{"spans": []}]}"#, "in the document alone"),
    (#"{"span_id": "x", "start_time": "now"}"#, "start_time is 'now'"),
    (#"{"span_id": "x", "attributes": [{"key": "a"}]}"#, "lacks its key or value"),
    (
      #"{"span_id": "x", "attributes": [{"key": "gen_ai.tool.name", "value": {"boolValue": true}}]}"#,
      "no stringValue"
    ),
    (#"{"span_id": "x", "attributes": {"gen_ai.usage.input_tokens": -1}}"#, "'-1'"),
    (chat("a", "05", "04"), "behind its end_time"),
    (chat("a", "00", "01", #", "gen_ai.usage.cache_read.input_tokens": 33"#), "more cache_read"),
    (chat("a", "00", "01", #", "gen_ai.usage.reasoning.output_tokens": 17"#), "more reasoning"),
    (chat("a", "00", "01", in: "a"), "circle"),
    (
      agent("x", "00", "01", in: "y") + agent("y", "00", "01", in: "x")
        + chat("a", "00", "01", in: "x"), "circle"
    ),
  ])
  func `what is wrong is named`(text: String, problem: String) throws {
    let error = try failure(text, as: .otel)
    #expect(error?.problem.contains(problem) == true, "\(error?.problem ?? "no error")")
  }

  @Test func `published documents are read, or say which call lacks its tokens`() throws {
    let folder = "inference-perf-otel/test_traces"
    guard let path = Folders.published("\(folder)/advanced/prefix_sharing_example.json") else {
      return
    }
    let trace = try InMemoryTrace(reading: TraceFile(path: path))
    let group = try #require(trace.groups.first)
    #expect(group.promptTokens == [50, 45, 100, 180, 270, 380, 40])
    #expect(group.session == [0, 1, 2, 2, 2, 2, 3])
    #expect(
      edges(of: trace) == [
        3: [after(2, Self.second)], 4: [after(3, Self.second / 2)], 5: [after(4, Self.second / 5)],
      ]
    )
    guard let other = Folders.published("\(folder)/simple/simple_chain.json") else { return }
    let error = #expect(throws: TraceError.self) {
      try InMemoryTrace(reading: TraceFile(path: other))
    }
    #expect(error?.problem.contains("span 'capital_question' (chat gpt-4)") == true)
    #expect(error?.line == 6)
  }
}
