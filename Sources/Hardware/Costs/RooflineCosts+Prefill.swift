extension RooflineCosts {
  /// Beside a decode step, which pays for the weights it reads and the floor, a pass costs what it
  /// adds to them: √(C² + W² + floor²) − √(D² + floor²), where W is the read of all weights that
  /// the step needs and D of those that decoding alone does, and the part of its all-reduces that
  /// grows with their size. W and D differ for a mixture of experts whose batch is small.
  public func prefillPass(tokens: Int, decodeBatch: Int) -> StepCost {
    // ε(m) = ε · m/√(m² + M²), so that m tokens take as long as √(m² + M²) at full efficiency.
    let count = Double(tokens)
    let rampedTokens = (count * count + gemmRampTokens * gemmRampTokens).squareRoot()
    let compute = work.promptOperations * rampedTokens / effectiveGEMM
    let weightBytes = work.weightBytes(tokens: tokens + decodeBatch)
    let weights = weightBytes / effectiveBandwidth
    let busy = (compute * compute + weights * weights + floor * floor).squareRoot()
    let reduction = allReduce.transferSeconds(bytes: count * activationBytes)
    let idealCompute = work.promptOperations * count / peak
    if decodeBatch > 0 {
      let paidBytes = work.weightBytes(tokens: decodeBatch)
      let paid = paidBytes / effectiveBandwidth
      return cost(
        seconds: busy - (paid * paid + floor * floor).squareRoot() + reduction,
        idealMemorySeconds: (weightBytes - paidBytes) / bandwidth,
        idealComputeSeconds: idealCompute
      )
    }
    return cost(
      seconds: max(busy + reduction + allReduce.latency + hostTime, 1e-9),
      idealMemorySeconds: weightBytes / bandwidth,
      idealComputeSeconds: idealCompute
    )
  }

  /// Kernels reach a₀ · L/(L + K) of the peak over a whole prompt of L tokens. Its L²/2 pairs then
  /// take as long as L²/2 + L · K/2 at the efficiency a₀: every query costs K/2 further keys. Said
  /// that way the law holds for a chunk after earlier ones, and chunks of a prompt add up to the
  /// whole. In sliding-window layers the pairs are few, and are taken at a₀.
  public func prefillAttention(newTokens: Int, pastTokens: Int) -> StepCost {
    let full = ModelWork.fullPairs(newTokens: newTokens, pastTokens: pastTokens)
    let window = work.windowPairs(newTokens: newTokens, pastTokens: pastTokens)
    let ramp = Double(newTokens) * attentionRampTokens / 2
    let windowOperations = window * work.windowPairOperations
    let ramped = (full + ramp) * work.fullPairOperations + windowOperations
    return cost(
      seconds: ramped / effectiveAttention,
      idealMemorySeconds: 0,
      idealComputeSeconds: (full * work.fullPairOperations + windowOperations) / attentionPeak
    )
  }
}
