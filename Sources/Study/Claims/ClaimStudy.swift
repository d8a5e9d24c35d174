import Hardware

/// The public claims, run.
public struct ClaimStudy: Sendable {
  /// By number.
  public let results: [ClaimResult]

  /// The numbers of all claims.
  public static let numbers = 1...15

  /// - Parameters:
  ///   - number: One claim; nil for all.
  ///   - prices: In place of the catalogue's.
  ///   - threads: How many claims are run at the same time, at least 1; results do not depend on it.
  /// - Throws: What the catalogue, the deployments or the engine find wrong.
  public init(number: Int? = nil, prices: ClaimPrices = ClaimPrices(), threads: Int = 1) throws {
    let bench = try ClaimBench()
    let claims = Claim.simulable.filter { number == nil || $0.number == number }
    let simulated = try Parallel.map(claims.count, threads: threads) { index in
      try claims[index].result(bench, prices: prices)
    }
    let others = try Self.others().filter { number == nil || $0.number == number }
    results = simulated + others
  }

  /// Claims that no simulation can say anything of.
  private static func others() throws -> [ClaimResult] {
    let watts = try Chip.named("wse-3").power.value
    let systems = Int((750e6 / watts).rounded(.down))
    return [
      ClaimResult(
        unsimulable: 14,
        "Service starts in the second half of 2026, as Bedrock's flagship, with Nova 2 on it alone.",
        "articles; the announcement says coming months, Nova later this year, and nothing of exclusive",
        "dates and contracts"
      ),
      ClaimResult(
        unsimulable: 15,
        "Valuations, contracts and market shares, among them 750 MW for OpenAI.",
        "articles on finance",
        "money; 750 MW feed at most \(systems) CS-3 of \(StepQuantity.digits(watts / 1e3)) kW, "
          + "a bound to check orders of magnitude by"
      ),
    ]
  }
}

extension ClaimResult {
  fileprivate init(
    unsimulable number: Int,
    _ text: String,
    _ tracedTo: String,
    _ reason: String
  ) {
    self.number = number
    self.text = text
    self.tracedTo = tracedTo
    ratioOf = ""
    conditions = []
    facts = []
    measured = []
    sensitivities = []
    verdict = .notSimulable
    verdictText = "not simulable: \(reason)"
  }
}
