import ConfigFiles

/// A fleet as a file describes it, before its models are laid out on chips.
public struct FleetPlan: Sendable {
  public struct PoolPlan: Sendable {
    public var name: String
    public var role: Role
    public var count: Int
    public var deployment: Deployment
    /// Shared by the pool's instances, in bytes per second; `Int64.max` where it never binds.
    public var fabricBytesPerSecond: Int64
    /// Below the memory of its instances, the fastest first.
    public var tiers: [KVTier]
    var place: FilePlace
  }

  /// The path of the file, or the name of a built-in fleet's.
  public var file: String
  public var name: String
  public var summary: String
  public var firstToken: FirstToken
  public var tick: Int64
  /// Tokens per block of the instances' KV memory.
  public var blockTokens: Int
  public var handoff: HandOff
  public var recompute: RecomputePlace
  public var acceptedTokensPerStep: Double
  /// Tokens that each verified step drafts; nil for the fewest that can yield the mean.
  public var draftedTokens: Int?
  public var pools: [PoolPlan]
  var places: Places

  /// Where the parts stand that can contradict others.
  struct Places: Sendable {
    var fleet: FilePlace
    var tick: FilePlace?
    var recompute: FilePlace?
    var handoff: FilePlace?
    var speculation: FilePlace?
    var pairs: [FilePlace] = []
  }

  /// What an hour of all chips costs by the catalogue's lowest level of prices, in dollars; nil where
  /// one has no price.
  public var dollarsPerHour: Double? {
    var sum = 0.0
    for pool in pools {
      guard let price = pool.deployment.chip.prices.perHour else { return nil }
      sum += price.value * Double(pool.count * pool.deployment.chips)
    }
    return sum
  }

  /// Design power of all chips, in watts.
  public var watts: Double {
    pools.reduce(0) {
      $0 + $1.deployment.chip.power.value * Double($1.count * $1.deployment.chips)
    }
  }

  /// The pool's instances.
  ///
  /// - Throws: `FleetError.file` where the model does not fit, or the chip does not compute in the
  ///   precision.
  public func pool(_ index: Int) throws(FleetError) -> Pool {
    let plan = pools[index]
    do {
      var pool = Pool(
        name: plan.name,
        role: plan.role,
        kind: try InstanceKind(plan.deployment),
        count: plan.count
      )
      pool.fabricBytesPerSecond = plan.fabricBytesPerSecond
      pool.tiers = plan.tiers
      return pool
    } catch {
      throw located(error, at: plan.place, "pool '\(plan.name)': \(error)")
    }
  }

  /// The fleet.
  ///
  /// - Throws: `FleetError.file` where a pool cannot be built or parts contradict each other.
  public func fleet() throws(FleetError) -> Fleet {
    var built: [Pool] = []
    for index in pools.indices { built.append(try pool(index)) }
    return try fleet(of: built)
  }

  /// The fleet of pools that have been built.
  func fleet(of pools: [Pool]) throws(FleetError) -> Fleet {
    var fleet = Fleet(
      name: name,
      summary: summary,
      pools: pools,
      firstToken: firstToken,
      tick: tick
    )
    fleet.blockTokens = blockTokens
    fleet.handoff = handoff
    fleet.recompute = recompute
    fleet = fleet.speculating(
      acceptedTokensPerStep: acceptedTokensPerStep,
      draftedTokens: draftedTokens
    )
    do {
      try fleet.validate()
    } catch FleetError.unsound(let name, let problem) {
      throw located(
        .unsound(fleet: name, problem: problem),
        at: place(of: problem.part),
        problem.text
      )
    }
    return fleet
  }

  private func place(of part: FleetProblem.Part) -> FilePlace {
    switch part {
    case .fleet: places.fleet
    case .tick: places.tick ?? places.fleet
    case .recompute: places.recompute ?? places.fleet
    case .handoff: places.handoff ?? places.fleet
    case .speculation: places.speculation ?? places.fleet
    case .pool(let index): pools[index].place
    case .pair(let index): places.pairs[index]
    }
  }

  private func located(
    _ error: FleetError,
    at place: FilePlace,
    _ problem: String
  ) -> FleetError {
    if case .file = error { return error }
    return .file(FileFault(at: place, problem).error(in: file))
  }
}
