import Workload

/// How likely blocks are used again, by class of request: times between uses, taken to be
/// exponential with the mean of those seen so far.
struct ReuseTimes: Sendable {
  private struct Times {
    let requestClass: UInt16
    var sum: Int128 = 0
    var count: Int128 = 0
  }

  /// From now, in nanoseconds; also the mean before the first time is seen.
  private let lifespan: SimTime
  /// In the order in which classes were first asked for.
  private var classes: [Times] = []

  init(lifespan: SimTime) { self.lifespan = lifespan }

  /// A class's number among those seen, from 0.
  mutating func number(of requestClass: UInt16) -> Int {
    if let known = classes.firstIndex(where: { $0.requestClass == requestClass }) { return known }
    classes.append(Times(requestClass: requestClass))
    return classes.count - 1
  }

  /// Something of a class, by its number, was used again after a time.
  mutating func add(_ time: SimTime, to number: Int) {
    classes[number].sum += Int128(time)
    classes[number].count += 1
  }

  /// How likely what was last used so long ago is used again within the lifespan.
  func probability(_ number: Int, age: SimTime) -> Double {
    let times = classes[number]
    let mean =
      times.count > 0 ? max(1, Double(times.sum) / Double(times.count)) : Double(max(1, lifespan))
    let (age, lifespan) = (Double(age), Double(lifespan))
    return DeterministicMath.exp(-age / mean) - DeterministicMath.exp(-(age + lifespan) / mean)
  }
}
