import Testing
import Workload

@Suite struct `Weka sessions` {
  /// A session of these requests.
  private static func session(_ requests: String...) -> String {
    #"{"id": "a", "block_size": 64, "hash_id_scope": "local", "requests": ["#
      + requests.joined(separator: ",\n") + "]}\n"
  }

  private static func request(_ t: String, out: Int = 1, _ rest: String = "") -> String {
    #"{"t": \#(t), "type": "n", "model": "m", "in": 130, "out": \#(out), "hash_runs": [[1, 2]]\#(rest)}"#
  }

  private func read(_ text: String, _ failures: FailurePolicy? = nil) throws -> InMemoryTrace {
    try WorkloadTests.read(text, as: .weka, sessionsPerSecond: 0.001, failures: failures)
  }

  @Test func `turns wait for the one before and sub-agents fan out and join`() throws {
    let trace = try WorkloadTests.read(TraceFormat.weka.example, sessionsPerSecond: 1)
    let group = try #require(trace.groups.first)
    #expect(violations(of: trace).isEmpty)
    #expect(group.record == [0, 1, 2, 3])
    #expect(group.arrival == [0, 3_350_000_000, 10_000_000_000, 11_500_000_000])
    #expect(trace.names.models == ["opus", "haiku"])
    #expect(trace.names.classes == ["", "Explore"])
    #expect(trace.names.blockTokens == 64)
    // The sub-agent starts 3.35 s into the session, 0.25 s after the turn before has ended; the turn
    // behind it, half a second after its marker.
    #expect(edges(of: trace) == [1: [after(0, 250_000_000)], 2: [after(1, 500_000_000)]])
  }

