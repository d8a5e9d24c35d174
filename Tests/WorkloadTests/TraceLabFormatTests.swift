import Foundation
import Testing
import Workload

private let header =
  "session_id,arrival_time,round_idx,prefix_len,input_len,output_len,tool_wait_after_ms"

@Suite struct `TraceLab replay files` {
  @Test func `prompts are prefix and new tokens, and rounds wait for tools`() throws {
    guard let path = Folders.published("tracelab/multi_session_example.csv") else { return }
    let trace = try InMemoryTrace(reading: TraceFile(path: path))
    let group = try #require(trace.groups.first)
    #expect(violations(of: trace).isEmpty)
    // Of two rows that arrive at 200 ms the earlier line comes first.
    #expect(group.record.elementsEqual(0..<8))
    #expect(
      Array(group.arrival)
        == [0, 100, 200, 200, 280, 500, 550, 600].map { SimTime($0 * 1_000_000) }
    )
    #expect(group.promptTokens == [512, 704, 896, 400, 548, 600, 784, 864])
    #expect(group.session == [0, 0, 0, 1, 1, 2, 2, 2])
    #expect(group.turn == [0, 1, 2, 0, 1, 0, 1, 2])
    #expect(group.gapKind == [.none, .tool, .tool, .none, .tool, .none, .tool, .tool])
    #expect(
      edges(of: trace) == [
        1: [after(0, 100_000_000)], 2: [after(1, 100_000_000)], 4: [after(3, 80_000_000)],
        6: [after(5, 50_000_000)], 7: [after(6, 50_000_000)],
      ]
    )
    // 512 tokens are 8 blocks of 64; the next prompt goes on behind them with 3 of its 11.
    #expect(trace.names.blockTokens == 64)
    #expect(group.prefixBlocks == [8, 3, 3, 6, 2, 9, 3, 1])
    #expect(group.prefixes.offset == [0, 8, 3, 0, 6, 0, 9, 3])
  }

  @Test func `the larger published file reads`() throws {
    guard let path = Folders.published("tracelab/multi_session_large.csv") else { return }
    let trace = try InMemoryTrace(reading: TraceFile(path: path))
    let group = try #require(trace.groups.first)
    #expect(violations(of: trace).isEmpty)
    #expect(group.count == 303)
    #expect(Set(group.session).count == group.turn.filter { $0 == 0 }.count)
    #expect(group.edges.count == 303 - Set(group.session).count)
    #expect(group.edges.allSatisfy { $0.trigger == .completion && $0.delay > 0 })
    let fields = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
      .dropFirst()
      .map { $0.split(separator: ",").compactMap { Int($0) } }
    let prompts = fields.map { $0[3] + $0[4] }
    #expect(group.record.map { prompts[Int($0)] } == group.promptTokens.map(Int.init))
  }

  @Test func `a file without arrivals needs a rate`() throws {
    guard let path = Folders.published("tracelab/session_workload_example.csv") else { return }
    let error = #expect(throws: TraceError.self) {
      try InMemoryTrace(reading: TraceFile(path: path))
    }
    #expect(error?.problem.contains("--sessions-per-second") == true)
    let trace = try InMemoryTrace(reading: TraceFile(path: path, sessionsPerSecond: 2))
    let group = try #require(trace.groups.first)
    #expect(violations(of: trace).isEmpty)
    #expect(group.count == 11)
    #expect(group.arrival.prefix(3) == [0, 182_000_000, 210_000_000])
    // The last round goes back to the context of the fourth, which had 48,060 tokens in common with
    // the third's.
    #expect(group.promptTokens.last == 57_904)
    let last = try #require(group.prefixes.parent.last)
    let place = try #require(group.prefixes.id.firstIndex(of: last))
    #expect(group.prefixes.offset.last.map(Int.init) == 750 - start(of: place, group.prefixes))
  }

  /// Blocks in front of the node at a place.
  private func start(of place: Int, _ nodes: PrefixNodes) -> Int {
    let parent = nodes.parent[place]
    guard let above = nodes.id.firstIndex(of: parent) else { return 0 }
    return start(of: above, nodes) + Int(nodes.offset[place])
  }

  @Test func `sessions without arrivals start evenly, and columns stand in any order`() throws {
    let text =
      "id,input_len,output_len,round_idx,tool_wait_after_ms,prefix_len\n"
      + "x,10,5,0,1.5,0\ny,20,6,0,0,0\nx,30,7,4,0,15\n"
    let (trace, _) = try readCounting(text, failures: nil, sessionsPerSecond: 4)
    let group = try #require(trace.groups.first)
    #expect(group.arrival == [0, 1_500_000, 250_000_000])
    #expect(group.promptTokens == [10, 45, 20])
    #expect(trace.names.blockTokens == 0)
  }

  @Test(arguments: [
    ("0,5,0,0,1,1,0", 5, "behind round 0"), ("0,6,1,0,1,1,0", 3, "arrival_time differs"),
    ("0,5,1,0,0,1,0", 9, "sum to 0"), ("0,5,1,2147483647,1,1,0", 18, "sum to 2147483648"),
    ("0,5,1,0,1,0,0", 11, "output_len is '0'"), ("0,5,1,0,1,1,-1", 13, "expected milliseconds"),
    ("0,5,1,0,1,1,0.0000001", 13, "--round"), ("0,5,1,0,1,1", 12, "is missing"),
    ("0,5,1,0,1,1,1,1", 15, "more"), ("1,9223372036855,0,0,1,1,1", 3, "292 years"),
  ])
  func `a bad row is an error at its column`(row: String, column: Int, text: String) throws {
    let error = try failure("\(header)\n0,5,0,0,1,1,0\n\(row)\n", as: .traceLab)
    #expect(error?.line == 3)
    #expect(error?.column == column, "\(error?.problem ?? "no error")")
    #expect(error?.problem.contains(text) == true, "\(error?.problem ?? "no error")")
  }

  @Test(arguments: [
    (header + ",id", "one of the columns session_id and id"),
    ("session_id,round_idx,prefix_len,input_len,output_len", "tool_wait_after_ms is missing"),
    (header + ",x", "unknown column"),
  ])
  func `a bad header is an error`(header: String, text: String) throws {
    let error = try failure("\(header)\n", as: .traceLab)
    #expect(error?.line == 1)
    #expect(error?.problem.contains(text) == true, "\(error?.problem ?? "no error")")
  }
}

