public import Hardware

/// What a step of one instance of a pool takes, term by term.
public struct StepExplanation: Sendable {
  /// The part that is explained.
  public enum Work: Sendable, Equatable {
    /// A decode step of `batch` requests whose contexts are `contextTokens` tokens together.
    case decode(batch: Int, contextTokens: Int)
    /// A pass over `tokens` new tokens of a prompt after `past` computed ones, beside `decodeBatch`
    /// requests that decode in the same step, or none.
    case prefill(tokens: Int, past: Int, decodeBatch: Int)
  }

  public let pool: Pool
  public let work: Work
  /// The terms of the verified step; without speculation, of the step.
  public let breakdown: StepBreakdown
  /// What the engine takes the step to last, in seconds: per token under speculation.
  public let seconds: Double
  /// Mean tokens that the step yields per request; 1 without speculation, and for prompts.
  public let acceptedTokens: Double
  /// Tokens that the step drafts for a request.
  public let draftedTokens: Int

  /// Nil where the costs of the pool do not say what they are made of.
  ///
  /// - Parameters:
  ///   - work: The batch and the tokens are at least 1, contexts at least a token of each request.
  ///   - pool: The pool.
  public init?(_ work: Work, on pool: Pool) {
    let costs = pool.kind.costs
    let speculative = costs as? SpeculativeCosts
    let drafted = speculative?.draftedTokens ?? 0
    let verified = (speculative?.base ?? costs).verifying(tokensPerRequest: 1 + drafted)
    guard let explained = verified as? any ExplainedCosts else { return nil }
    self.pool = pool
    self.work = work
    switch work {
    case .decode(let batch, let contextTokens):
      acceptedTokens = speculative?.acceptedTokensPerStep ?? 1
      draftedTokens = drafted
      let bytes = Double(
        pool.kind.kv.bytes(requests: batch, contextTokens: contextTokens)
      )
      breakdown = explained.decodeTerms(batch: batch, kvBytes: bytes)
      seconds = costs.decodeStep(batch: batch, kvBytes: bytes).seconds
    case .prefill(let tokens, let past, let decodeBatch):
      acceptedTokens = 1
      draftedTokens = 0
      breakdown = explained.prefillTerms(
        newTokens: tokens,
        pastTokens: past,
        decodeBatch: decodeBatch
      )
      let pass = costs.prefillPass(tokens: tokens, decodeBatch: decodeBatch)
      let attention = costs.prefillAttention(newTokens: tokens, pastTokens: past)
      seconds = pass.seconds + attention.seconds
    }
  }
}

extension KVShape {
  /// KV of requests of nearly equal contexts, in bytes.
  ///
  /// - Parameters:
  ///   - requests: At least 1.
  ///   - contextTokens: Of all of them together.
  /// - Returns: The bytes, without copies.
  public func bytes(requests: Int, contextTokens: Int) -> Int64 {
    let (each, longer) = contextTokens.quotientAndRemainder(dividingBy: requests)
    return Int64(requests - longer) * bytes(tokens: each)
      + Int64(longer) * bytes(tokens: each + 1)
  }
}

extension StepCost {
  /// The time in seconds.
  var seconds: Double { Double(time) * 0x1p-32 * 1e-9 }

  /// The energy in joules.
  var joules: Double { Double(energy) * 0x1p-32 * 1e-9 }
}