  @Test func `a sub-agent that was not waited for starts at its marker`() throws {
    let trace = try read(
      Self.session(
        Self.request("0", #", "api_time": 2.5"#),
        #"{"t": 3, "type": "subagent", "status": "async_launched", "duration_ms": null, "requests": ["#
          + Self.request("0") + ", " + Self.request("4", #", "think_time": 1.5"#) + "]}",
        Self.request("5", #", "think_time": 2, "input_types": ["tool_result"]"#)
      )
    )
    let group = try #require(trace.groups.first)
    #expect(group.arrival == [0, 3_000_000_000, 5_000_000_000, 7_000_000_000])
    #expect(group.record == [0, 1, 3, 2])
    #expect(group.gapKind == [.none, .none, .tool, .human])
    #expect(
      edges(of: trace) == [
        1: [after(0, 500_000_000)], 2: [after(1, 1_500_000_000)], 3: [after(0, 2_000_000_000)],
      ]
    )
  }

  @Test func `a response that ends beyond all time leaves no gap`() throws {
    let trace = try read(
      Self.session(
        Self.request("9223372036", #", "api_time": 9223372036"#),
        Self.request("0")
      )
    )
    #expect(violations(of: trace).isEmpty)
    #expect(edges(of: trace) == [1: [after(0)]])
  }

  @Test func `block ids can be in any order as long as each has one place`() throws {
    func request(_ t: Int, _ ids: [Int]) -> String {
      #"{"t": \#(t), "type": "n", "model": "m", "in": \#(64 * ids.count), "out": 1, "#
        + #""hash_ids": \#(ids)}"#
    }
    let known = [request(0, [9, 3, 7, 1]), request(1, [9, 3, 5, 4, 8])]
    let trace = try read(Self.session(known[0], known[1], request(2, [9, 3, 5, 4, 8, 2, 6, 0])))
    let group = try #require(trace.groups.first)
    #expect(violations(of: trace).isEmpty)
    #expect(group.prefixes.blocks == [4, 3, 3])
    #expect(group.prefixes.offset == [0, 2, 3])
    // 6 has its place behind 2, 4 behind 5, and 9 in front of all.
    for ids in [[9, 3, 6], [2, 4], [10, 9, 11], [12, 11, 12]] {
      let text = Self.session(
        known[0],
        known[1],
        request(2, [9, 3, 5, 4, 8, 2, 6, 0]),
        request(3, ids)
      )
      let error = try failure(text, sessionsPerSecond: 1)
      #expect(error?.problem.contains("stands elsewhere") == true, "\(ids)")
    }
  }

  @Test func `a turn waits for all sub-agents that it was held up by`() throws {
    let agent = #"{"t": 9, "type": "subagent", "duration_ms": 7000, "requests": ["#
    let trace = try read(
      Self.session(
        Self.request("0", #", "api_time": 2"#),
        agent + Self.request("0") + "]}",
        agent + Self.request("0.5") + "]}",
        Self.request("10", #", "think_time": 8"#)
      )
    )
    #expect(
      edges(of: trace) == [
        1: [after(0)], 2: [after(0)], 3: [after(1, 1_000_000_000), after(2, 1_000_000_000)],
      ]
    )
    #expect(trace.groups.first?.session == [0, 0, 0, 0])
    #expect(trace.groups.first?.turn == [0, 1, 2, 3])
  }

  @Test func `requests that failed are an error, kept with a token or left out of the chain`()
    throws
  {
    let text = Self.session(
      Self.request("0"),
      Self.request("5", out: 0, #", "think_time": 1.25"#),
      Self.request("9", #", "think_time": 2"#)
    )
    let error = try failure(text, sessionsPerSecond: 1)
    #expect(error?.line == 2)
    #expect(error?.problem.contains("--failures") == true)
    let kept = try read(text, .keep)
    #expect(kept.groups.first?.outputTokens == [1, 1, 1])
    #expect(edges(of: kept) == [1: [after(0, 1_250_000_000)], 2: [after(1, 2_000_000_000)]])
    let rest = try read(text, .drop)
    #expect(rest.groups.first?.arrival == [0, 9_000_000_000])
    #expect(edges(of: rest) == [1: [after(0, 3_250_000_000)]])
  }

  @Test func `ids mean the same blocks within a session and none across`() throws {
    let trace = try read(
      Self.session(Self.request("0"), Self.request("1")) + Self.session(Self.request("0"))
    )
    let group = try #require(trace.groups.first)
    #expect(group.prefixNode == [0, 0, 1])
    #expect(group.prefixBlocks == [2, 2, 2])
    #expect(group.session == [0, 0, 1])
    #expect(group.arrival == [0, 1_000_000_000, 1_000_000_000_000])
  }

  @Test func `runs branch where their ids do`() throws {
    func request(_ runs: String, _ blocks: Int) -> String {
      #"{"t": 0, "type": "n", "in": \#(64 * blocks), "out": 1, "hash_runs": \#(runs)}"#
    }
    let trace = try read(
      Self.session(
        request("[[1, 5]]", 5),
        request("[[1, 3], [10, 2]]", 5),
        request("[[1, 3], [10, 1], [20, 1]]", 5),
        request("[[1, 2]]", 2),
        request("[[1, 5], [6, 1]]", 6)
      )
    )
    let group = try #require(trace.groups.first)
    #expect(group.prefixNode == [0, 1, 2, 0, 3])
    #expect(group.prefixBlocks == [5, 2, 1, 2, 1])
    #expect(group.prefixes.parent == [-1, 0, 1, 0])
    #expect(group.prefixes.offset == [0, 3, 1, 5])
    let error = try failure(
      Self.session(request("[[1, 5]]", 5), request("[[2, 1]]", 1)),
      sessionsPerSecond: 1
    )
    #expect(error?.line == 2)
    #expect(error?.problem.contains("block id 2 stands elsewhere") == true)
  }

  private func failure(_ text: String, sessionsPerSecond: Double?) throws -> TraceError? {
    do {
      _ = try WorkloadTests.read(text, as: .weka, sessionsPerSecond: sessionsPerSecond)
      return nil
    } catch let error as TraceError {
      return error
    }
  }

  @Test func `a rate is needed and named`() throws {
    let error = try failure(TraceFormat.weka.example, sessionsPerSecond: nil)
    #expect(error?.problem.contains("--sessions-per-second") == true)
  }

  @Test(arguments: [
    (#"{"block_size": 64}"#, 1, 19, "requests is missing"),
    (#"{"requests": []}"#, 1, 17, "block_size is missing"),
    ("{\"block_size\": 64,\n \"requests\": 5}", 2, 14, "requests is '5'; expected a list"),
    ("{\"requests\": 5,\n \"block_size\": 64}", 1, 14, "not an array"),
    (#"{"block_size": 64, "hash_id_scope": "global", "requests": []}"#, 1, 38, "'global'"),
    (#"{"block_size": 64, "hash_ids_scope": 1, "requests": []}"#, 1, 21, "'hash_id_scope'"),
    (#"{"block_size": 0, "requests": []}"#, 1, 16, "'0'"),
    ("{\"block_size\": 64, \"requests\": [\n {\"t\": -1}]}", 2, 8, "t is '-1'"),
    ("{\"block_size\": 64, \"requests\": [{\n \"t\": 1, \"typ\": 1}]}", 2, 11, "'type'"),
    ("{\"block_size\": 64, \"requests\": [{\n \"t\": 1, \"type\": \"x\"}]}", 2, 19, "'x'"),
    (#"{"block_size": 64, "requests": [{"t": 1, "type": "n", "in": 1}]}"#, 1, 63, "out is missing"),
    (
      #"{"block_size": 64, "requests": [{"t": 1, "type": "n", "in": 64, "out": 1, "hash_ids": []}]}"#,
      1, 87, "64 tokens fill 1 blocks of 64"
    ),
    (
      #"{"block_size": 64, "requests": [{"t": 1, "type": "n", "in": 64, "out": 1, "hash_runs": [[1, 0]]}]}"#,
      1, 93, "length of a run"
    ),
    (
      #"{"block_size": 64, "requests": [{"t": 1, "type": "subagent"}]}"#, 1, 61,
      "requests is missing"
    ),
    ("{\"block_size\": 64, \"requests\": []} x", 1, 36, "found 'x'"),
    ("{\"block_size\": 64, \"requests\": [", 1, 33, "found the end"),
  ])
  func `what is wrong is named with its line and column`(
    text: String,
    line: Int,
    column: Int,
    problem: String
  ) throws {
    let error = try failure(text, sessionsPerSecond: 1)
    #expect(error?.line == line)
    #expect(error?.column == column, "\(error?.description ?? "no error")")
    #expect(error?.problem.contains(problem) == true, "\(error?.problem ?? "no error")")
  }

  @Test func `the published sessions have their blocks and hits`() throws {
    guard let path = Folders.published("weka-agentic/weka_sessions_rle.jsonl.zst") else { return }
    let trace = try InMemoryTrace(
      reading: TraceFile(path: path, sessionsPerSecond: 0.01, failures: .keep)
    )
    #expect(trace.groups.reduce(0) { $0 + $1.count } == 23_572)
    #expect(trace.groups.flatMap(\.session).max() == 353)
    var hits = PrefixHits()
    for group in trace.groups { hits.add(group) }
    #expect(hits.references == 41_968_856)
    let share = Double(hits.references - hits.distinct) / Double(hits.references)
    #expect((share * 10_000).rounded() == 9_614)
    let rest = try InMemoryTrace(
      reading: TraceFile(path: path, sessionsPerSecond: 0.01, failures: .drop)
    )
    #expect(rest.groups.reduce(0) { $0 + $1.count } == 23_572 - 14)
    _ = try SessionGraph(trace)
    _ = try SessionGraph(rest)
  }

  @Test func `a session as published is that of the file of run lengths`() throws {
    guard let raw = Folders.published("weka-agentic/raw/trace_0291.json.zst") else { return }
    let trace = try InMemoryTrace(reading: TraceFile(path: raw, sessionsPerSecond: 1))
    let group = try #require(trace.groups.first)
    #expect(violations(of: trace).isEmpty)
    #expect(group.session.allSatisfy { $0 == 0 })
    #expect(trace.names.models.first == "claude-opus-4-5-20251101")
    guard let all = Folders.published("weka-agentic/weka_sessions_rle.jsonl.zst") else { return }
    let whole = try InMemoryTrace(
      reading: TraceFile(path: all, sessionsPerSecond: 0.000_001, failures: .keep)
    )
    // Sessions are a million seconds apart, so that rows of each stand together.
    var prompts: [Int32: ContiguousArray<Int32>] = [:]
    for group in whole.groups {
      for row in 0..<group.count {
        prompts[group.session[row], default: []].append(group.promptTokens[row])
      }
    }
    #expect(prompts.values.contains(group.promptTokens))
  }
}

/// Blocks that prompts refer to, and distinct ones.
private struct PrefixHits {
  var references = 0
  var distinct = 0
  private var blocks: [Int32: (start: Int, own: Int)] = [:]

  mutating func add(_ group: RowGroup) {
    for (index, id) in group.prefixes.id.enumerated() where blocks[id] == nil {
      let parent = group.prefixes.parent[index]
      let before = parent < 0 ? 0 : (blocks[parent]?.start ?? 0) + Int(group.prefixes.offset[index])
      blocks[id] = (before, Int(group.prefixes.blocks[index]))
      distinct += Int(group.prefixes.blocks[index])
    }
    for (node, count) in zip(group.prefixNode, group.prefixBlocks) where node >= 0 {
      references += (blocks[node]?.start ?? 0) + Int(count)
    }
  }
}