/// A round of TraceLab's dataset, as text.
private func round(
  _ session: String,
  _ index: Int,
  prefix: Int = 0,
  new: Int = 100,
  output: Int = 10,
  reasoning: String = "null",
  events: [(String, String)],
  tools: [(String, String)] = []
) -> String {
  let events = events.map { type, time in
    #"{"event_type":"\#(type)","timestamp":"2026-06-01T\#(time)Z","source":"a \"b\" c"}"#
  }
  let tools = tools.map { #"{"tool_index":0,"tool_name":"\#($0)","tool_wall_latency_ms":\#($1)}"# }
  return #"{"provider":"claude","session_id":"\#(session)","round_index":\#(index),"model":"m","#
    + #""input_tokens_total":\#(prefix + new),"prefix_tokens":\#(prefix),"#
    + #""newly_append_tokens":\#(new),"output_tokens":\#(output),"#
    + #""reasoning_output_tokens":\#(reasoning),"timing_events":[\#(events.joined(separator: ","))],"#
    + #""tools":[\#(tools.joined(separator: ","))],"store":{"a":[1,"]"]}}"#
}

@Suite struct `TraceLab rounds` {
  @Test func `the published sample has its rounds, gaps and tools`() throws {
    guard let path = Folders.published("tracelab/example_round_trace.jsonl") else { return }
    let trace = try InMemoryTrace(reading: TraceFile(path: path))
    let group = try #require(trace.groups.first)
    #expect(violations(of: trace).isEmpty)
    #expect(group.count == 19)
    // The second session of the file is the earlier one.
    #expect(
      group.record.elementsEqual([10, 11, 12, 13, 14, 15, 16, 17, 18] + (0..<10).map(Int64.init))
    )
    #expect(group.session.filter { $0 == 0 }.count == 10)
    #expect(group.arrival.prefix(2) == [0, 7_376_000_000])
    #expect(group.promptTokens.prefix(4) == [9_324, 9_917, 10_058, 10_152])
    #expect(group.reasoningTokens.prefix(4) == [199, 11, 15, 26])
    #expect(trace.names.models.sorted() == ["claude-opus-4-8", "gpt-5.4"])
    let waits = edges(of: trace)
    #expect(waits.count == 17)
    // Bash took 0.86 s and WebSearch 19.291 s, until 05:40:50.938; the last call was at 31.647.
    #expect(waits[1] == [after(0, 19_291_000_000)])
    #expect(waits[5] == [after(4, 19_913_000_000)])
    let row = try #require(group.record.firstIndex(of: 1))
    #expect(trace.names.tools[Int(group.tool[row])] == "WebSearch")
    #expect(group.gapKind[row] == .tool)
    let human = try #require(group.record.firstIndex(of: 5))
    #expect(group.gapKind[human] == .human)
    #expect(trace.names.tools[Int(group.tool[human])] == "")
    // 29,380 of the tokens were cached: 459 blocks of the 504 before; the prompt has 558.
    let nodes = group.prefixes
    let place = try #require(nodes.id.firstIndex(of: group.prefixNode[row]))
    #expect(nodes.offset[place] == 459 && nodes.blocks[place] == 99)
  }

  @Test func `rounds start with the last of what they are given`() throws {
    let trace = try read(
      [
        round(
          "a",
          0,
          events: [("user_message", "00:00:01.000"), ("text", "00:00:03.500")],
          tools: [("Read", "20"), ("Bash", "null")]
        ),
        round("b", 3, reasoning: "4", events: [("text", "00:00:00.250")]),
        round(
          "a",
          2,
          prefix: 90,
          new: 10,
          events: [
            ("tool_result", "00:00:04"), ("user_message", "00:00:05"), ("text", "00:00:06"),
            ("user_message", "00:00:07"),
          ]
        ),
        round(
          "a",
          3,
          prefix: 100,
          events: [("user_message", "00:00:06.500"), ("text", "00:00:08")]
        ),
      ].joined(separator: "\n")
    )
    let group = try #require(trace.groups.first)
    #expect(violations(of: trace).isEmpty)
    #expect(group.record == [1, 0, 2, 3])
    #expect(group.arrival == [0, 750_000_000, 4_750_000_000, 6_250_000_000])
    #expect(group.gapKind == [.none, .none, .tool, .human])
    #expect(group.tool.map { trace.names.tools[Int($0)] } == ["", "", "Read", ""])
    #expect(group.reasoningTokens == [4, 0, 0, 0])
    #expect(group.turn == [0, 0, 1, 2])
    // The last round starts before the one before has reported to its end.
    #expect(edges(of: trace) == [2: [after(0, 1_500_000_000)], 3: [after(2)]])
  }

  @Test func `failed rounds are kept or left out`() throws {
    let text = [
      round("a", 0, events: [("user_message", "00:00:01"), ("text", "00:00:02")]),
      round("a", 1, output: 0, events: [("tool_result", "00:00:03")]),
      round("a", 2, events: [("user_message", "00:00:09")]),
    ].joined(separator: "\n")
    let error = try failure(text, as: .traceLab)
    #expect(error?.line == 2)
    #expect(error?.problem.contains("--failures keep") == true)
    let kept = try readCounting(text, failures: .keep)
    #expect(kept.failures?.kept == 1)
    #expect(edges(of: kept.trace) == [1: [after(0, 1_000_000_000)], 2: [after(1, 6_000_000_000)]])
    let dropped = try readCounting(text, failures: .drop)
    #expect(dropped.failures?.dropped == 1)
    #expect(edges(of: dropped.trace) == [1: [after(0, 7_000_000_000)]])
  }

  @Test(arguments: [
    (round("a", 0, events: [("text", "00:00:09")]), "behind round 0"),
    (round("a", 1, events: [("text", "00:00:00")]), "start earlier"),
    (round("a", 1, events: []), "timing_events is empty"),
    (round("a", 1, reasoning: "11", events: [("text", "00:00:09")]), "exceeds output_tokens"),
    (round("a", 1, events: [("text", "24:00:09")]), "expected a date and time"),
    (round("a", 1, events: [("text", "00:00:09")], tools: [("x", "-1")]), "expected milliseconds"),
    (#"{"session_id": "a"}"#, "round_index is missing"), ("[]", "expected '{'"),
  ])
  func `a bad round is an error of its line`(line: String, text: String) throws {
    let first = round("a", 0, events: [("user_message", "00:00:01")])
    let error = try failure("\(first)\n\(line)", as: .traceLab)
    #expect(error?.line == 2)
    #expect(error?.problem.contains(text) == true, "\(error?.problem ?? "no error")")
  }

  @Test func `tokens have to add up`() throws {
    let line = round("a", 0, events: [("text", "00:00:01")])
    let wrong = line.replacing(#""input_tokens_total":100"#, with: #""input_tokens_total":101"#)
    #expect(try failure(wrong, as: .traceLab)?.problem.contains("sum to 100") == true)
  }
}
