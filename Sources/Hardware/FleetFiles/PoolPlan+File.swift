import ConfigFiles

extension FleetPlan.PoolPlan {
  /// Over a slower link a transfer could take longer than simulated time lasts.
  private static let gigabytes = 0.001...1e6

  /// Paths in the pool are relative to the folder of the fleet's file.
  init(_ node: FileNode, in file: String) throws(FileFault) {
    let section = try FileSection<PoolKey>(node, "a pool")
    place = section.place
    name = try section.required(.name, section.word(.name))
    role = try section.required(.role, section.choice(.role))
    count = try section.required(.count, section.whole(.count, in: 1...Fleet.mostInstances))
    let shared = try section.number(.fabricGigabytesPerSecond, in: Self.gigabytes)
    fabricBytesPerSecond = shared.map(Self.bytes(gigabytes:)) ?? .max
    deployment = try Self.deployment(section)
    if let costs = section[.costs] { deployment.table = try Self.table(costs, in: file) }
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
    let chip = try chip(section)
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
    return try timed(deployment, section)
  }

  /// The deployment under the constants of its engine, and those that the file itself gives.
  private static func timed(
    _ deployment: Deployment,
    _ section: FileSection<PoolKey>
  ) throws(FileFault) -> Deployment {
    var deployment = deployment
    if let engine = try section.word(.engine) {
      let named = try section.optionalEntry(.profile) { name throws(CatalogueError) in
        try Profile.named(name)
      }
      let profile = if let named { named } else { try standardProfile() }
      deployment = deployment.calibrated(profile, engine: engine)
    } else if let node = section[.profile] {
      throw FileFault(
        at: node.place,
        "a profile is of engines, and the pool names none; add engine, such as vllm"
      )
    }
    if let constants = section[.constants] {
      deployment.chip.timing = try deployment.chip.timing.changed(constants)
      // What the profile is known for does not hold of other constants.
      deployment.expectedError = nil
    }
    return deployment
  }

  private static func standardProfile() throws(FileFault) -> Profile {
    do {
      return try Profile.named(Profile.standardName)
    } catch {
      throw FileFault(at: nil, "\(error)")
    }
  }

  /// The chip, in the domain that the file names.
  private static func chip(_ section: FileSection<PoolKey>) throws(FileFault) -> Chip {
    let chip = try section.entry(.chip) { name throws(CatalogueError) in try Chip.named(name) }
    guard let name = try section.named(.domain, chip.domains.map(\.name), { $0 }) else {
      return chip
    }
    return chip.inDomain(name) ?? chip
  }

  /// The rows of a file of measured times.
  private static func table(_ node: FileNode, in file: String) throws(FileFault) -> StepTable {
    let section = try FileSection<TableKey>(node, "costs")
    let path = try section.required(.table, section.line(.table))
    let selection = StepTable.Selection(
      model: try section.required(.model, section.line(.model)),
      hardware: try section.required(.hardware, section.line(.hardware)),
      tensorParallel: try section.required(
        .tensorParallel,
        section.whole(.tensorParallel, in: 1...4_096)
      )
    )
    let folder = path.hasPrefix("/") ? nil : file.lastIndex(of: "/").map { file[...$0] }
    do throws(ConfigFileError) {
      return try StepTable(file: (folder ?? "") + path, selecting: selection)
    } catch {
      throw FileFault(at: section[.table]?.place, "\(error)")
    }
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
  /// The entry of the catalogue with the name that the file gives; nil where it gives none.
  fileprivate func optionalEntry<Entry>(
    _ key: Key,
    _ find: (String) throws(CatalogueError) -> Entry
  ) throws(FileFault) -> Entry? {
    self[key] == nil ? nil : try entry(key, find)
  }

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
