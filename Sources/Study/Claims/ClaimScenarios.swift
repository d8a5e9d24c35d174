import Hardware

/// The scenarios that claims are run in.
enum ClaimScenarios {
  /// A user's output rate on wafers over that on GPUs, or bandwidths where those are meant.
  static func speed(_ a: ClaimAssumptions, _ bench: ClaimBench) throws -> Claim.Outcome {
    guard a.meaning == .speed else { return try bandwidth(a) }
    let system = try bench.waferSystem(a)
    let gpu = try bench.fleet(try bench.gpu(a), a)
    let wafer = try bench.serve(system.fleet, clients: system.clients, a)
    let point = try bench.serve(gpu, clients: a.clients, a)
    let error = bench.combined(
      ClaimBench.unmeasuredError,
      bench.expectedError(gpu.pools[0].kind)
    )
    guard let wafer, let point else { return Claim.Outcome(expectedError: error, facts: []) }
    return Claim.Outcome(
      ratio: wafer.userRate / point.userRate,
      expectedError: error,
      facts: [
        "\(system.wafers) × wse-3: \(rate(wafer.userRate)) for each of \(system.decoding) users",
        "\(gpu.pools[0].kind.chips) × \(a.gpu): \(rate(point.userRate)) for each of \(a.clients)",
      ]
    )
  }

  private static func bandwidth(_ a: ClaimAssumptions) throws -> Claim.Outcome {
    let (wafer, gpu) = (try Chip.named("wse-3"), try Chip.named(a.gpu))
    var ratio = wafer.memoryBandwidth.value / gpu.memoryBandwidth.value
    if a.meaning == .bandwidthPerWatt { ratio *= gpu.power.value / wafer.power.value }
    return Claim.Outcome(ratio: ratio, expectedError: 0, facts: [])
  }

  /// What a million output tokens cost on the GPU over what they cost on wafers.
  static func cost(_ a: ClaimAssumptions, _ bench: ClaimBench) throws -> Claim.Outcome {
    let (outcome, _) = try compare(a, bench) { point, fleet in
      bench.cost(point, on: fleet, a).map { ($0, "$\(StepQuantity.digits($0)) per M tokens") }
    }
    return outcome
  }

  /// The smaller of how much faster and how much cheaper wafers are.
  static func fasterAndCheaper(_ a: ClaimAssumptions, _ bench: ClaimBench) throws -> Claim.Outcome {
    var (outcome, speed) = try compare(a, bench) { point, fleet in
      bench.cost(point, on: fleet, a).map { ($0, "$\(StepQuantity.digits($0)) per M tokens") }
    }
    if let cheaper = outcome.ratio, let speed {
      outcome.ratio = min(cheaper, speed)
      outcome.facts.append(
        "\(StepQuantity.digits(speed)) times as fast, \(StepQuantity.digits(cheaper)) times as cheap"
      )
    }
    return outcome
  }

  /// Energy of an output token on the GPU over that on wafers.
  static func energy(_ a: ClaimAssumptions, _ bench: ClaimBench) throws -> Claim.Outcome {
    let (outcome, _) = try compare(a, bench) { point, fleet in
      let joules = try bench.joules(point, on: fleet, a)
      return (joules, "\(StepQuantity.digits(joules)) J per token")
    }
    return outcome
  }

  /// A quantity of the GPU's best batch at a user's rate over that of wafers with their Trainium3,
  /// and how much faster a user of the wafers is.
  private static func compare(
    _ a: ClaimAssumptions,
    _ bench: ClaimBench,
    _ quantity: (ServingPoint, Fleet) throws -> (value: Double, text: String)?
  ) throws -> (Claim.Outcome, speed: Double?) {
    let system = try bench.waferSystem(a)
    var outcome = Claim.Outcome(expectedError: ClaimBench.unmeasuredError, facts: [])
    guard let best = try bench.best(a) else {
      outcome.facts = ["no replica of \(a.gpu) gives its users \(rate(a.userRate))"]
      return (outcome, nil)
    }
    let kind = best.fleet.pools[0].kind
    outcome.expectedError = bench.combined(
      ClaimBench.unmeasuredError,
      bench.expectedError(kind)
    )
    guard let wafer = try bench.serve(system.fleet, clients: system.clients, a),
      let gpu = try bench.serve(best.fleet, clients: best.clients, a),
      let onWafers = try quantity(wafer, system.fleet), let onGPU = try quantity(gpu, best.fleet)
    else { return (outcome, nil) }
    outcome.ratio = onGPU.value / onWafers.value
    outcome.facts = [
      "\(system.prefillChips) × trainium3 and \(system.wafers) × wse-3, \(system.decoding) users at "
        + "\(rate(wafer.userRate)): \(onWafers.text)",
      "\(kind.chips) × \(a.gpu), \(best.clients) users at \(rate(gpu.userRate)): \(onGPU.text)",
    ]
    return (outcome, wafer.userRate / gpu.userRate)
  }

