import ConfigFiles

extension ContextPlan {
  init(_ node: FileNode) throws(FileFault) {
    let section = try FileSection<ContextKey>(node, "context")
    compacted = try section.variable(.compactedTokens, in: RecipeRange.tokens)
    compactedShare = try section.number(.compactedShare, in: RecipeRange.share) ?? 1
    endsInstead = try section.number(.endsInstead, in: RecipeRange.share) ?? 0
    rewritesPerStep = try section.number(.rewritesPerStep, in: RecipeRange.share) ?? 0
    windows = []
    for item in try section.required(.windows, section.list(.windows, atMost: 16)) {
      let window = try Window(item)
      if let last = windows.last, window.startsBelow <= last.startsBelow {
        throw FileFault(
          at: item.place,
          "the window starts below \(window.startsBelow) tokens, the one above below "
            + "\(last.startsBelow); sort windows by starts_below"
        )
      }
      if let hazard = window.compaction.first, compacted == nil {
        throw FileFault(
          at: item.place,
          "compaction from \(hazard.fromTokens) tokens on needs 'compacted_tokens'; add it to context"
        )
      }
      windows.append(window)
    }
    if let place = section[.windows]?.place {
      try Shares.check(windows.map(\.share), of: "windows", at: place)
    }
  }
}

extension ContextPlan.Window {
  fileprivate init(_ node: FileNode) throws(FileFault) {
    let section = try FileSection<WindowKey>(node, "a window")
    share = try section.number(.share, in: RecipeRange.share) ?? 1
    mostTokens = try section.neededWhole(.mostTokens, in: RecipeRange.wholeTokens)
    startsBelow = try section.whole(.startsBelow, in: RecipeRange.wholeTokens) ?? mostTokens
    compaction = []
    for item in try section.list(.compaction, atMost: 64) ?? [] {
      let hazard = try FileSection<HazardKey>(item, "a hazard")
      let from = try hazard.neededWhole(.fromTokens, in: RecipeRange.wholeTokens)
      if let last = compaction.last, from <= last.fromTokens {
        throw FileFault(
          at: item.place,
          "from_tokens is \(from); expected more than \(last.fromTokens) above"
        )
      }
      compaction.append(
        ContextPlan.Hazard(
          fromTokens: from,
          perStep: try hazard.neededNumber(.perStep, in: RecipeRange.share)
        )
      )
    }
  }
}

extension SubagentPlan {
  init(_ node: FileNode) throws(FileFault) {
    let section = try FileSection<SubagentKey>(node, "subagents")
    sessions = try section.neededNumber(.sessions, in: RecipeRange.share)
    perStep = try section.neededNumber(.perStep, in: RecipeRange.share)
    tool = try section.required(.tool, section.word(.tool))
    together = try section.needed(.together, in: 1...1_000)
    requests = try section.needed(.requests, in: RecipeRange.requests)
    prefix = try SharedPrefix.list(section, .prefix)
    prompt = try section.needed(.addedTokens, in: RecipeRange.tokens)
    growth = try section.needed(.growth, in: RecipeRange.tokensOrNone)
    output = try section.needed(.output, in: RecipeRange.tokens)
    startSeconds = try section.needed(.startSeconds, in: RecipeRange.seconds)
    joinSeconds = try section.needed(.joinSeconds, in: RecipeRange.seconds)
  }
}
