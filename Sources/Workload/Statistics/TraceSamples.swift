/// The values that traces are compared by.
///
/// Read in one pass, in memory for the distinct values, the sessions, the prefix nodes of each, and
/// of traces with edges a prompt length per request.
public struct TraceSamples: Sendable {
  /// What tables call the trace.
  public var name: String
  /// All requests, those of no session too.
  public let requests: Int64
  /// Sessions with at least one request.
  public let sessions: Int64
  /// Blocks of all prompts of sessions, and those that an earlier prompt of the session had.
  public let blocks: Int64
  public let hitBlocks: Int64
  private let counts: [TraceStatistic: ValueCounts]

  /// Reads a trace to its end.
  ///
  /// - Throws: What its reader throws.
  public init(reading trace: some Trace) throws(TraceError) {
    let reader = try trace.makeReader()
    var sums = SampleSums()
    while let group = try reader.next() { sums.add(group) }
    sums.endSessions()
    name = trace.name
    requests = sums.requests
    sessions = Int64(sums.sessions.count)
    blocks = sums.hits.blocks
    hitBlocks = sums.hits.hitBlocks
    counts = sums.tallies.mapValues { ValueCounts($0) }
  }

  /// The values of a statistic, which are none where the trace does not have it.
  public subscript(statistic: TraceStatistic) -> ValueCounts {
    counts[statistic] ?? ValueCounts([])
  }

  /// The share of all blocks of prompts that an earlier prompt of the same session had: what a cache
  /// that forgets nothing hits if sessions share none. nil without prefixes of sessions.
  public var sessionHitShare: Double? {
    blocks > 0 ? Double(hitBlocks) / Double(blocks) : nil
  }
}

private struct SampleSums {
  var tallies: [TraceStatistic: ValueTally] = [:]
  var requests: Int64 = 0
  var hits = SessionHits()
  private(set) var sessions = ContiguousArray<Session>()
  private var indices = NumberedValues<Int>()
  private var prompts = NumberedValues<Prompt>()
  private var lastArrival: SimTime?

  struct Session {
    var requests: Int64 = 0
    var compactions: Int64 = 0
    var start: SimTime
    var last: SimTime
    var lastPrompt: Prompt
  }

  struct Prompt {
    var tokens: Int32
    /// The prefix node that it starts with; nil for none.
    var root: Int32?
  }

  mutating func add(_ group: borrowing RowGroup) {
    requests += Int64(group.count)
    var prompts = ValueTally()
    var outputs = ValueTally()
    var gaps = ValueTally()
    for row in group.record.indices {
      prompts.add(Int64(group.promptTokens[row]))
      outputs.add(Int64(group.outputTokens[row]))
      if let lastArrival { gaps.add(group.arrival[row] - lastArrival) }
      lastArrival = group.arrival[row]
    }
    merge(prompts, .promptTokens)
    merge(outputs, .outputTokens)
    merge(gaps, .interArrival)
    if group.session.isEmpty { return }
    hits.define(group.prefixes)
    for row in group.record.indices where group.session[row] >= 0 { addTurn(group, row) }
    if let sample = hits.takeSamples() { merge(sample, .sessionHits) }
  }

  private mutating func merge(_ tally: ValueTally, _ statistic: TraceStatistic) {
    tallies[statistic, default: ValueTally()].add(tally)
  }

  private mutating func count(_ statistic: TraceStatistic, _ value: Int64) {
    tallies[statistic, default: ValueTally()].add(value)
  }

  private mutating func addTurn(_ group: borrowing RowGroup, _ row: Int) {
    let number = group.session[row]
    let arrival = group.arrival[row]
    let prompt = Prompt(tokens: group.promptTokens[row], root: hits.root(group, row))
    hits.add(group, row)
    let hasEdges = !group.edgeStart.isEmpty
    if hasEdges { prompts.insert(group.record[row], prompt) }
    guard let index = indices[number] else {
      indices.insert(number, sessions.count)
      sessions.append(Session(requests: 1, start: arrival, last: arrival, lastPrompt: prompt))
      count(.startTokens, Int64(prompt.tokens))
      return
    }
    let edges = hasEdges ? group.edges[edges(of: group, row)] : []
    let before =
      hasEdges
      ? edges.compactMap { prompts[$0.parentRecord] }.max { $0.tokens < $1.tokens }
      : sessions[index].lastPrompt
    if let before { addStep(index, from: before, to: prompt) }
    if let gap = edges.map(\.delay).max(), !group.gapKind.isEmpty {
      switch group.gapKind[row] {
      case .none: break
      case .human: count(.humanGap, gap)
      case .tool: count(.toolGap, gap)
      }
    }
    sessions[index].requests += 1
    sessions[index].last = max(sessions[index].last, arrival)
    sessions[index].lastPrompt = prompt
  }

  private func edges(of group: borrowing RowGroup, _ row: Int) -> Range<Int> {
    Int(group.edgeStart[row])..<Int(group.edgeStart[row + 1])
  }

  /// What starts with something else is no later prompt of the same agent.
  private mutating func addStep(_ session: Int, from before: Prompt, to prompt: Prompt) {
    guard prompt.root == before.root else { return }
    let (old, new) = (Int64(before.tokens), Int64(prompt.tokens))
    if new > old { count(.growthTokens, new - old) }
    if old > 30_000, new * 10 < old * 7 { sessions[session].compactions += 1 }
  }

  mutating func endSessions() {
    for session in sessions {
      count(.requestsPerSession, session.requests)
      count(.compactionsPerSession, session.compactions)
      if session.requests > 1 { count(.sessionLength, session.last - session.start) }
    }
  }
}

extension ValueTally {
  fileprivate mutating func add(_ other: ValueTally) {
    if counts.isEmpty {
      self = other
    } else {
      for (value, count) in other.counts { add(value, count) }
    }
  }
}