  /// Output tokens per second of wafers that decode only over those of wafers that also compute
  /// prompts, at equal wafers, or at equal power where what computes the prompts counts.
  static func capacity(_ a: ClaimAssumptions, _ bench: ClaimBench) throws -> Claim.Outcome {
    let (split, whole) = (try bench.waferSystem(a), try bench.waferOnly(a))
    var outcome = Claim.Outcome(expectedError: ClaimBench.unmeasuredError, facts: [])
    guard let apart = try bench.serve(split.fleet, clients: split.clients, a),
      let together = try bench.serve(whole.fleet, clients: whole.clients, a)
    else { return outcome }
    var ratio = apart.rate / together.rate
    if a.countsPrefill {
      let wafers = try split.fleet.pools.filter { $0.role == .decode }
        .reduce(0) { try $0 + bench.watts($1, provisioned: false) }
      let all = try split.fleet.pools.reduce(0) { try $0 + bench.watts($1, provisioned: false) }
      ratio *= wafers / all
    }
    outcome.ratio = ratio
    outcome.facts = [
      "\(split.wafers) × wse-3 decode, \(split.prefillChips) × trainium3 compute prompts: "
        + rate(apart.rate),
      "\(split.wafers) × wse-3 do both: \(rate(together.rate))",
    ]
    return outcome
  }

  /// Tokens per second and chip at a user's rate, of one GPU over another.
  static func throughput(
    against other: String,
    weights: WeightFormat?
  ) -> @Sendable (ClaimAssumptions, ClaimBench) throws -> Claim.Outcome {
    { a, bench in
      var old = a
      old.gpu = other
      old.weights = weights
      guard let new = try bench.best(a) else {
        return Claim.Outcome(
          expectedError: ClaimBench.rooflineError,
          facts: ["\(a.gpu) does not give its users \(rate(a.userRate))"]
        )
      }
      let error = bench.expectedError(new.fleet.pools[0].kind)
      guard let best = try bench.best(old) else {
        return Claim.Outcome(
          expectedError: error,
          facts: ["\(other) does not give its users \(rate(a.userRate)), \(a.gpu) does"]
        )
      }
      guard let first = try bench.serve(new.fleet, clients: new.clients, a),
        let second = try bench.serve(best.fleet, clients: best.clients, old)
      else { return Claim.Outcome(expectedError: error, facts: []) }
      let (chips, others) = (new.fleet.pools[0].kind.chips, best.fleet.pools[0].kind.chips)
      let (perChip, perOther) = (first.rate / Double(chips), second.rate / Double(others))
      return Claim.Outcome(
        ratio: perChip / perOther,
        expectedError: bench.combined(error, bench.expectedError(best.fleet.pools[0].kind)),
        facts: [
          "\(chips) × \(a.gpu), \(new.clients) users: \(rate(perChip)) per chip",
          "\(others) × \(other), \(best.clients) users: \(rate(perOther)) per chip",
        ]
      )
    }
  }

  /// Usable memory of one wafer over the weights.
  static func memory(_ a: ClaimAssumptions, _ bench: ClaimBench) throws -> Claim.Outcome {
    let model = try Model.named(a.model)
    let weights = a.weights ?? model.nativeWeights
    let usable = try Chip.named("wse-3").memoryBytes.value * Chip.usableMemory.value
    let bytes = Double(model.weightBytes(weights))
    return Claim.Outcome(
      ratio: usable / bytes,
      expectedError: 0,
      facts: [
        "\(model.name) in \(weights.rawValue): \(StepQuantity.digits(bytes / 1e9)) GB on "
          + "\(Int((bytes / usable).rounded(.up))) wafers, without KV"
      ]
    )
  }

  static func rate(_ tokensPerSecond: Double) -> String {
    StepQuantity.digits(tokensPerSecond) + " tokens/s"
  }
}
