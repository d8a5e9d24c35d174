/// Token counts drawn from a clipped lognormal distribution.
public struct LengthDistribution: Sendable, Equatable {
  /// Mean before clipping, in tokens.
  public var mean: Double
  /// Standard deviation of the natural logarithm.
  public var sigma: Double
  /// Smaller and larger draws become the nearest of these.
  public var bounds: ClosedRange<Int32>

  public init(mean: Double, sigma: Double, bounds: ClosedRange<Int32>) {
    self.mean = mean
    self.sigma = sigma
    self.bounds = bounds
  }
}

/// A synthetic chat trace: one stream of independent requests without sessions or prefixes.
///
/// Inter-arrival times are Gamma, lengths lognormal and independent of each other, as fitted to the
/// Azure 2023 conversation trace; outputs are longer, as chat models' have become. The same
/// parameters give the same rows on every machine. Rows are generated as they are read.
public struct ChatGenerator: Trace, Equatable {
  public var name = "chat"
  /// Rows of the trace, at least 1.
  public var requests = 20_000
  public var seed: UInt64 = 1
  /// Mean arrivals per second, up to 1,000,000; arrivals are whole microseconds.
  public var requestsPerSecond = 1_000.0
  /// Shape of the Gamma inter-arrival times, 0.01 to 1,000: below 1 burstier than Poisson. The
  /// coefficient of variation is 1/√shape, 1.07 here, as the Azure conversation hour has.
  public var arrivalShape = 0.87
  public var prompt = LengthDistribution(mean: 1_150, sigma: 0.9, bounds: 1...16_384)
  public var output = LengthDistribution(mean: 1_000, sigma: 0.8, bounds: 1...8_192)

  public init() {}

  /// - Throws: `badData` where a parameter is out of range.
  public func makeReader() throws(TraceError) -> any TraceReader {
    try check(requests >= 1, "requests is \(requests); expected at least 1")
    try check(
      requestsPerSecond > 0 && requestsPerSecond <= 1e6,
      "requestsPerSecond is \(requestsPerSecond); expected above 0, up to 1,000,000"
    )
    try check(
      arrivalShape >= 0.01 && arrivalShape <= 1_000,
      "arrivalShape is \(arrivalShape); expected 0.01 to 1,000"
    )
    for (field, lengths) in [("prompt", prompt), ("output", output)] {
      try check(
        lengths.mean >= 1 && lengths.mean <= 1e9 && lengths.sigma >= 0 && lengths.sigma <= 5
          && lengths.bounds.lowerBound >= 1,
        "\(field) lengths need a mean of 1 to 1e9, a sigma of 0 to 5 and bounds from 1 on"
      )
    }
    return Reader(self)
  }

  private func check(_ holds: Bool, _ problem: String) throws(TraceError) {
    if !holds { throw TraceError(.badData, file: name, problem: problem) }
  }

  private final class Reader: TraceReader {
    let names: TraceNames
    private let parameters: ChatGenerator
    private var generated = 0
    /// Microseconds; the part that a rounded arrival leaves over goes into the next gap.
    private var arrival: Int64 = 0
    private var remainder = 0.0
    // A stream each, so that a change of one distribution leaves the other columns alone.
    private var gaps: SplitMix64
    private var prompts: SplitMix64
    private var outputs: SplitMix64

    init(_ parameters: ChatGenerator) {
      self.parameters = parameters
      var names = TraceNames()
      names.classes = ["chat"]
      self.names = names
      var seeds = SplitMix64(seed: parameters.seed)
      gaps = SplitMix64(seed: seeds.next())
      prompts = SplitMix64(seed: seeds.next())
      outputs = SplitMix64(seed: seeds.next())
    }

    func next() throws(TraceError) -> RowGroup? {
      guard generated < parameters.requests else { return nil }
      var group = RowGroup()
      for _ in 0..<min(RowGroup.preferredRows, parameters.requests - generated) {
        if generated > 0 { try advance() }
        group.record.append(Int64(generated))
        group.arrival.append(arrival * 1_000)
        group.promptTokens.append(Self.tokens(parameters.prompt, &prompts))
        group.outputTokens.append(Self.tokens(parameters.output, &outputs))
        group.requestClass.append(0)
        generated += 1
      }
      return group
    }

    private func advance() throws(TraceError) {
      let mean = 1e6 / parameters.requestsPerSecond
      let gap = mean * gaps.gamma(shape: parameters.arrivalShape) + remainder
      guard gap + Double(arrival) < 9e15 else {
        throw TraceError(
          .badData,
          file: parameters.name,
          problem: "trace would last more than 285 years; raise requestsPerSecond"
        )
      }
      let whole = Int64(gap)
      remainder = gap - Double(whole)
      arrival += whole
    }

    private static func tokens(
      _ lengths: LengthDistribution,
      _ random: inout SplitMix64
    ) -> Int32 {
      let draw = random.lognormal(mean: lengths.mean, sigma: lengths.sigma) + 0.5
      if draw >= Double(lengths.bounds.upperBound) { return lengths.bounds.upperBound }
      return max(lengths.bounds.lowerBound, Int32(draw))
    }
  }
}
