import ConfigFiles

extension FleetPlan {
  private static let mostPools = 1_024
  private static let mostPairs = 4_096

  /// Reads a fleet file.
  ///
  /// - Throws: `FleetError.file` with line and column where something is not understood.
  public init(file path: String) throws(FleetError) {
    do {
      self = try FleetPlan(bytes: try BoundedFile.read(path, as: "fleet"), file: path)
    } catch {
      throw .file(error)
    }
  }

  /// Reads the content of a fleet file.
  init(bytes: [UInt8], file: String) throws(ConfigFileError) {
    do {
      try self.init(FileNode(bytes: bytes, describing: "fleet"), file: file)
    } catch {
      throw error.error(in: file)
    }
  }

  private init(_ root: FileNode, file: String) throws(FileFault) {
    let section = try FileSection<FleetKey>(root, "a fleet")
    self.file = file
    name = try section.required(.name, section.word(.name))
    summary = try section.line(.summary) ?? ""
    firstToken = try section.choice(.firstToken) ?? .prefill
    tick = try section.duration(.tick, in: 1...3_600_000_000_000) ?? 10_000_000
    blockTokens = try section.whole(.blockTokens, in: 1...65_536) ?? 16
    recompute = try section.choice(.recompute) ?? .local
    places = Places(fleet: section.place)
    places.tick = section[.tick]?.place
    places.recompute = section[.recompute]?.place
    places.handoff = section[.handoff]?.place
    places.speculation = section[.speculation]?.place
    handoff = HandOff()
    if let node = section[.handoff] { (handoff, places.pairs) = try Self.handoff(node) }
    acceptedTokensPerStep = 1
    if let node = section[.speculation] {
      (acceptedTokensPerStep, draftedTokens) = try Self.speculation(node)
    }
    pools = []
    for node in try section.required(.pools, section.list(.pools, atMost: Self.mostPools)) {
      pools.append(try PoolPlan(node, in: file))
    }
  }

  private static func handoff(
    _ node: FileNode
  ) throws(FileFault) -> (HandOff, pairs: [FilePlace]) {
    let section = try FileSection<HandOffKey>(node, "handoff")
    var handoff = HandOff()
    handoff.decodeAt = try section.choice(.decodeAt) ?? handoff.decodeAt
    handoff.overlap = try section.choice(.overlap) ?? handoff.overlap
    handoff.direction = try section.choice(.direction) ?? handoff.direction
    handoff.coldStart = try section.duration(.coldStart, in: 0...3_600_000_000_000) ?? 0
    var places: [FilePlace] = []
    for node in try section.list(.pairs, atMost: mostPairs) ?? [] {
      let pair = try FileSection<PairKey>(node, "a pair")
      let efficiency = try pair.number(.efficiency, in: 0.001...1)
      handoff.pairs.append(
        PairEfficiency(
          prefill: try pair.required(.prefill, pair.word(.prefill)),
          decode: try pair.required(.decode, pair.word(.decode)),
          efficiency: try pair.required(.efficiency, efficiency)
        )
      )
      places.append(node.place)
    }
    return (handoff, places)
  }

  private static func speculation(
    _ node: FileNode
  ) throws(FileFault) -> (accepted: Double, drafted: Int?) {
    let section = try FileSection<SpeculationKey>(node, "speculation")
    let accepted = try section.required(
      .acceptedTokensPerStep,
      section.number(.acceptedTokensPerStep, in: 1...64)
    )
    guard let drafted = try section.whole(.draftedTokens, in: 0...64) else {
      return (accepted, nil)
    }
    guard Double(drafted) + 1 >= accepted else {
      throw FileFault(
        at: section[.draftedTokens]?.place,
        "\(drafted) drafted tokens cannot yield \(accepted) accepted ones; draft more"
      )
    }
    return (accepted, drafted)
  }
}
