import Hardware

extension ClaimScenarios {
  /// The share of a lone request's time to first token that is left without its hand-off from
  /// Trainium3 to wafers.
  static func handoff(_ a: ClaimAssumptions, _ bench: ClaimBench) throws -> Claim.Outcome {
    var fleet = try bench.waferSystem(a).fleet
    guard let sender = fleet.pools.firstIndex(where: { $0.role == .prefill }) else {
      return Claim.Outcome(expectedError: 0, facts: [])
    }
    var deployment = try Fleets.plan("trn3-cs3").pools[0].deployment
    deployment.model = try Model.named(a.model)
    deployment.weights = deployment.model.nativeWeights
    deployment.chips = max(a.senderChips, deployment.sufficientChips)
    deployment.staged = a.handoff == .staged
    deployment.transport = a.handoff == .tcp ? .tcp : .rdma
    fleet.pools[sender].kind = try InstanceKind(deployment)
    fleet.pools[sender].count = 1
    if a.handoff == .layerWise {
      fleet.handoff.overlap = .layerWise
      fleet.handoff.decodeAt = .arrival
    }
    return try visible(a, fleet, bench, others: [])
  }

  /// Time to first token without the hand-off over that with it.
  private static func visible(
    _ a: ClaimAssumptions,
    _ fleet: Fleet,
    _ bench: ClaimBench,
    others: [String]
  ) throws -> Claim.Outcome {
    let run = try SoloRun(
      on: fleet,
      promptTokens: a.promptTokens,
      outputTokens: 2,
      policies: bench.policies
    )
    let error = ClaimBench.unmeasuredError
    guard let run else { return Claim.Outcome(expectedError: error, facts: []) }
    let rest = run.timeToFirstToken - run.transfer
    return Claim.Outcome(
      ratio: rest / run.timeToFirstToken,
      // Of the share that the hand-off takes, not of what it leaves.
      expectedError: error * run.transfer / run.timeToFirstToken,
      facts: [
        "first token after \(StepQuantity.time(run.timeToFirstToken)), of which the hand-off shows "
          + StepQuantity.time(run.transfer)
      ] + others
    )
  }

  /// Time to first token over network cards over that over NVLink 6, between Vera Rubin and an LPX
  /// rack.
  static func fusion(_ a: ClaimAssumptions, _ bench: ClaimBench) throws -> Claim.Outcome {
    func firstToken(_ fabric: String) throws -> SoloRun? {
      let fabric = try Fabric.named(fabric)
      let model = try Model.named(a.model)
      var prefill = try Fleets.plan("vr200-mixed").pools[0].deployment
      (prefill.model, prefill.fabric) = (model, fabric)
      prefill.weights = model.nativeWeights
      prefill.chips = max(a.senderChips, prefill.sufficientChips)
      let pools = try Fleets.plan("b200-lpx").pools
      var decode = pools[pools.firstIndex { $0.role == .decode } ?? 0].deployment
      (decode.model, decode.fabric) = (model, fabric)
      decode.weights = model.nativeWeights
      return try SoloRun(
        on: try Fleet.pair(prefill: prefill, decode: decode),
        promptTokens: a.promptTokens,
        outputTokens: 2,
        policies: bench.policies
      )
    }
    let error = ClaimBench.unmeasuredError
    guard let cards = try firstToken("infiniband-xdr"), let links = try firstToken("nvlink-6")
    else { return Claim.Outcome(expectedError: error, facts: []) }
    return Claim.Outcome(
      ratio: cards.timeToFirstToken / links.timeToFirstToken,
      expectedError: error * cards.transfer / cards.timeToFirstToken,
      facts: [
        "hand-off of \(a.promptTokens) tokens: \(StepQuantity.time(cards.transfer)) over network "
          + "cards, \(StepQuantity.time(links.transfer)) over NVLink"
      ]
    )
  }

  /// Goodput of the best split of eight chips into prefill and decode over that of eight that do
  /// both.
  static func split(_ a: ClaimAssumptions, _ bench: ClaimBench) throws -> Claim.Outcome {
    let kind = try InstanceKind(try bench.gpu(a, chips: 1))
    func fleet(prefill: Int) -> Fleet {
      let pools =
        prefill == 0
        ? [Pool(name: "mixed", role: .mixed, kind: kind, count: a.gpuChips)]
        : [
          Pool(name: "prefill", role: .prefill, kind: kind, count: prefill),
          Pool(name: "decode", role: .decode, kind: kind, count: a.gpuChips - prefill),
        ]
      return Fleet(name: "\(prefill)", summary: "", pools: pools, firstToken: .prefill)
    }
    // Up to the scenario's clients, whether they overload the fleet or not.
    let loads = [8, 3, 1].map { max(1, a.clients / $0) }
    func goodput(_ fleet: Fleet) throws -> Double {
      var best = 0.0
      for clients in Set(loads).sorted() {
        guard let point = try bench.serve(fleet, clients: clients, a),
          point.timeToFirstToken <= a.firstTokenLimit, 1 / point.userRate <= a.tokenLimit
        else { continue }
        best = max(best, point.rate)
      }
      return best
    }
    let error = bench.expectedError(kind)
    let together = try goodput(fleet(prefill: 0))
    var apart = (rate: 0.0, prefill: 0)
    for prefill in [1, 2, 4] where prefill < a.gpuChips {
      let rate = try goodput(fleet(prefill: prefill))
      if rate > apart.rate { apart = (rate, prefill) }
    }
    let facts = [
      "\(a.gpuChips) mixed: \(rate(together)) within the limits",
      apart.rate > 0
        ? "\(apart.prefill) prefill, \(a.gpuChips - apart.prefill) decode: \(rate(apart.rate))"
        : "no split stays within the limits",
    ]
    guard together > 0 else { return Claim.Outcome(expectedError: error, facts: facts) }
    // Both sides run on the same step times, of which most of the error cancels.
    return Claim.Outcome(
      ratio: apart.rate / together,
      expectedError: error / 4,
      facts: facts
    )
  }
}
