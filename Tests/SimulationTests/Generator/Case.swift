import Hardware
import Simulation
import Workload

/// One small random run with as many exact ties as its size allows, made from a seed.
struct Case: Sendable, CustomStringConvertible {
  let seed: UInt64
  var rows: RowGroup
  /// Tokens per block of the rows' prefixes; 0 without prefixes.
  var blockTokens = 0
  var fleet: Fleet
  var policies: PolicySet
  var options: RunOptions

  var description: String {
    let pools = fleet.pools.map { "\($0.count) \($0.name)" }.joined(separator: " + ")
    let (choice, overlap) = (fleet.handoff.decodeAt, fleet.handoff.overlap)
    let handoff = fleet.isMonolithic ? "" : ", \(overlap) \(fleet.handoff.direction) from \(choice)"
    return "case \(seed): \(rows.count) requests, \(options.loop) loop, \(pools), "
      + "first token \(fleet.firstToken)\(handoff), view lag \(options.viewLag)"
  }

  /// Whether a run needs the trace in memory.
  var needsMemory: Bool {
    options.loop == .closed || (!rows.session.isEmpty && options.rateScale != 1)
  }

  /// The case of a seed, with policies that the caller draws from the same stream.
  static func make(seed: UInt64, policies: (inout SplitMix64) -> PolicySet) -> Case {
    // Neighbouring seeds of the generator give shifted streams, mixed ones do not.
    var random = SplitMix64(seed: SplitMix64.mix(seed))
    let fleet = CaseFleet.draw(using: &random)
    var rows = CaseTrace.draw(using: &random)
    // Most of the cases have prefixes.
    let blockTokens = random.isOne(in: 3) ? 0 : CasePrefixes.add(to: &rows, using: &random)
    let options = draw(rows: rows, using: &random)
    var test = Case(
      seed: seed,
      rows: rows,
      blockTokens: blockTokens,
      fleet: fleet,
      policies: policies(&random),
      options: options
    )
    if blockTokens > 0 { CaseCaches.draw(for: &test, using: &random) }
    return test
  }

  /// The trace in memory.
  var trace: InMemoryTrace {
    var names = TraceNames()
    names.blockTokens = blockTokens
    names.tools = ["shell", "search"]
    return InMemoryTrace(name: "case", names: names, groups: [rows])
  }

  private static func draw(rows: RowGroup, using random: inout SplitMix64) -> RunOptions {
    var options = RunOptions()
    options.seed = random.next()
    options.rateScale = random.pick(1, 1, 1, 1, 2, 0.5)
    // Without edges both loops are the same, which a few cases show.
    let isClosed = rows.edges.isEmpty ? random.isOne(in: 12) : !random.isOne(in: 4)
    options.loop = isClosed ? .closed : .open
    // From fresher than most steps to staler than most requests live.
    if random.isOne(in: 4) { options.viewLag = random.pick(10, 50, 100, 333, 1_000, 4_000) }
    if random.isOne(in: 5) {
      options.limit = Int64.random(in: 1...Int64(rows.count), using: &random)
    }
    if random.isOne(in: 2), let last = rows.arrival.last {
      // The last arrivals are cut off, or are still at work.
      let end = SimTime(Double(last) / options.rateScale)
      let after: SimTime = options.loop == .closed ? 3_000 : 600
      options.horizon = SimTime.random(in: end / 2...end + after, using: &random)
    }
    return options
  }
}

extension SplitMix64 {
  /// One of the choices; a repeated one is more likely.
  mutating func pick<T>(_ choices: T...) -> T {
    choices[Int.random(in: 0..<choices.count, using: &self)]
  }

  mutating func isOne(in count: Int) -> Bool { Int.random(in: 0..<count, using: &self) == 0 }
}
