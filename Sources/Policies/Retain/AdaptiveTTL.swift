public import Simulation
public import Workload

/// A session's blocks are held for the time that has paid best, by the gaps seen after the same tool.
///
/// Among the observed gaps of the tool, and 0, the τ is chosen for which
/// P(gap ≤ τ) · (time to recompute + η · mean wait of the last 100 first chunks) − share of the memory
/// held · E[min(gap, τ)] is largest, the smallest of equals. A tool that was seen less than `history`
/// times goes by the gaps of all; before those are as many, nothing is held.
///
/// Source: Continuum, Li et al. 2025, https://arxiv.org/abs/2511.02230. Departure: the paper weighs the
/// cost of holding by its own constants; here it is the share of the instance's memory times the time it
/// is held, so that both sides are seconds of the instance. The last 256 gaps of a tool count.
///
/// Parameters: `wait-weight`, η, default 1; `history`, default 8, assumed.
///
/// Example: a tool that took 1 s nine times and 600 s once, a context whose recomputation takes 3 s and
/// that fills 5 % of the memory: holding for 1 s gains 0.9 · 3 − 0.05 · 1 = 2.65 s, for 600 s
/// 3 − 0.05 · 60.9 < 0, so τ = 1 s.
public struct AdaptiveTTL: Retain {
  public static let entry = PolicyEntry.retain(
    "adaptive-ttl",
    "A session's blocks are held for the time that has paid best after the same tool.",
    parameters: [
      PolicyParameter(
        "wait-weight",
        unit: "weight",
        default: 1,
        range: 0...1e3,
        isWhole: false,
        summary: "How much the mean wait counts that a turn without its blocks has again."
      ),
      PolicyParameter(
        "history",
        unit: "gaps",
        default: 8,
        range: 1...256,
        summary: "Gaps of a tool before it goes by its own."
      ),
    ]
  ) { AdaptiveTTL(waitWeight: $0["wait-weight"], history: $0.integer("history")) }

  let waitWeight: Double
  let history: Int
  private var all = GapHistory()
  /// By tool; looked up, never walked.
  private var tools: [Int32: GapHistory] = [:]
  /// The last waits, a ring.
  private var waits = ContiguousArray<SimTime>()
  private var nextWait = 0
  private var waitSum: SimTime = 0

  public init(waitWeight: Double = 1, history: Int = 8) {
    self.waitWeight = waitWeight
    self.history = history
  }

  public mutating func observe(gap: SimTime, tool: Int32) {
    all.add(gap)
    tools[tool, default: GapHistory()].add(gap)
  }

  public mutating func observe(wait: SimTime) {
    if waits.count < 100 {
      waits.append(wait)
    } else {
      waitSum -= waits[nextWait]
      waits[nextWait] = wait
      nextWait = (nextWait + 1) % 100
    }
    waitSum += wait
  }

  public mutating func retain(_ turn: RetentionView) -> Retention {
    var gaps = tools[turn.tool] ?? GapHistory()
    if gaps.count < history { gaps = all }
    guard gaps.count >= history, turn.capacityUnits > 0 else { return .release }
    let wait = waits.isEmpty ? 0 : Double(waitSum) / Double(waits.count)
    let length = gaps.bestLength(
      gain: Double(turn.recomputeTime) + waitWeight * wait,
      cost: Double(turn.heldUnits) / Double(turn.capacityUnits)
    )
    return length > 0 ? .hold(length) : .release
  }
}

/// The last gaps that were seen, in ascending order.
struct GapHistory: Sendable {
  private static let limit = 256
  private var sorted = ContiguousArray<SimTime>()
  /// In the order in which they were seen, a ring.
  private var seen = ContiguousArray<SimTime>()
  private var next = 0

  var count: Int { sorted.count }

  mutating func add(_ gap: SimTime) {
    if seen.count < Self.limit {
      seen.append(gap)
    } else {
      sorted.remove(at: place(of: seen[next]))
      seen[next] = gap
      next = (next + 1) % Self.limit
    }
    sorted.insert(gap, at: place(of: gap))
  }

  /// Where a gap is, or would be.
  private func place(of gap: SimTime) -> Int {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < gap { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The τ, 0 or a gap, for which P(gap ≤ τ) · gain − cost · E[min(gap, τ)] is largest.
  func bestLength(gain: Double, cost: Double) -> SimTime {
    let total = Double(sorted.count)
    var best: SimTime = 0
    var bestValue = 0.0
    var sum = 0.0
    for (index, gap) in sorted.enumerated() {
      sum += Double(gap)
      let longer = total - Double(index + 1)
      let value = Double(index + 1) / total * gain - cost * (sum + longer * Double(gap)) / total
      if value > bestValue { (best, bestValue) = (gap, value) }
    }
    return best
  }
}
