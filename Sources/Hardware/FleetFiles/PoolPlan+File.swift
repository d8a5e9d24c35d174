import ConfigFiles

extension FleetPlan.PoolPlan {
  /// Over a slower link a transfer could take longer than simulated time lasts.
  private static let gigabytes = 0.001...1e6

  init(_ node: FileNode) throws(FileFault) {
    let section = try FileSection<PoolKey>(node, "a pool")
    place = section.place
    name = try section.required(.name, section.word(.name))
    role = try section.required(.role, section.choice(.role))
    count = try section.required(.count, section.whole(.count, in: 1...Fleet.mostInstances))
    let shared = try section.number(.fabricGigabytesPerSecond, in: Self.gigabytes)
    fabricBytesPerSecond = shared.map(Self.bytes(gigabytes:)) ?? .max
    deployment = try Self.deployment(section)
    tiers = []
    for node in try section.list(.tiers, atMost: 8) ?? [] { try add(tier: node) }
  }

  /// Adds a tier below the memory of an instance that computes prompts.
  private mutating func add(tier node: FileNode) throws(FileFault) {
    let section = try FileSection<TierKey>(node, "a tier")
    guard role != .decode else {
      throw FileFault(
        at: node.place,
        "a decode pool has no tiers; only prompts are looked up in them"
      )
    }
    let name = try section.required(.name, section.word(.name))
    guard !tiers.contains(where: { $0.name == name }) else {
      throw FileFault(at: node.place, "tier '\(name)' is there twice; name each once")
    }
    let capacity = try section.number(.capacityGigabytes, in: Self.gigabytes)
    let rate = try section.number(.gigabytesPerSecond, in: Self.gigabytes)
    tiers.append(
      KVTier(
        name: name,
        capacityBytes: Self.bytes(gigabytes: try section.required(.capacityGigabytes, capacity)),
        bytesPerSecond: Self.bytes(gigabytes: try section.required(.gigabytesPerSecond, rate)),
        latency: try section.duration(.latency, in: 0...60_000_000_000) ?? 0,
        isShared: try section.flag(.shared) ?? false
      )
    )
  }

  private static func deployment(
    _ section: FileSection<PoolKey>
  ) throws(FileFault) -> Deployment {
    var chip = try chip(section)
    if let constants = section[.constants] { chip.timing = try chip.timing.changed(constants) }
    let chips = try section.whole(.chips, in: 1...4_096) ?? 1
    let model = try section.entry(.model) { name throws(CatalogueError) in try Model.named(name) }
    let fabric = try section.entry(.fabric) { name throws(CatalogueError) in try Fabric.named(name)
    }
    let batch = try section.whole(.maxBatch, in: 1...1_048_576)
    let several = chips > 1 ? "x\(chips)" : ""
    var deployment = Deployment(
      name: try section.word(.instance) ?? "\(chip.name)\(several)-\(model.name)",
      chip: chip,
      chips: chips,
      model: model,
      precision: try section.choice(.precision) ?? .bf16,
      weights: try section.choice(.weights),
      fabric: fabric,
      maxBatch: try section.required(.maxBatch, batch)
    )
    deployment.kvElementBytes = try section.whole(.kvBytes, in: 1...4) ?? 2
    deployment.staged = try section.flag(.staged) ?? false
    if let ranks = try section.whole(.attentionRanks, in: 1...4_096) {
      guard chips % ranks == 0 else {
        throw FileFault(
          at: section[.attentionRanks]?.place,
          "attention_ranks is \(ranks), and the instance has \(chips) chips; expected a divisor"
        )
      }
      deployment.attentionRanks = ranks
    }
    deployment.isExpertParallel = try section.flag(.expertParallel) ?? false
    deployment.transport = try section.choice(.transport) ?? .rdma
    if let host = section[.host] { deployment.host = try Self.host(host) }
    return deployment
  }

  /// The chip, in the domain that the file names.
  private static func chip(_ section: FileSection<PoolKey>) throws(FileFault) -> Chip {
    let chip = try section.entry(.chip) { name throws(CatalogueError) in try Chip.named(name) }
    guard let name = try section.named(.domain, chip.domains.map(\.name), { $0 }) else {
      return chip
    }
    return chip.inDomain(name) ?? chip
  }

  private static func host(_ node: FileNode) throws(FileFault) -> HostLink {
    let section = try FileSection<HostKey>(node, "host")
    let rate = try section.number(.gigabytesPerSecond, in: gigabytes)
    let capacity = try section.number(.capacityGigabytes, in: gigabytes)
    return HostLink(
      bytesPerSecond: bytes(gigabytes: try section.required(.gigabytesPerSecond, rate)),
      capacityBytes: bytes(gigabytes: try section.required(.capacityGigabytes, capacity))
    )
  }

  private static func bytes(gigabytes: Double) -> Int64 {
    Int64((gigabytes * 1e9).rounded(.down))
  }
}

extension FileSection {
  /// The entry of the catalogue with the name that the file gives.
  fileprivate func entry<Entry>(
    _ key: Key,
    _ find: (String) throws(CatalogueError) -> Entry
  ) throws(FileFault) -> Entry {
    let name = try required(key, line(key))
    do {
      return try find(name)
    } catch {
      throw FileFault(at: self[key]?.place, "\(error)")
    }
  }
}
