extension Fleet {
  /// The most instances that a fleet may have: it bounds the memory that a slip of a digit asks for.
  public static let mostInstances = 65_536

  /// Makes sure that the parts of the fleet go together.
  ///
  /// - Throws: `FleetError.unsound` with the first contradiction.
  public func validate() throws(FleetError) {
    let problem =
      poolProblem ?? roleProblem ?? modelProblem ?? settingProblem ?? handoffProblem ?? pairProblem
    if let problem { throw .unsound(fleet: name, problem: problem) }
  }

  private var poolProblem: FleetProblem? {
    if pools.isEmpty { return FleetProblem(.fleet, "has no pools; add at least one") }
    var instances = 0
    for (index, pool) in pools.enumerated() {
      if pools[..<index].contains(where: { $0.name == pool.name }) {
        return FleetProblem(.pool(index), "two pools are named '\(pool.name)'; rename one")
      }
      guard pool.count >= 1 else {
        return FleetProblem(
          .pool(index),
          "pool '\(pool.name)' has \(pool.count) instances; expected at least 1"
        )
      }
      guard pool.count <= Self.mostInstances - instances else {
        return FleetProblem(
          .pool(index),
          "pool '\(pool.name)' brings the fleet above \(Amount.count(Int64(Self.mostInstances))) "
            + "instances; lower its count"
        )
      }
      instances += pool.count
      let kind = pool.kind
      guard kind.nicBytesPerSecond >= 1_000,
        kind.hostBytesPerSecond == 0
          || kind.hostBytesPerSecond >= 1_000
      else {
        return FleetProblem(
          .pool(index),
          "the NICs or the host link of pool '\(pool.name)' carry less than 1,000 bytes per second; "
            + "raise the rate"
        )
      }
      guard (0...3_600_000_000_000).contains(kind.handoffLatency) else {
        return FleetProblem(
          .pool(index),
          "the hand-off latency of pool '\(pool.name)' is not between 0 s and an hour"
        )
      }
      guard pool.fabricBytesPerSecond >= 1 else {
        return FleetProblem(
          .pool(index),
          "the fabric of pool '\(pool.name)' carries less than 1 byte per second; raise its rate"
        )
      }
    }
    return nil
  }

  private var roleProblem: FleetProblem? {
    if isMonolithic { return nil }
    if let index = pools.firstIndex(where: { $0.role == .mixed }) {
      return FleetProblem(
        .pool(index),
        "pool '\(pools[index].name)' is mixed beside prefill or decode pools; make all pools mixed, "
          + "or none"
      )
    }
    for role in [Role.prefill, .decode] where !pools.contains(where: { $0.role == role }) {
      return FleetProblem(
        .fleet,
        "has no \(role.rawValue) pool; a disaggregated fleet needs at least one prefill and one "
          + "decode pool"
      )
    }
    return nil
  }

  /// KV of one model, or of another element size, cannot be decoded with by another.
  private var modelProblem: FleetProblem? {
    guard let first = pools.first else { return nil }
    for (index, pool) in pools.enumerated() {
      if pool.kind.model != first.kind.model {
        return FleetProblem(
          .pool(index),
          "pool '\(pool.name)' serves \(pool.kind.model) and pool '\(first.name)' "
            + "\(first.kind.model); a fleet serves one model"
        )
      }
      if !isMonolithic, pool.kind.kv != first.kind.kv {
        return FleetProblem(
          .pool(index),
          "pool '\(pool.name)' stores \(Amount.count(pool.kind.kv.bytes(tokens: 1))) bytes of KV "
            + "per token and pool '\(first.name)' "
            + "\(Amount.count(first.kind.kv.bytes(tokens: 1))); KV that is handed off needs one "
            + "layout, so give all pools the same kv_bytes"
        )
      }
    }
    return nil
  }

  private var settingProblem: FleetProblem? {
    guard tick >= 1 else {
      return FleetProblem(.tick, "tick is \(tick) ns; expected at least 1 ns")
    }
    guard blockTokens >= 1 else {
      return FleetProblem(.fleet, "a block has \(blockTokens) tokens; expected at least 1")
    }
    guard acceptedTokensPerStep >= 1, acceptedTokensPerStep.isFinite else {
      return FleetProblem(
        .speculation,
        "a step yields \(acceptedTokensPerStep) accepted tokens; expected at least 1"
      )
    }
    if isMonolithic, recompute == .prefillPool {
      return FleetProblem(
        .recompute,
        "recompute is prefill-pool, and the fleet has none; use local, or add a prefill pool"
      )
    }
    if isMonolithic, handoff != HandOff() {
      return FleetProblem(
        .handoff,
        "nothing is handed off where every pool is mixed; remove the hand-off settings, or add a "
          + "prefill and a decode pool"
      )
    }
    return nil
  }

  private var handoffProblem: FleetProblem? {
    guard handoff.coldStart >= 0 else {
      return FleetProblem(
        .handoff,
        "the cold start is \(handoff.coldStart) ns; expected at least 0"
      )
    }
    guard handoff.overlap == .layerWise else { return nil }
    if handoff.direction == .pull {
      return FleetProblem(
        .handoff,
        "pull fetches a prompt that is complete, so no layer-wise part of it can overlap; use push, "
          + "or overlap: blocking"
      )
    }
    if handoff.decodeAt == .handoff {
      return FleetProblem(
        .handoff,
        "layer-wise hand-off begins while the prompt is computed, when the decode instance must be "
          + "known; set decode_at to arrival or prefill-start"
      )
    }
    return nil
  }

  private var pairProblem: FleetProblem? {
    for (index, pair) in handoff.pairs.enumerated() {
      for (name, role) in [(pair.prefill, Role.prefill), (pair.decode, .decode)]
      where !pools.contains(where: { $0.name == name && $0.role == role }) {
        let known = pools.filter { $0.role == role }.map(\.name).joined(separator: ", ")
        return FleetProblem(
          .pair(index),
          "a pair names '\(name)' as \(role.rawValue) pool; expected one of: \(known)"
        )
      }
      guard pair.efficiency > 0, pair.efficiency <= 1 else {
        return FleetProblem(
          .pair(index),
          "the efficiency of '\(pair.prefill)' and '\(pair.decode)' is \(pair.efficiency); expected "
            + "above 0, at most 1"
        )
      }
      let isTwice = handoff.pairs[..<index].contains {
        $0.prefill == pair.prefill && $0.decode == pair.decode
      }
      if isTwice {
        return FleetProblem(
          .pair(index),
          "the pair '\(pair.prefill)' and '\(pair.decode)' is given twice; keep one"
        )
      }
    }
    return nil
  }
}
