/// What prompts cost on one instance kind, each length computed once.
///
/// Most steps with prompts compute whole prompts that nothing decodes beside, so their costs depend on
/// one length alone; the formulas behind them take longer than the rest of such a step.
public struct PrefillCosts: Sendable {
  public let model: any CostModel

  /// The costs of so many tokens with nothing before or beside them, by their number; a pass that
  /// takes no time has not been asked for.
  private struct Alone {
    var pass = StepCost(time: 0, energy: 0)
    var attention = StepCost(time: 0, energy: 0)
  }

  private var known: ContiguousArray<Alone> = []

  /// Lengths beyond this are too rare to be kept.
  private static let longestKept = 1 << 14

  public init(_ model: any CostModel) { self.model = model }

  /// `CostModel.prefillPass`.
  @inline(__always)
  public mutating func pass(tokens: Int, decodeBatch: Int) -> StepCost {
    if decodeBatch == 0, tokens < known.count, known[tokens].pass.time > 0 {
      return known[tokens].pass
    }
    return findPass(tokens: tokens, decodeBatch: decodeBatch)
  }

  /// `CostModel.prefillAttention`.
  @inline(__always)
  public mutating func attention(newTokens: Int, pastTokens: Int) -> StepCost {
    if pastTokens == 0, newTokens < known.count, known[newTokens].pass.time > 0 {
      return known[newTokens].attention
    }
    return findAttention(newTokens: newTokens, pastTokens: pastTokens)
  }

  private mutating func findPass(tokens: Int, decodeBatch: Int) -> StepCost {
    guard decodeBatch == 0, learn(tokens) else {
      return model.prefillPass(tokens: tokens, decodeBatch: decodeBatch)
    }
    return known[tokens].pass
  }

  private mutating func findAttention(newTokens: Int, pastTokens: Int) -> StepCost {
    guard pastTokens == 0, learn(newTokens) else {
      return model.prefillAttention(newTokens: newTokens, pastTokens: pastTokens)
    }
    return known[newTokens].attention
  }

  /// Computes what so many tokens cost alone; says whether it keeps that.
  private mutating func learn(_ tokens: Int) -> Bool {
    guard tokens > 0, tokens <= Self.longestKept else { return false }
    while known.count <= tokens { known.append(Alone()) }
    known[tokens].pass = model.prefillPass(tokens: tokens, decodeBatch: 0)
    known[tokens].attention = model.prefillAttention(newTokens: tokens, pastTokens: 0)
    return true
  }
}
