/// The costs of an instance that verifies drafted tokens (speculative decoding, MTP).
///
/// A verified step computes one token and the drafts after it for every request, and yields a mean
/// of `acceptedTokensPerStep` of them. The engine emits one token per step, so a step here is that
/// share of a verified one: its time and energy are divided. Time per output token is right on
/// average; that tokens come in bursts is not modelled, so ITL quantiles are too even. Utilization
/// counts the operations of emitted tokens; those of rejected drafts take time only, and those of
/// the draft model are left out. Prompts cost what they did.
public struct SpeculativeCosts: CostModel {
  /// The costs without speculation.
  public let base: any CostModel
  /// At least 1.
  public let acceptedTokensPerStep: Double
  /// Tokens that each step drafts for a request and verifies, at least 0.
  public let draftedTokens: Int
  private let verified: any CostModel

  /// - Parameters:
  ///   - base: The costs without speculation.
  ///   - acceptedTokensPerStep: Mean tokens that a verified step yields per request, at least 1.
  ///   - draftedTokens: Tokens that each step drafts; nil for the fewest that can yield the mean.
  public init(_ base: any CostModel, acceptedTokensPerStep: Double, draftedTokens: Int? = nil) {
    precondition(acceptedTokensPerStep >= 1 && acceptedTokensPerStep.isFinite)
    let drafted = draftedTokens ?? Int(acceptedTokensPerStep.rounded(.up)) - 1
    precondition(drafted >= 0)
    self.base = base
    self.acceptedTokensPerStep = acceptedTokensPerStep
    self.draftedTokens = drafted
    verified = base.verifying(tokensPerRequest: 1 + drafted)
  }

  public func decodeStep(batch: Int, kvBytes: Double) -> StepCost {
    let cost = verified.decodeStep(batch: batch, kvBytes: kvBytes)
    return StepCost(
      time: max(share(of: cost.time), FixedPoint.fine(nanoseconds: 1)),
      energy: share(of: cost.energy)
    )
  }

  public func prefillPass(tokens: Int, decodeBatch: Int) -> StepCost {
    verified.prefillPass(tokens: tokens, decodeBatch: decodeBatch)
  }

  public func prefillAttention(newTokens: Int, pastTokens: Int) -> StepCost {
    base.prefillAttention(newTokens: newTokens, pastTokens: pastTokens)
  }

  public func floatingPointOperations(tokens: Double, attentionPairs: Double) -> Double {
    base.floatingPointOperations(tokens: tokens, attentionPairs: attentionPairs)
  }

  /// A verified step reads the weights once for all the tokens that it yields.
  public func weightBytes(batch: Int) -> Double {
    verified.weightBytes(batch: batch) / acceptedTokensPerStep
  }

  private func share(of value: Int128) -> Int128 {
    FixedPoint.whole((Double(value) / acceptedTokensPerStep).rounded(.up))
  }
}

extension Fleet {
  /// The fleet with decode steps that each yield several tokens per request.
  ///
  /// - Parameters:
  ///   - acceptedTokensPerStep: Mean tokens that a verified step yields per request, at least 1:
  ///     1.5–1.9 with one MTP head, 2.5–3.6 with EAGLE-3 or a draft model at small batches. It
  ///     replaces what the fleet had before; 1 is none.
  ///   - draftedTokens: Tokens that each step drafts; nil for the fewest that can yield the mean.
  /// - Returns: The fleet, whose decode and mixed pools have the costs of `SpeculativeCosts`.
  public func speculating(acceptedTokensPerStep: Double, draftedTokens: Int? = nil) -> Fleet {
    var fleet = self
    fleet.acceptedTokensPerStep = acceptedTokensPerStep
    for index in pools.indices where pools[index].role != .prefill {
      let costs = pools[index].kind.costs
      let base = (costs as? SpeculativeCosts)?.base ?? costs
      fleet.pools[index].kind.costs =
        acceptedTokensPerStep == 1
        ? base
        : SpeculativeCosts(
          base,
          acceptedTokensPerStep: acceptedTokensPerStep,
          draftedTokens: draftedTokens
        )
    }
    return fleet
  }
}
