import Workload

/// When sessions start, in whole microseconds since the first one.
struct SessionStarts {
  private var process: StartProcess
  private var clock: WeekClock
  /// When the first session starts on the process's own clock, at which the trace begins.
  private let origin: Double

  init(_ plan: ArrivalPlan, seed: UInt64) {
    var process = StartProcess(plan, seed: seed)
    var clock = WeekClock(plan.week)
    origin = clock.time(atOperational: process.next())
    self.process = process
    self.clock = clock
  }

  /// - Returns: The start of the next session, the second one at first.
  mutating func next() throws(GenerationFault) -> Int64 {
    let seconds = clock.time(atOperational: process.next()) - origin
    guard seconds < 9e9 else {
      throw GenerationFault(
        problem: "would last more than 285 years; raise sessions_per_second"
      )
    }
    return Int64((seconds * 1e6).rounded())
  }
}

/// Turns the clock of a process of constant rate into one whose rate follows the week.
struct WeekClock {
  private let week: WeekShape?
  /// Whole hours so far, and the operational seconds in them.
  private var hours = 0
  private var operational = 0.0

  /// As long as a trace can last.
  private static let mostHours = 2_500_000

  init(_ week: WeekShape?) { self.week = week }

  /// The second at which the operational clock shows a time, which is not before the last.
  mutating func time(atOperational target: Double) -> Double {
    guard let week else { return target }
    while hours < Self.mostHours {
      let rate = week.rates[(week.startHour + hours) % week.rates.count]
      let inHour = rate * 3_600
      if rate > 0, operational + inHour > target {
        return Double(hours) * 3_600 + (target - operational) / rate
      }
      operational += inHour
      hours += 1
    }
    return .infinity
  }
}
