import Workload

/// What a stream of draws is for.
///
/// Streams of their own let a change of one distribution leave all other draws of a session as they
/// were.
enum DrawPurpose: UInt64 {
  case arrivals, clients, sharedPrefixes, start, choices, sizes, outputs, times
}

extension SplitMix64 {
  /// The stream of a purpose, of one agent of one session.
  init(seed: UInt64, _ purpose: DrawPurpose, session: UInt64 = 0, agent: UInt64 = 0) {
    let who = Self.mix(session &+ Self.mix(agent &* 8 &+ purpose.rawValue &+ 1))
    self.init(seed: Self.mix(seed ^ who))
  }

  /// Whether something happens that has a probability; draws nothing where it cannot.
  mutating func happens(_ probability: Double) -> Bool {
    probability > 0 && uniform() < probability
  }
}

/// Picks one of several things by their shares.
struct ShareTable {
  /// Sums of the shares up to each, the last being 1.
  private let sums: ContiguousArray<Double>

  init(_ shares: some Sequence<Double>) {
    var sum = 0.0
    var sums = ContiguousArray(
      shares.map { share in
        sum += share
        return sum
      }
    )
    if let total = sums.last { for index in sums.indices { sums[index] /= total } }
    self.sums = sums
  }

  /// Ranks whose popularity falls as rank^−exponent.
  init(ranks: Int, exponent: Double) {
    self.init((1...ranks).lazy.map { DeterministicMath.pow(Double($0), -exponent) })
  }

  /// The thing at a place of the unit interval.
  func pick(_ place: Double) -> Int {
    var low = 0
    var high = sums.count - 1
    while low < high {
      let middle = (low + high) / 2
      if sums[middle] <= place { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Draws nothing where there is no choice.
  func pick(_ random: inout SplitMix64) -> Int {
    sums.count > 1 ? pick(random.uniform()) : 0
  }
}
