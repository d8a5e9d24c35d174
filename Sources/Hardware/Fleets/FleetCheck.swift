import ConfigFiles

/// What fits into the pools of a fleet, what does not, and what to do about it.
public struct FleetCheck: Sendable {
  /// Lines of cells under a title; the first cell of a line is its label.
  public struct Section: Equatable, Sendable {
    public var title: String
    public var rows: [[String]] = []
  }

  /// The fleet's settings, then every pool, then every pair of pools that hand off.
  public private(set) var sections: [Section]
  /// What keeps the fleet from being built, in the order of the file; empty for a sound fleet.
  public private(set) var problems: [FleetError] = []

  public init(_ plan: FleetPlan) {
    sections = [Self.settings(plan)]
    var pools: [Pool] = []
    for index in plan.pools.indices {
      var pool: Pool?
      do throws(FleetError) {
        let built = try plan.pool(index)
        pools.append(built)
        pool = built
      } catch {
        problems.append(error)
      }
      sections.append(Self.section(plan.pools[index], pool))
    }
    guard problems.isEmpty else { return }
    do throws(FleetError) {
      let handoffs = Self.handoffs(try plan.fleet(of: pools))
      if !handoffs.rows.isEmpty { sections.append(handoffs) }
    } catch {
      problems.append(error)
    }
  }

  private static func settings(_ plan: FleetPlan) -> Section {
    var section = Section(title: "fleet \(plan.name)")
    if !plan.summary.isEmpty { section.rows.append(["summary", plan.summary]) }
    section.rows.append(["tick", FileNumbers.exactTime(plan.tick)])
    section.rows.append(["KV block", "\(Amount.count(Int64(plan.blockTokens))) tokens"])
    if plan.acceptedTokensPerStep != 1 {
      section.rows.append(
        ["speculation", "\(plan.acceptedTokensPerStep) accepted tokens per step"]
      )
    }
    guard plan.pools.contains(where: { $0.role != .mixed }) else { return section }
    let handoff = plan.handoff
    section.rows += [
      ["first token", plan.firstToken.rawValue],
      ["recompute", plan.recompute.rawValue],
      [
        "hand-off",
        "\(handoff.direction.rawValue), \(handoff.overlap.rawValue), decode instance chosen at "
          + handoff.decodeAt.rawValue,
      ],
      ["cold start", FileNumbers.exactTime(handoff.coldStart)],
    ]
    return section
  }

  private static func section(_ plan: FleetPlan.PoolPlan, _ pool: Pool?) -> Section {
    let deployment = plan.deployment
    let chip = deployment.chip.name
    let weights = Amount.bytes(deployment.weightBytes)
    let usable = "\(Amount.bytes(deployment.usableBytes)) of usable memory"
    var section = Section(
      title: "pool \(plan.name): \(plan.role.rawValue), \(plan.count) × \(deployment.name)"
    )
    section.rows = [
      [
        "chips",
        "\(deployment.chips) × \(chip) per instance, \(plan.count * deployment.chips) in all; "
          + "\(deployment.model.name) needs at least \(deployment.sufficientChips)",
      ],
      ["weights", "\(weights) as \(deployment.weights.rawValue), in \(usable)"],
      ["compute", deployment.precision.rawValue],
    ]
    guard let pool else {
      section.rows.append(["problem", "cannot be built; see below"])
      return section
    }
    section.rows += memory(pool) + links(plan, pool.kind)
    return section
  }

  private static func memory(_ pool: Pool) -> [[String]] {
    let kind = pool.kind
    let token = Amount.bytes(kind.kv.bytes(tokens: 1))
    let capacity = Amount.bytes(kind.kvCapacityUnits * kind.kv.unitBytes)
    let copies = kind.kvReplication > 1 ? ", \(kind.kvReplication) copies" : ""
    let tokens = Amount.count(kind.kv.tokens(units: kind.kvCapacityUnits))
    var rows = [["KV capacity", "\(capacity) at \(token) per token\(copies): \(tokens) tokens"]]
    for context in [1_024, 8_192, 32_768, 131_072] {
      let label = "requests of \(Amount.count(Int64(context))) tokens"
      let fitting = kind.kvCapacityUnits / kind.kv.units(tokens: context)
      if pool.role == .prefill {
        rows.append([label, "\(Amount.count(fitting)) prompts held at once"])
      } else if fitting > Int64(kind.maxBatch) {
        rows.append([label, "\(Amount.count(Int64(kind.maxBatch))), bound by max_batch"])
      } else {
        rows.append([label, "\(Amount.count(fitting)), bound by memory"])
      }
    }
    return rows
  }

  private static func links(_ plan: FleetPlan.PoolPlan, _ kind: InstanceKind) -> [[String]] {
    let deployment = plan.deployment
    let rate = Amount.rate(bytesPerSecond: kind.nicBytesPerSecond)
    let latency = Amount.time(nanoseconds: Double(kind.handoffLatency))
    let staged = deployment.staged ? ", staged through the host" : ""
    var rows = [
      ["network", "\(rate) each way over \(deployment.fabric.name)\(staged), \(latency)"]
    ]
    if plan.fabricBytesPerSecond < .max {
      let shared = Amount.rate(bytesPerSecond: plan.fabricBytesPerSecond)
      rows.append(["shared fabric", "\(shared) each way for the whole pool"])
    }
    guard let host = deployment.host else {
      return rows + [["host swap", "none: what is preempted is computed again"]]
    }
    let swap = Amount.rate(bytesPerSecond: host.bytesPerSecond)
    let tokens = Amount.count(kind.kv.tokens(units: kind.hostKVCapacityUnits))
    return rows + [
      ["host swap", "\(swap) each way into \(Amount.bytes(host.capacityBytes)): \(tokens) tokens"]
    ]
  }

  /// The time of an 8k prompt from each prefill to each decode pool when nothing else is sent.
  private static func handoffs(_ fleet: Fleet) -> Section {
    let tokens = 8_192
    var section = Section(title: "hand-off of \(Amount.count(Int64(tokens))) tokens, alone")
    for sender in fleet.pools where sender.role == .prefill {
      for receiver in fleet.pools where receiver.role == .decode {
        let kind = sender.kind
        let bytes = kind.kv.bytes(tokens: tokens) * kind.kvReplication
        let nic = Double(min(kind.nicBytesPerSecond, receiver.kind.nicBytesPerSecond))
        let pair = fleet.handoff.pairs.first {
          $0.prefill == sender.name && $0.decode == receiver.name
        }
        let fabric = Double(min(sender.fabricBytesPerSecond, receiver.fabricBytesPerSecond))
        let rate = max(1, min((nic * (pair?.efficiency ?? 1)).rounded(.down), fabric))
        let latency = Double(max(kind.handoffLatency, receiver.kind.handoffLatency))
        let time = Amount.time(nanoseconds: latency + Double(bytes) / rate * 1e9)
        section.rows.append([
          "\(sender.name) to \(receiver.name)",
          "\(time) for \(Amount.bytes(bytes)) at \(Amount.rate(bytesPerSecond: Int64(rate)))",
        ])
      }
    }
    return section
  }
}

extension KVShape {
  /// The longest sequence that `units` units hold, in tokens.
  public func tokens(units: Int64) -> Int64 {
    let whole = fullUnitsPerToken + windowUnitsPerToken
    let window = Int64(windowTokens)
    if windowUnitsPerToken == 0 || units < whole * window { return units / whole }
    if fullUnitsPerToken == 0 { return .max }
    return (units - windowUnitsPerToken * window) / fullUnitsPerToken
  }
}
