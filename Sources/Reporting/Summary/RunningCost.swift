/// What the hardware cost over the measured time, busy or not, and per token that came of it.
public struct RunningCost: Sendable, Equatable {
  /// Nil where the price of some pool's chips is not known.
  public var dollars: Double?
  /// Energy of steps and of the time between them.
  public var joules: Double
  public var outputTokens: Int64

  init(_ pools: [PoolSummary], outputTokens: Int64) {
    let prices = pools.compactMap(\.dollars)
    dollars = prices.count == pools.count ? prices.reduce(0, +) : nil
    joules = pools.reduce(0) { $0 + $1.joules + $1.idleJoules }
    self.outputTokens = outputTokens
  }

  /// Nil without a price or tokens.
  public var dollarsPerMillionOutputTokens: Double? { dollars.flatMap(perMillion) }

  /// Nil without tokens.
  public var joulesPerMillionOutputTokens: Double? { perMillion(joules) }

  private func perMillion(_ amount: Double) -> Double? {
    outputTokens > 0 ? amount / Double(outputTokens) * 1e6 : nil
  }
}
