/// What traces are compared by.
public enum TraceStatistic: String, CaseIterable, Sendable {
  /// Tokens of whole prompts.
  case promptTokens = "prompt_tokens"
  /// Generated tokens.
  case outputTokens = "output_tokens"
  /// The prompt of a session's first request, in tokens.
  case startTokens = "start_tokens"
  /// By how much a prompt is longer than the longest of those that it waits for, or where the trace
  /// has no edges, than the one before in its session; in tokens, of those that are longer. Prompts
  /// whose prefixes share not even their first node are of different agents and left out.
  case growthTokens = "growth_tokens"
  /// Those of no session are left out.
  case requestsPerSession = "requests_per_session"
  /// Prompts of a session that are more than 30 % shorter than one of above 30,000 tokens that came
  /// before: so much takes a compaction, and nothing else.
  case compactionsPerSession = "compactions_per_session"
  /// Delays of the edges of requests that a person or a tool has started, the longest of several.
  case humanGap = "human_gap"
  /// As `humanGap`, of requests behind a tool.
  case toolGap = "tool_gap"
  /// From the first arrival of a session to its last, of sessions with several requests.
  case sessionLength = "session_length"
  /// Between the arrivals of neighbouring requests.
  case interArrival = "inter_arrival"
  /// The share of a prompt's blocks that an earlier prompt of its session had, in millionths.
  case sessionHits = "session_hits"

  /// What values of statistics count.
  public enum Unit: String, Sendable {
    case tokens, requests, compactions, nanoseconds, millionths
  }

  /// What the values are in.
  public var unit: Unit {
    switch self {
    case .promptTokens, .outputTokens, .startTokens, .growthTokens: .tokens
    case .requestsPerSession: .requests
    case .compactionsPerSession: .compactions
    case .humanGap, .toolGap, .sessionLength, .interArrival: .nanoseconds
    case .sessionHits: .millionths
    }
  }
}

/// Whole numbers with how often each was counted: all that a distribution function needs.
public struct ValueCounts: Sendable, Equatable {
  /// Ascending, each once.
  public private(set) var values = ContiguousArray<Int64>()
  /// How many are at most the value at the same place.
  public private(set) var ranks = ContiguousArray<Int64>()
  private var sum: Int128 = 0

  /// Counts numbers in any order.
  public init(_ numbers: some Sequence<Int64>) {
    var tally = ValueTally()
    for number in numbers { tally.add(number) }
    self.init(tally)
  }

  init(_ tally: ValueTally) {
    var rank: Int64 = 0
    for (value, count) in tally.counts.sorted(by: { $0.key < $1.key }) {
      rank += count
      sum += Int128(value) * Int128(count)
      values.append(value)
      ranks.append(rank)
    }
  }

  /// How many numbers were counted.
  public var count: Int64 { ranks.last ?? 0 }

  /// 0 where nothing was counted.
  public var mean: Double { count > 0 ? Double(sum) / Double(count) : 0 }

  /// The quantile of a share from 0 to 1, interpolated as `Distribution` does; 0 where nothing was
  /// counted.
  public func quantile(_ share: Double) -> Double {
    guard count > 0 else { return 0 }
    let place = Double(count - 1) * share
    let below = Int64(place.rounded(.down))
    let low = Double(value(at: below))
    let rest = place - Double(below)
    return rest > 0 ? low + (Double(value(at: below + 1)) - low) * rest : low
  }

  /// The value at a place of the sorted numbers, the first having place 0.
  private func value(at place: Int64) -> Int64 {
    var (low, high) = (0, ranks.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if ranks[middle] <= place { low = middle + 1 } else { high = middle }
    }
    return values[low]
  }

  /// The two-sample Kolmogorov-Smirnov distance: the largest difference between the two
  /// distribution functions, from 0 to 1; nil where one of them has no values.
  public func distance(to other: ValueCounts) -> Double? {
    guard count > 0, other.count > 0 else { return nil }
    var (mine, theirs) = (0, 0)
    var largest = 0.0
    while mine < values.count || theirs < other.values.count {
      let next = min(
        mine < values.count ? values[mine] : .max,
        theirs < other.values.count ? other.values[theirs] : .max
      )
      if mine < values.count, values[mine] == next { mine += 1 }
      if theirs < other.values.count, other.values[theirs] == next { theirs += 1 }
      let first = mine > 0 ? Double(ranks[mine - 1]) / Double(count) : 0
      let second = theirs > 0 ? Double(other.ranks[theirs - 1]) / Double(other.count) : 0
      largest = max(largest, (first - second).magnitude)
    }
    return largest
  }
}

/// Counts of values while they come.
struct ValueTally {
  private(set) var counts: [Int64: Int64] = [:]

  mutating func add(_ value: Int64, _ count: Int64 = 1) { counts[value, default: 0] += count }
}
