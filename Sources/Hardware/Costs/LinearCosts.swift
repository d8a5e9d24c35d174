/// Step costs that are linear in their arguments, with integer coefficients.
///
/// For laws and queueing theory, where expected times are computed by hand: a coefficient that is
/// a multiple of 1,000 ps gives times that are exact in whole nanoseconds.
public struct LinearCosts: CostModel {
  /// Fixed part of a decode step, in nanoseconds.
  public var decodeBase: Int64
  /// Picoseconds of a decode step per request.
  public var decodePerRequest: Int64
  /// Picoseconds of a decode step per byte of KV.
  public var decodePerByte: Int64
  /// Fixed part of a prefill pass, in nanoseconds; left out beside a decode step.
  public var prefillBase: Int64
  /// Picoseconds of a prefill pass per token.
  public var prefillPerToken: Int64
  /// Picoseconds of prefill attention per pair of query and key.
  public var attentionPerPair: Int64
  /// Power drawn while a step runs, in watts.
  public var power: Int64

  public init(
    decodeBase: Int64 = 0,
    decodePerRequest: Int64 = 0,
    decodePerByte: Int64 = 0,
    prefillBase: Int64 = 0,
    prefillPerToken: Int64 = 0,
    attentionPerPair: Int64 = 0,
    power: Int64 = 1
  ) {
    self.decodeBase = decodeBase
    self.decodePerRequest = decodePerRequest
    self.decodePerByte = decodePerByte
    self.prefillBase = prefillBase
    self.prefillPerToken = prefillPerToken
    self.attentionPerPair = attentionPerPair
    self.power = power
  }

  public func decodeStep(batch: Int, kvBytes: Double) -> StepCost {
    let perRequest = Int128(decodePerRequest) * Int128(batch)
    let perByte = Int128(decodePerByte) * Int128(kvBytes.rounded(.up))
    return cost(
      picoseconds: Int128(decodeBase) * 1_000 + perRequest + perByte,
      atLeast: FixedPoint.fine(nanoseconds: 1)
    )
  }

  public func prefillPass(tokens: Int, decodeBatch: Int) -> StepCost {
    let perToken = Int128(prefillPerToken) * Int128(tokens)
    if decodeBatch > 0 { return cost(picoseconds: perToken, atLeast: 0) }
    return cost(
      picoseconds: Int128(prefillBase) * 1_000 + perToken,
      atLeast: FixedPoint.fine(nanoseconds: 1)
    )
  }

  public func prefillAttention(newTokens: Int, pastTokens: Int) -> StepCost {
    let new = Int128(newTokens)
    let pairs = new * Int128(pastTokens) + new * (new + 1) / 2
    return cost(picoseconds: Int128(attentionPerPair) * pairs, atLeast: 0)
  }

  /// One operation per token and per pair, so that utilization has something to count.
  public func floatingPointOperations(tokens: Double, attentionPairs: Double) -> Double {
    tokens + attentionPairs
  }

  public func weightBytes(batch: Int) -> Double { 0 }

  /// One watt for one nanosecond is one nanojoule, so that energy is a multiple of fine time.
  private func cost(picoseconds: Int128, atLeast least: FineTime) -> StepCost {
    let fine = ((picoseconds << FixedPoint.fractionBits) + 999) / 1_000
    let time = max(fine, least)
    return StepCost(time: time, energy: time * FineEnergy(power))
  }
}
