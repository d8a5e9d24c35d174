import Foundation
import Testing
import Workload

@testable import Synthesis

@Suite struct `Session starts` {
  private func starts(_ plan: ArrivalPlan, count: Int, seed: UInt64 = 9) throws -> [Double] {
    var starts = SessionStarts(plan, seed: seed)
    return try [0] + (1..<count).map { _ in Double(try starts.next()) / 1e6 }
  }

  private func variation(_ times: [Double]) -> Double {
    let gaps = zip(times.dropFirst(), times).map { $0 - $1 }
    let mean = gaps.reduce(0, +) / Double(gaps.count)
    let variance = gaps.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(gaps.count)
    return variance.squareRoot() / mean
  }

  @Test(
    arguments: [
      (ArrivalPlan.Process.poisson, 1.0), (.gamma(shape: 0.25), 2), (.gamma(shape: 4), 0.5),
      (.weibull(shape: 2), 0.5227),
    ]
  )
  func `renewal processes have the rate and the variation asked for`(
    process: ArrivalPlan.Process,
    expected: Double
  ) throws {
    let plan = ArrivalPlan(sessionsPerSecond: 50, process: process)
    let times = try starts(plan, count: 20_000)
    let rate = Double(times.count - 1) / (times.last ?? 0)
    #expect(abs(rate / 50 - 1) < 4 * expected / 20_000.0.squareRoot())
    #expect(abs(variation(times) / expected - 1) < 0.08)
  }

  @Test func `states that change make bursts of the same mean rate`() throws {
    let plan = ArrivalPlan(
      sessionsPerSecond: 50,
      process: .modulated([
        .init(rate: 1, meanSeconds: 2), .init(rate: 9, meanSeconds: 1),
        .init(rate: 0, meanSeconds: 1),
      ])
    )
    let times = try starts(plan, count: 40_000)
    #expect(abs(Double(times.count) / (times.last ?? 1) / 50 - 1) < 0.2)
    #expect(variation(times) > 1.5)
  }

  @Test func `clients add up to the rate, some with far more than others`() throws {
    let plan = ArrivalPlan(
      sessionsPerSecond: 50,
      process: .clients(
        count: 40,
        rates: RandomVariable(
          .lognormals([.init(share: 1, mu: 0, sigma: 2)]),
          clip: 1e-3...1e3
        ),
        variation: RandomVariable(.constant(1), clip: 1...1)
      )
    )
    let times = try starts(plan, count: 20_000)
    #expect(abs(Double(times.count) / (times.last ?? 1) / 50 - 1) < 0.1)
    #expect(times == times.sorted())
  }

  @Test func `the week's shape moves starts between hours`() throws {
    var rates = [Double](repeating: 0, count: 168)
    // Two hours of the week, from Monday midnight and from Tuesday midnight, one thrice the other.
    rates[0] = 42
    rates[24] = 126
    let plan = ArrivalPlan(
      sessionsPerSecond: 1.0 / 600,
      process: .poisson,
      week: WeekShape(rates: rates, startHour: 0)
    )
    let times = try starts(plan, count: 5_000)
    // Counted from the first start, which lies within the first hour.
    let days = times.map { Int($0 / 86_400) % 7 }
    let (monday, tuesday) = (days.count { $0 == 0 || $0 == 6 }, days.count { $0 == 1 })
    #expect(monday + tuesday == times.count)
    #expect(abs(Double(tuesday) / Double(times.count) - 0.75) < 0.04)
  }
}
