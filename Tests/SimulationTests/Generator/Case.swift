import Hardware
import Simulation
import Workload

/// One small random run with as many exact ties as its size allows, made from a seed.
struct Case: Sendable, CustomStringConvertible {
  let seed: UInt64
  let rows: RowGroup
  let fleet: Fleet
  let policies: PolicySet
  let options: RunOptions

  var description: String {
    let pools = fleet.pools.map { "\($0.count) \($0.name)" }.joined(separator: " + ")
    return "case \(seed): \(rows.count) requests, \(pools), first token \(fleet.firstToken)"
  }

  /// The case of a seed, with policies that the caller draws from the same stream.
  static func make(seed: UInt64, policies: (inout SplitMix64) -> PolicySet) -> Case {
    // Neighbouring seeds of the generator give shifted streams, mixed ones do not.
    var random = SplitMix64(seed: SplitMix64.mix(seed))
    let fleet = CaseFleet.draw(using: &random)
    let rows = CaseTrace.draw(using: &random)
    let options = draw(rows: rows, using: &random)
    return Case(
      seed: seed,
      rows: rows,
      fleet: fleet,
      policies: policies(&random),
      options: options
    )
  }

  private static func draw(rows: RowGroup, using random: inout SplitMix64) -> RunOptions {
    var options = RunOptions()
    options.seed = random.next()
    options.rateScale = random.pick(1, 1, 1, 1, 2, 0.5)
    if random.isOne(in: 5) {
      options.limit = Int64.random(in: 1...Int64(rows.count), using: &random)
    }
    if random.isOne(in: 3), let last = rows.arrival.last {
      // The last arrivals are cut off, or are still at work.
      let end = SimTime(Double(last) / options.rateScale)
      options.horizon = SimTime.random(in: end / 2...end + 600, using: &random)
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
