import Hardware

extension ClaimBench {
  /// Trainium3 that compute prompts for a pipeline of wafers, in the numbers that the load takes.
  struct WaferSystem {
    var fleet: Fleet
    var clients: Int
    /// Those of them whose requests fill the share of the wafers' memory; the others' prompts are
    /// being computed elsewhere.
    var decoding: Int

    var wafers: Int { fleet.pools.first { $0.role == .decode }?.kind.chips ?? 0 }
    var prefillChips: Int {
      fleet.pools.first { $0.role == .prefill }.map { $0.count * $0.kind.chips } ?? 0
    }
  }

  /// The wafers of which a model's weights fill at most four fifths.
  private func wafers(_ assumptions: ClaimAssumptions) throws -> Deployment {
    var deployment = try decodePool("trn3-cs3")
    deployment.model = try Model.named(assumptions.model)
    deployment.weights = assumptions.weights ?? deployment.model.nativeWeights
    deployment.name = "wse-3-\(deployment.model.name)"
    deployment.chips = 1
    let one = Double(deployment.usableBytes)
    deployment.chips = Int((1.25 * Double(deployment.weightBytes) / one).rounded(.up))
    return deployment
  }

  private func decodePool(_ fleet: String) throws -> Deployment {
    let pools = try Fleets.plan(fleet).pools
    return pools[pools.firstIndex { $0.role == .decode } ?? 0].deployment
  }

  /// The fewest Trainium3 that hold the model, tuned to the slow-down of a scenario.
  private func trainium(_ assumptions: ClaimAssumptions) throws -> Deployment {
    var deployment = try Fleets.plan("trn3-cs3").pools[0].deployment
    deployment.model = try Model.named(assumptions.model)
    deployment.weights = assumptions.weights ?? deployment.model.nativeWeights
    deployment.name = "trainium3-\(deployment.model.name)"
    deployment.chips = deployment.sufficientChips
    if let slowdown = assumptions.trainiumSlowdown {
      deployment.chip = deployment.chip.tuned {
        $0.slowdown = Sourced(slowdown, .assumed, "claims")
      }
    }
    return deployment
  }

  /// Clients that fill a share of an instance's KV memory.
  func clients(filling share: Double, of kind: InstanceKind, _ assumptions: ClaimAssumptions) -> Int
  {
    let whole = kind.kv.units(tokens: assumptions.promptTokens + assumptions.outputTokens)
    let most = min(Int64(kind.maxBatch), kind.kvCapacityUnits / whole)
    return max(1, Int((Double(most) * share).rounded(.down)))
  }

  func waferSystem(_ assumptions: ClaimAssumptions) throws -> WaferSystem {
    let decode = try InstanceKind(wafers(assumptions))
    let prefill = try InstanceKind(trainium(assumptions))
    let clients = clients(filling: assumptions.fill, of: decode, assumptions)
    let context = assumptions.promptTokens + assumptions.outputTokens / 2
    let speculated =
      Fleet(
        name: decode.name,
        summary: "",
        pools: [Pool(name: "decode", role: .decode, kind: decode, count: 1)],
        firstToken: .decode
      )
      .speculating(acceptedTokensPerStep: assumptions.waferAcceptedTokens)
    let kind = speculated.pools[0].kind
    let step = kind.decodeCost(batch: clients, contextTokens: context).seconds
    let answer = step * Double(assumptions.outputTokens)
    let prompt = prefill.costs.promptSeconds(assumptions.promptTokens)
    // Queues stay short where instances are busy four fifths of the time.
    let busy = Double(clients) / answer * prompt
    let count = min(Fleet.mostInstances / 2, max(1, Int((busy / 0.8).rounded(.up))))
    var fleet = speculated
    fleet.pools.insert(Pool(name: "prefill", role: .prefill, kind: prefill, count: count), at: 0)
    // Requests whose prompts are computed do not fill the wafers yet.
    let waiting = Int((busy * 1.1).rounded(.up))
    return WaferSystem(fleet: fleet, clients: clients + waiting, decoding: clients)
  }

  /// Wafers that compute prompts as well.
  func waferOnly(_ assumptions: ClaimAssumptions) throws -> WaferSystem {
    let kind = try InstanceKind(wafers(assumptions))
    let fleet = Fleet(
      name: kind.name,
      summary: "",
      pools: [Pool(name: "mixed", role: .mixed, kind: kind, count: 1)],
      firstToken: .prefill
    )
    let clients = clients(filling: assumptions.fill, of: kind, assumptions)
    return WaferSystem(
      fleet: fleet.speculating(acceptedTokensPerStep: assumptions.waferAcceptedTokens),
      clients: clients,
      decoding: clients
    )
  }

  /// What an hour of all chips of a fleet costs; nil where one has no price.
  func dollarsPerHour(_ fleet: Fleet, _ assumptions: ClaimAssumptions) -> Double? {
    var sum = 0.0
    for pool in fleet.pools {
      guard let price = assumptions.prices.perHour(pool.kind.chip) else { return nil }
      sum += price * Double(pool.count * pool.kind.chips)
    }
    return sum
  }

  /// Dollars per million output tokens.
  func cost(
    _ point: ServingPoint,
    on fleet: Fleet,
    _ assumptions: ClaimAssumptions
  ) -> Double? {
    dollarsPerHour(fleet, assumptions).map { $0 / 3_600 / point.rate * 1e6 }
  }

  /// Design power of a pool's chips, or what a data centre provides for them, in watts.
  func watts(_ pool: Pool, provisioned: Bool) throws -> Double {
    let chip = try Chip.named(pool.kind.chip)
    let each = provisioned ? (chip.provisionedPower ?? chip.power).value : chip.power.value
    return each * Double(pool.count * pool.kind.chips)
  }

  /// Energy per output token, with what a data centre provides beyond the packages where that
  /// counts.
  func joules(
    _ point: ServingPoint,
    on fleet: Fleet,
    _ assumptions: ClaimAssumptions
  ) throws -> Double {
    guard assumptions.countsProvisionedPower else { return point.joulesPerToken }
    let package = try fleet.pools.reduce(0) { try $0 + watts($1, provisioned: false) }
    let provided = try fleet.pools.reduce(0) { try $0 + watts($1, provisioned: true) }
    return point.joulesPerToken * provided / package
  }
}
