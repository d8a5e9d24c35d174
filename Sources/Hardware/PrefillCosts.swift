/// What prompts cost on one instance kind.
///
/// Most steps with prompts compute one whole prompt that nothing decodes beside, so that their cost
/// depends on its length alone: each length is computed once, since the formulas behind it take longer
/// than the rest of such a step.
public struct PrefillCosts: Sendable {
  public let model: any CostModel

  /// By length; one that takes no time has not been asked for.
  private var wholePrompts: ContiguousArray<StepCost> = []

  /// Longer prompts are too rare to be kept.
  private static let longestKept = 1 << 14

  public init(_ model: any CostModel) { self.model = model }

  /// The cost of a step that computes a prompt of so many tokens, at least 1, from its start to its
  /// end, and nothing else.
  public mutating func wholePrompt(tokens: Int) -> StepCost {
    if tokens < wholePrompts.count, wholePrompts[tokens].time > 0 { return wholePrompts[tokens] }
    return computeWholePrompt(tokens: tokens)
  }

  private mutating func computeWholePrompt(tokens: Int) -> StepCost {
    let pass = model.prefillPass(tokens: tokens, decodeBatch: 0)
    let attention = model.prefillAttention(newTokens: tokens, pastTokens: 0)
    let cost = StepCost(
      time: pass.time + attention.time,
      energy: pass.energy + attention.energy
    )
    guard tokens <= Self.longestKept else { return cost }
    while wholePrompts.count <= tokens { wholePrompts.append(StepCost(time: 0, energy: 0)) }
    wholePrompts[tokens] = cost
    return cost
  }
}
