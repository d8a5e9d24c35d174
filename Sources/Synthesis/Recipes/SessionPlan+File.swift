import ConfigFiles

extension SessionPlan {
  static let mostItems = 256

  init(_ node: FileNode) throws(FileFault) {
    let section = try FileSection<SessionKey>(node, "sessions")
    className = try section.required(.className, section.word(.className))
    blockTokens = try section.whole(.blockTokens, in: 1...65_536) ?? 0
    prefix = try SharedPrefix.list(section, .prefix)
    output = try section.needed(.output, in: RecipeRange.tokens)
    reasoning = try section.variable(.reasoning, in: RecipeRange.share)
    service = try section.needed(.serviceSeconds, in: RecipeRange.seconds)
    starts = try Self.starts(section)
    growth = try section[.growth].map(Growth.init(_:)) ?? Growth.none
    gaps = try section[.gaps].map(Gaps.init(_:)) ?? Gaps(humanSeconds: nil, tools: [])
    context = try section.required(.context, section[.context].map(ContextPlan.init(_:)))
    subagents = try section[.subagents].map(SubagentPlan.init(_:))
    try checkTurns(section)
  }

  private static func starts(
    _ section: FileSection<SessionKey>
  ) throws(FileFault) -> [SessionStart] {
    var starts: [SessionStart] = []
    for item in try section.required(.starts, section.list(.starts, atMost: mostItems)) {
      starts.append(try SessionStart(item))
    }
    if let place = section[.starts]?.place {
      try Shares.check(starts.map(\.share), of: "starts", at: place)
    }
    return starts
  }

  /// Whoever comes back needs to know how much longer the prompt is, and when.
  private func checkTurns(_ section: FileSection<SessionKey>) throws(FileFault) {
    guard hasTurns else { return }
    func need(_ holds: Bool, _ what: String) throws(FileFault) {
      if !holds {
        throw FileFault(
          at: section.place,
          "sessions of several requests need \(what); add it, or let requests be 1"
        )
      }
    }
    try need(!growth.bands.isEmpty, "the key 'growth'")
    let mostHuman = starts.map(\.humanShare.clip.upperBound).max() ?? 0
    let leastHuman = starts.map(\.humanShare.clip.lowerBound).min() ?? 0
    try need(mostHuman == 0 || gaps.humanSeconds != nil, "'human_seconds' in 'gaps'")
    try need(leastHuman == 1 || !gaps.tools.isEmpty, "'tools' in 'gaps', or a human_share of 1")
  }
}

extension SharedPrefix {
  static func list<Key>(
    _ section: FileSection<Key>,
    _ key: Key
  ) throws(FileFault) -> [SharedPrefix] {
    var levels: [SharedPrefix] = []
    for item in try section.list(key, atMost: 8) ?? [] { levels.append(try SharedPrefix(item)) }
    return levels
  }

  private init(_ node: FileNode) throws(FileFault) {
    let section = try FileSection<PrefixKey>(node, "a level of prefix")
    guard let list = try section.list(.kinds, atMost: SessionPlan.mostItems) else {
      variants = .ranked(
        count: try section.neededWhole(.variants, in: 1...1_000_000),
        exponent: try section.number(.popularity, in: 0...10) ?? 0,
        tokens: try section.needed(.tokens, in: RecipeRange.tokensOrNone)
      )
      return
    }
    for key in [PrefixKey.variants, .popularity, .tokens] {
      guard let extra = section[key] else { continue }
      throw FileFault(at: extra.place, "'\(key.rawValue)' and 'kinds' exclude each other; keep one")
    }
    var kinds: [(share: Double, tokens: Int)] = []
    for item in list {
      let kind = try FileSection<KindKey>(item, "a kind")
      kinds.append(
        (
          try kind.neededNumber(.share, in: RecipeRange.share),
          try kind.neededWhole(.tokens, in: 0...10_000_000)
        )
      )
    }
    try Shares.check(kinds.map(\.share), of: "kinds", at: section.place)
    variants = .listed(kinds)
  }
}

extension SessionStart {
  fileprivate init(_ node: FileNode) throws(FileFault) {
    let section = try FileSection<StartKey>(node, "a start")
    share = try section.neededNumber(.share, in: RecipeRange.share)
    requests = try section.needed(.requests, in: RecipeRange.requests)
    earlierSteps = try section.whole(.earlierSteps, in: 0...1_000_000) ?? 0
    humanShare =
      try section.variable(.humanShare, in: RecipeRange.share)
      ?? RandomVariable(.constant(1), clip: 1...1)
    let added = try section.variable(.addedTokens, in: RecipeRange.tokens)
    let whole = try section.variable(.wholeTokens, in: RecipeRange.tokens)
    switch (added, whole) {
    case (let added?, nil): prompt = .added(added)
    case (nil, let whole?): prompt = .whole(whole)
    default:
      throw FileFault(
        at: section.place,
        "a start has \(added == nil ? "neither" : "both") 'added_tokens' "
          + "\(added == nil ? "nor" : "and") 'whole_tokens'; expected one of them"
      )
    }
  }
}

extension Growth {
  fileprivate static var none: Growth {
    Growth(bands: [], addsOutput: false, sessionFactor: nil, factorFromStep: 1)
  }

  fileprivate init(_ node: FileNode) throws(FileFault) {
    let section = try FileSection<GrowthKey>(node, "growth")
    addsOutput = try section.flag(.addsOutput) ?? false
    sessionFactor = try section.variable(.sessionFactor, in: 1e-3...1_000)
    factorFromStep = try section.whole(.factorFromStep, in: 1...1_000_000) ?? 1
    bands = []
    let list = try section.required(.bands, section.list(.bands, atMost: 64))
    for (index, item) in list.enumerated() {
      let band = try FileSection<BandKey>(item, "a band")
      let last = try band.whole(.lastStep, in: 1...1_000_000)
      guard (last == nil) == (index == list.count - 1) else {
        throw FileFault(
          at: item.place,
          last == nil
            ? "a band needs 'last_step', for others follow" : "the last band has no 'last_step'"
        )
      }
      if let last, let before = bands.last?.lastStep, last <= before {
        throw FileFault(at: item.place, "last_step is \(last); expected more than \(before) above")
      }
      bands.append(
        Band(lastStep: last, tokens: try band.needed(.tokens, in: RecipeRange.tokensOrNone))
      )
    }
  }
}

extension Gaps {
  fileprivate init(_ node: FileNode) throws(FileFault) {
    let section = try FileSection<GapKey>(node, "gaps")
    humanSeconds = try section.variable(.humanSeconds, in: RecipeRange.seconds)
    tools = []
    for item in try section.list(.tools, atMost: SessionPlan.mostItems) ?? [] {
      let tool = try FileSection<ToolKey>(item, "a tool")
      tools.append(
        Tool(
          name: try tool.required(.name, tool.word(.name)),
          share: try tool.neededNumber(.share, in: RecipeRange.share),
          seconds: try tool.needed(.seconds, in: RecipeRange.seconds)
        )
      )
    }
    if let place = section[.tools]?.place {
      try Shares.check(tools.map(\.share), of: "tools", at: place)
    }
  }
}
