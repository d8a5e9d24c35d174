extension RooflineCosts {
  /// Operations of `tokens` prompt tokens over the rate that GEMMs of that size reach, in seconds.
  ///
  /// ε(m) = ε · m/√(m² + M²), so that m tokens take as long as √(m² + M²) at full efficiency. The
  /// tokens of a pass spread over the experts: each multiplies m = tokens · k/E of them.
  private func promptCompute(tokens: Double) -> Double {
    let dense = (tokens * tokens + gemmRampTokens * gemmRampTokens).squareRoot()
    guard work.promptExpertOperations > 0 else {
      return work.promptDenseOperations * dense / effectiveGEMM
    }
    let full = expertRampTokens / work.activeExpertShare
    let routed = (tokens * tokens + full * full).squareRoot()
    return (work.promptDenseOperations * dense + work.promptExpertOperations * routed)
      / effectiveGEMM
  }

  /// What the matrix products of a pass add to those of the decode step beside it, in seconds.
  private func products(tokens: Int, decodeBatch: Int) -> (alone: Double, added: Double) {
    let rows = decodeBatch * tokensPerRequest
    let weightBytes = work.weightBytes(tokens: tokens + rows, copies: parallelism.attentionRanks)
    let weights = weightBytes / effectiveBandwidth
    let compute = promptCompute(tokens: Double(tokens))
    let alone = Self.overlapped(weights, compute)
    guard decodeBatch > 0 else { return (alone, alone) }
    let paid = decodeProducts(rows: rows)
    let together = Self.overlapped(weights, compute + paid.compute)
    return (alone, together - Self.overlapped(paid.weights, paid.compute))
  }

  /// Beside a decode step, which pays for the weights it reads, its own products, the layers' time,
  /// the host and the latency of collectives, a pass costs what it adds to them.
  public func prefillPass(tokens: Int, decodeBatch: Int) -> StepCost {
    let transfer = collectives.transferSeconds(tokens: Double(tokens))
    let added = products(tokens: tokens, decodeBatch: decodeBatch).added
    let ideal = (work.promptDenseOperations + work.promptExpertOperations) * Double(tokens) / peak
    let copies = parallelism.attentionRanks
    let rows = decodeBatch * tokensPerRequest
    let paidBytes = decodeBatch > 0 ? work.weightBytes(tokens: rows, copies: copies) : 0
    let bytes = work.weightBytes(tokens: tokens + rows, copies: copies) - paidBytes
    let alone = decodeBatch > 0 ? 0 : collectives.latency + hostTime + floor
    let seconds = added + transfer + promptFloor + alone + Double(tokens) * expertTrafficTime
    return cost(
      seconds: decodeBatch > 0 ? seconds : max(seconds, 1e-9),
      idealMemorySeconds: bytes / bandwidth,
      idealComputeSeconds: ideal
    )
  }

  /// Kernels reach a₀ · L/(L + K) of the peak over a whole prompt of L tokens. Its L²/2 pairs then
  /// take as long as L²/2 + L · K/2 at the efficiency a₀: every query costs K/2 further keys. Said
  /// that way the law holds for a chunk after earlier ones, and chunks of a prompt add up to the
  /// whole. In sliding-window layers the pairs are few, and are taken at a₀.
  private func attentionOperations(newTokens: Int, pastTokens: Int) -> (
    ideal: Double, ramped: Double
  ) {
    let full = ModelWork.fullPairs(newTokens: newTokens, pastTokens: pastTokens)
    let window = work.windowPairs(newTokens: newTokens, pastTokens: pastTokens)
    let ramp = Double(newTokens) * attentionRampTokens / 2
    let windowOperations = window * work.windowPairOperations
    return (
      full * work.fullPairOperations + windowOperations,
      (full + ramp) * work.fullPairOperations + windowOperations
    )
  }

  public func prefillAttention(newTokens: Int, pastTokens: Int) -> StepCost {
    let operations = attentionOperations(newTokens: newTokens, pastTokens: pastTokens)
    return cost(
      seconds: operations.ramped / effectiveAttention,
      idealMemorySeconds: 0,
      idealComputeSeconds: operations.ideal / attentionPeak
    )
  }

  public func prefillTerms(newTokens: Int, pastTokens: Int, decodeBatch: Int) -> StepBreakdown {
    let products = products(tokens: newTokens, decodeBatch: decodeBatch)
    let operations = attentionOperations(newTokens: newTokens, pastTokens: pastTokens)
    var terms = [
      StepTerm(
        "matrix products",
        seconds: products.alone,
        addedSeconds: products.added,
        rule: "operations ÷ rate at this many tokens; overlaps with reading the weights"
      ),
      StepTerm(
        "attention",
        seconds: operations.ramped / effectiveAttention,
        rule: "pairs of query and key ÷ attention rate"
      ),
      StepTerm(
        "expert traffic",
        seconds: Double(newTokens) * expertTrafficTime,
        rule: "activations to the experts and back ÷ bandwidth of a chip"
      ),
      StepTerm(
        "collectives",
        seconds: collectives.transferSeconds(tokens: Double(newTokens)),
        rule: "all-reduce, or exchange around experts, per layer"
      ),
      StepTerm("launches", seconds: promptFloor, rule: "time per layer that no graph replays"),
    ]
    if decodeBatch == 0 {
      terms.append(StepTerm("layers", seconds: floor, rule: "time per layer that no work hides"))
      terms.append(
        StepTerm("latency", seconds: collectives.latency, rule: "of collectives, per layer")
      )
      terms.append(StepTerm("host", seconds: hostTime, rule: "per step"))
    }
    return StepBreakdown(terms)
  }
}
