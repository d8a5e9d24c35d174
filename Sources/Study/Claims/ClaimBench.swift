import Hardware
import Policies
import Simulation

/// What scenarios of claims are built from: deployments of the catalogue, and the engine.
struct ClaimBench: Sendable {
  let policies: PolicySet
  let profile: Profile
  /// Of wafers and of Trainium3, of which no row of a serving benchmark is public.
  static let unmeasuredError = 0.4
  /// Of step times of GPUs that no profile says more of: nine of ten measured rows are within.
  static let rooflineError = 0.36

  init() throws {
    policies = try PolicyChoice.defaults.resolve()
    profile = try Profile.named(Profile.standardName)
  }

  func serve(
    _ fleet: Fleet,
    clients: Int,
    _ assumptions: ClaimAssumptions
  ) throws -> ServingPoint? {
    try ServingPoint(
      fleet,
      clients: clients,
      promptTokens: assumptions.promptTokens,
      outputTokens: assumptions.outputTokens,
      policies: policies
    )
  }

  // MARK: GPUs

  /// A replica of the model on a GPU: as the built-in fleet of the chip has it where that serves the
  /// model, else in FP8 where the weights were released in BF16, under the profile's constants.
  func gpu(_ assumptions: ClaimAssumptions, chips: Int? = nil) throws -> Deployment {
    let model = try Model.named(assumptions.model)
    let chip = try Chip.named(assumptions.gpu)
    let name = "\(chip.name)-mixed"
    if assumptions.weights == nil, Fleets.names.contains(name) {
      var deployment = try Fleets.plan(name).pools[0].deployment
      if deployment.model.name == model.name {
        deployment.chips = chips ?? assumptions.gpuChips
        deployment.maxBatch = 1_024
        return deployment
      }
    }
    let released = model.nativeWeights
    let hasFP8 = chip.peak.fp8 != nil
    let weights = assumptions.weights ?? (released == .bf16 && hasFP8 ? .fp8 : released)
    let precision: Precision =
      switch weights {
      case .fp8: .fp8
      case .nvfp4: chip.peak.fp4 == nil ? .bf16 : .fp4
      case .bf16, .mxfp4, .int4: .bf16
      }
    var deployment = Deployment(
      name: "\(chip.name)-\(model.name)",
      chip: chip,
      chips: chips ?? assumptions.gpuChips,
      model: model,
      precision: precision,
      weights: weights,
      fabric: try Fabric.named("infiniband-ndr"),
      maxBatch: 1_024
    )
    deployment.kvElementBytes = weights == .fp8 || weights == .nvfp4 ? 1 : 2
    return deployment.calibrated(profile, engine: chip.name.hasPrefix("mi") ? "sglang" : "trtllm")
  }

  /// The fleet of one replica, speculating where the scenario says so.
  func fleet(_ deployment: Deployment, _ assumptions: ClaimAssumptions) throws -> Fleet {
    try Fleet.alone(deployment)
      .speculating(acceptedTokensPerStep: assumptions.gpuAcceptedTokens)
  }

  /// The replica of 1–8 chips and its clients that yield the most tokens per chip while every user
  /// gets `userRate`; nil where none does.
  ///
  /// Chosen by step costs: a closed loop of B clients takes a decode step and B prompts in the time of
  /// a request's tokens. What it yields is then replayed.
  func best(_ assumptions: ClaimAssumptions) throws -> (fleet: Fleet, clients: Int)? {
    var best: (perChip: Double, fleet: Fleet, clients: Int)?
    for chips in [1, 2, 4, 8] {
      let deployment = try gpu(assumptions, chips: chips)
      guard deployment.sufficientChips <= chips else { continue }
      let fleet = try fleet(deployment, assumptions)
      let kind = fleet.pools[0].kind
      let context = assumptions.promptTokens + assumptions.outputTokens / 2
      let whole = kind.kv.units(tokens: assumptions.promptTokens + assumptions.outputTokens)
      let prompt = kind.costs.promptSeconds(assumptions.promptTokens)
      for clients in Self.clients where Int64(clients) * whole <= kind.kvCapacityUnits {
        let step =
          kind.decodeCost(batch: clients, contextTokens: context).seconds
          + Double(clients) * prompt / Double(assumptions.outputTokens)
        guard 1 / step >= assumptions.userRate else { break }
        let perChip = Double(clients) / step / Double(chips)
        if perChip > best?.perChip ?? 0 { best = (perChip, fleet, clients) }
      }
    }
    return best.map { ($0.fleet, $0.clients) }
  }

  private static let clients = [
    1, 2, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1_024,
  ]

  /// The error to be expected of what a kind's times are divided by or into.
  func expectedError(_ kind: InstanceKind) -> Double {
    if let expected = kind.expectedError { return expected.tpotNinetieth }
    let isServed = kind.chip != "trainium3" && (try? Chip.named(kind.chip))?.isMeasured == true
    return isServed ? Self.rooflineError : Self.unmeasuredError
  }

  /// Errors of two predictions that do not know of each other.
  func combined(_ errors: Double...) -> Double {
    errors.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }
}

extension Chip {
  /// Whether it is there to be measured, and follows formulas that measurements have tested.
  fileprivate var isMeasured: Bool {
    guard case .roofline = timing else { return false }
    return status == .shipping || status == .retired
  }
}
