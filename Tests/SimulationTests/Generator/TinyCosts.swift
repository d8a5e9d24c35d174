import Hardware

/// Linear costs in whole nanoseconds, small enough that boundaries of different instances meet.
///
/// KV traffic costs a fraction of a nanosecond per byte, so inner clocks can leave whole times.
struct TinyCosts: CostModel {
  var decodeBase: Int64
  var decodePerRequest: Int64
  /// Nanoseconds per byte read, as a fraction.
  var kvNumerator: Int64
  var kvDenominator: Int64
  /// Time of KV traffic that the compute hides, in nanoseconds: the curve has a kink there.
  var kvHidden: Int64 = 0
  /// Left out beside a decode step.
  var passBase: Int64
  var passPerToken: Int64
  /// Nanoseconds per pair of a new token and a token that it attends to, as a fraction.
  var attentionNumerator: Int64
  var attentionDenominator: Int64

  func decodeStep(batch: Int, kvBytes: Double) -> StepCost {
    let traffic = max(Int64(kvBytes) * kvNumerator, kvHidden * kvDenominator)
    return cost(
      nanoseconds: decodeBase + decodePerRequest * Int64(batch),
      plus: traffic,
      over: kvDenominator
    )
  }

  func prefillPass(tokens: Int, decodeBatch: Int) -> StepCost {
    cost(nanoseconds: (decodeBatch > 0 ? 0 : passBase) + passPerToken * Int64(tokens))
  }

  func prefillAttention(newTokens: Int, pastTokens: Int) -> StepCost {
    let pairs = Int64(newTokens * pastTokens + newTokens * (newTokens + 1) / 2)
    return cost(nanoseconds: 0, plus: pairs * attentionNumerator, over: attentionDenominator)
  }

  func floatingPointOperations(tokens: Double, attentionPairs: Double) -> Double {
    2 * tokens + attentionPairs
  }

  func weightBytes(batch: Int) -> Double { 1_000 }

  /// Energy is 3 nJ per nanosecond: whatever it is, it must not move a time.
  private func cost(nanoseconds: Int64, plus part: Int64 = 0, over whole: Int64 = 1) -> StepCost {
    let time =
      FixedPoint.fine(nanoseconds: nanoseconds) + FixedPoint.fine(nanoseconds: part)
      / FineTime(whole)
    return StepCost(time: time, energy: 3 * time)
  }
}
