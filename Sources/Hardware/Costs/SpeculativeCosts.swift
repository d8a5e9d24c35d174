/// The costs of an instance that verifies drafted tokens (speculative decoding, MTP).
///
/// A verified step takes as long as a plain decode step and yields a mean of
/// `acceptedTokensPerStep` tokens per request. The engine emits one token per step, so a step here
/// is that share of a verified one: its time and energy are divided. Time per output token is right
/// on average; that tokens come in bursts is not modelled, so ITL quantiles are too even. Operations
/// and weights are those of an emitted token and of a step that emits one, so that operations per
/// second are multiplied; those of rejected drafts and of the draft model are left out. Prompts
/// cost what they did.
public struct SpeculativeCosts: CostModel {
  /// The costs without speculation.
  public let base: any CostModel
  /// At least 1.
  public let acceptedTokensPerStep: Double

  public init(_ base: any CostModel, acceptedTokensPerStep: Double) {
    precondition(acceptedTokensPerStep >= 1 && acceptedTokensPerStep.isFinite)
    self.base = base
    self.acceptedTokensPerStep = acceptedTokensPerStep
  }

  public func decodeStep(batch: Int, kvBytes: Double) -> StepCost {
    let cost = base.decodeStep(batch: batch, kvBytes: kvBytes)
    return StepCost(
      time: max(share(of: cost.time), FixedPoint.fine(nanoseconds: 1)),
      energy: share(of: cost.energy)
    )
  }

  public func prefillPass(tokens: Int, decodeBatch: Int) -> StepCost {
    base.prefillPass(tokens: tokens, decodeBatch: decodeBatch)
  }

  public func prefillAttention(newTokens: Int, pastTokens: Int) -> StepCost {
    base.prefillAttention(newTokens: newTokens, pastTokens: pastTokens)
  }

  public func floatingPointOperations(tokens: Double, attentionPairs: Double) -> Double {
    base.floatingPointOperations(tokens: tokens, attentionPairs: attentionPairs)
  }

  /// A verified step reads the weights once for all the tokens that it yields.
  public func weightBytes(batch: Int) -> Double {
    base.weightBytes(batch: batch) / acceptedTokensPerStep
  }

  private func share(of value: Int128) -> Int128 {
    FixedPoint.whole((Double(value) / acceptedTokensPerStep).rounded(.up))
  }
}

extension Fleet {
  /// The fleet with decode steps that each yield several tokens per request.
  ///
  /// - Parameter acceptedTokensPerStep: Mean tokens that a verified step yields per request, at
  ///   least 1: 1.5–1.9 with one MTP head, 2.5–3.6 with EAGLE-3 or a draft model at small batches.
  ///   It replaces what the fleet had before; 1 is none.
  /// - Returns: The fleet, whose decode and mixed pools have the costs of `SpeculativeCosts`.
  public func speculating(acceptedTokensPerStep: Double) -> Fleet {
    var fleet = self
    fleet.acceptedTokensPerStep = acceptedTokensPerStep
    for index in pools.indices where pools[index].role != .prefill {
      let costs = pools[index].kind.costs
      let base = (costs as? SpeculativeCosts)?.base ?? costs
      fleet.pools[index].kind.costs =
        acceptedTokensPerStep == 1
        ? base : SpeculativeCosts(base, acceptedTokensPerStep: acceptedTokensPerStep)
    }
    return fleet
  }
}
