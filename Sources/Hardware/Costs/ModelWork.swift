/// What a model computes and reads per token, whatever it runs on.
struct ModelWork: Sendable {
  /// Operations per generated token: two per active parameter.
  let tokenOperations: Double
  /// Operations per prompt token of what every token passes: the output head is needed for a
  /// prompt's last token only.
  let promptDenseOperations: Double
  /// Operations per prompt token of its routed experts.
  let promptExpertOperations: Double
  /// Weights of attention, routers and output head.
  let attentionWeightBytes: Double
  /// Weights of the feed-forward parts that every token passes. Of the input embedding a step
  /// gathers a few rows only.
  let sharedWeightBytes: Double
  let expertWeightBytes: Double
  /// Share of the experts that compute one token; 1 without experts.
  let activeExpertShare: Double
  /// Share of the experts that one token leaves unread.
  let unreadExperts: Double
  /// Operations of a decode step's attention per byte of KV read: a multiplication and an
  /// addition per query head that shares a KV head and per element.
  let operationsPerKVByte: Double
  /// Operations per pair of query and key, over the layers with full attention.
  let fullPairOperations: Double
  /// The same over the sliding-window layers.
  let windowPairOperations: Double
  let windowTokens: Int

  init(model: Model, weights: WeightFormat, kvElementBytes: Int) {
    tokenOperations = 2 * Double(model.activeParameters)
    let expertParameters = Int64(model.activeExperts) * model.expertParameters
    promptExpertOperations = 2 * Double(expertParameters)
    promptDenseOperations = 2 * Double(model.bodyParameters - expertParameters)
    expertWeightBytes = model.expertWeightBytes(weights)
    attentionWeightBytes = model.attentionWeightBytes(weights)
    sharedWeightBytes = model.sharedFeedForwardBytes(weights)
    activeExpertShare =
      model.isMixtureOfExperts ? Double(model.activeExperts) / Double(model.experts) : 1
    unreadExperts = 1 - activeExpertShare
    operationsPerKVByte =
      model.attention.operationsPerCachedElement / Double(kvElementBytes)
    let pairOperations = Double(model.attention.operationsPerPair)
    fullPairOperations = Double(model.fullLayers) * pairOperations
    windowPairOperations = Double(model.windowLayers) * pairOperations
    windowTokens = model.windowTokens
  }

  /// Weights that a step over `tokens` tokens reads, in bytes, where ranks hold `copies` copies of
  /// the attention's.
  ///
  /// Tokens choose experts independently, so that a step of B tokens leaves an expert unread with
  /// probability (1 − k/E)ᴮ.
  func weightBytes(tokens: Int, copies: Int = 1) -> Double {
    Double(copies) * attentionWeightBytes + sharedWeightBytes
      + expertWeightBytes * (1 - Powers.power(unreadExperts, tokens))
  }

  /// Pairs of query and key of a chunk in layers with full attention: every new token attends to
  /// all tokens before it and to itself.
  static func fullPairs(newTokens: Int, pastTokens: Int) -> Double {
    let new = Double(newTokens)
    return new * Double(pastTokens) + new * (new + 1) / 2
  }

  /// Pairs of query and key of a chunk in layers that attend to the last `windowTokens` tokens.
  func windowPairs(newTokens: Int, pastTokens: Int) -> Double {
    pairsInWindow(tokens: pastTokens + newTokens) - pairsInWindow(tokens: pastTokens)
  }

  private func pairsInWindow(tokens: Int) -> Double {
    let inside = Double(min(tokens, windowTokens))
    return inside * (inside + 1) / 2 + Double(tokens) * inside - inside * inside
  }

  func floatingPointOperations(tokens: Double, attentionPairs: Double) -> Double {
    tokens * tokenOperations + attentionPairs * fullPairOperations
      + min(attentionPairs, tokens * Double(windowTokens)) * windowPairOperations
  }
}
