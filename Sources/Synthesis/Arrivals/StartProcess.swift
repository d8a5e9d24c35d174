import Workload

/// A point process of constant mean rate, in seconds from its start.
struct StartProcess {
  private enum Kind {
    case renewal(Renewal)
    case modulated(Modulated)
    case clients(Clients)
  }

  private var kind: Kind

  init(_ plan: ArrivalPlan, seed: UInt64) {
    let random = SplitMix64(seed: seed, .arrivals)
    let mean = 1 / plan.sessionsPerSecond
    kind =
      switch plan.process {
      case .poisson: .renewal(Renewal(.exponential(mean: 1), mean: mean, random))
      case .gamma(let shape):
        .renewal(Renewal(.gamma(shape: shape, scale: 1 / shape), mean: mean, random))
      case .weibull(let shape):
        .renewal(
          Renewal(.weibull(shape: shape, scale: 1 / gamma(1 + 1 / shape)), mean: mean, random)
        )
      case .modulated(let states):
        .modulated(Modulated(states, rate: plan.sessionsPerSecond, random))
      case .clients(let count, let rates, let variation):
        .clients(Clients(count, rates, variation, rate: plan.sessionsPerSecond, seed: seed))
      }
  }

  /// The time of the next session.
  mutating func next() -> Double {
    switch kind {
    case .renewal(var renewal):
      defer { kind = .renewal(renewal) }
      return renewal.next()
    case .modulated(var modulated):
      defer { kind = .modulated(modulated) }
      return modulated.next()
    case .clients(var clients):
      // Its arrays would be copied while the process holds them too.
      kind = .renewal(Renewal(.constant(1), mean: 1, SplitMix64(seed: 0)))
      defer { kind = .clients(clients) }
      return clients.next()
    }
  }
}

/// Independent gaps.
private struct Renewal {
  private let gap: RandomVariable
  private let mean: Double
  private var random: SplitMix64
  private var time = 0.0

  /// The shape is of mean 1.
  init(_ shape: RandomVariable.Shape, mean: Double, _ random: SplitMix64) {
    gap = RandomVariable(shape)
    self.mean = mean
    self.random = random
  }

  mutating func next() -> Double {
    time += mean * gap.draw(&random)
    return time
  }
}

/// A Poisson process whose rate depends on a state that changes after exponential times.
private struct Modulated {
  private let states: [ArrivalPlan.State]
  /// Per unit of a state's own rate.
  private let rate: Double
  private var random: SplitMix64
  private var state = 0
  private var time = 0.0
  private var stateEnd = 0.0

  init(_ states: [ArrivalPlan.State], rate: Double, _ random: SplitMix64) {
    self.states = states
    // All states come up equally often, so that their shares of time are as their mean times.
    let weighted = states.reduce(0) { $0 + $1.rate * $1.meanSeconds }
    let seconds = states.reduce(0) { $0 + $1.meanSeconds }
    self.rate = rate * seconds / weighted
    self.random = random
    // At a moment chosen at random a long state is more likely.
    state = ShareTable(states.map(\.meanSeconds)).pick(&self.random)
    stateEnd = states[state].meanSeconds * self.random.exponential()
  }

  mutating func next() -> Double {
    // Gaps are without memory, so one that outlasts the state is drawn anew from its end on.
    while true {
      let rate = self.rate * states[state].rate
      let next = rate > 0 ? time + random.exponential() / rate : .infinity
      if next < stateEnd {
        time = next
        return next
      }
      time = stateEnd
      // Any state but this one.
      let step = 1 + Int(random.uniform() * Double(states.count - 1))
      state = (state + step) % states.count
      stateEnd = time + states[state].meanSeconds * random.exponential()
    }
  }
}

/// The sum of clients' renewal processes.
private struct Clients {
  private struct Client {
    var mean: Double
    var shape: Double
    var random: SplitMix64
  }

  private var clients = ContiguousArray<Client>()
  private var queue = TimeHeap()

  /// Ticks of the queue per second: fine enough that rounding shows nowhere.
  private static let ticks = 1e9

  init(
    _ count: Int,
    _ rates: RandomVariable,
    _ variation: RandomVariable,
    rate: Double,
    seed: UInt64
  ) {
    var total = 0.0
    for index in 0..<count {
      var random = SplitMix64(seed: seed, .clients, session: UInt64(index))
      let share = rates.draw(&random)
      let variation = variation.draw(&random)
      total += share
      clients.append(Client(mean: share, shape: 1 / (variation * variation), random: random))
    }
    for index in clients.indices {
      clients[index].mean = total / (clients[index].mean * rate)
      // A start at a random place of a gap keeps clients from starting together.
      let phase = clients[index].random.uniform()
      push(index, at: phase * gap(index))
    }
  }

  private mutating func gap(_ index: Int) -> Double {
    clients[index].mean * clients[index].random.fastGamma(shape: clients[index].shape)
  }

  private mutating func push(_ index: Int, at time: Double) {
    queue.push(TimeHeap.Entry(time: Self.tick(time), place: Int32(index)))
  }

  private static func tick(_ time: Double) -> Int64 { Int64(min(time * ticks, 9e18)) }

  mutating func next() -> Double {
    guard let first = queue.first else { return .infinity }
    let time = Double(first.time) / Self.ticks
    let next = time + gap(Int(first.place))
    queue.replaceFirst(TimeHeap.Entry(time: Self.tick(next), place: first.place))
    return time
  }
}

/// The Gamma function of a number from 1 on.
///
/// Source: Stirling's series (Abramowitz, Stegun, "Handbook of Mathematical Functions", 6.1.40),
/// behind a shift that makes its fifth term the last that counts.
func gamma(_ x: Double) -> Double {
  var (x, product) = (x, 1.0)
  while x < 15 {
    product *= x
    x += 1
  }
  let square = x * x
  let series =
    (1.0 / 12 - (1.0 / 360 - (1.0 / 1_260 - (1.0 / 1_680) / square) / square) / square) / x
  let halfLogTwoPi = 0.9189385332046727
  let logarithm = (x - 0.5) * DeterministicMath.log(x) - x + halfLogTwoPi + series
  return DeterministicMath.exp(logarithm) / product
}
