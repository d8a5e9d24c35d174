extension RooflineCosts {
  /// The matrix products of `rows` token rows of a decode step: weights to read and operations, each
  /// alone, in seconds.
  func decodeProducts(rows: Int) -> (weights: Double, compute: Double) {
    (
      work.weightBytes(tokens: rows, copies: parallelism.attentionRanks) / effectiveBandwidth,
      Double(rows) * work.tokenOperations / effectiveDecodeGEMM
    )
  }

  /// A rank that serves its own requests waits for the fullest one.
  private func fullestShare(_ batch: Int) -> Double {
    Double(parallelism.requestsPerRank(batch) * parallelism.attentionRanks) / Double(batch)
  }

  /// What a step moves of states beyond the one reading that KV counts: each is written, and verifying
  /// drafts keeps one state per token row, so that it can go back to that of the last accepted one.
  private func stateTraffic(_ batch: Int) -> Double {
    Double(batch * (2 * tokensPerRequest - 1)) * stateBytes
  }

  public func decodeTerms(batch: Int, kvBytes: Double) -> StepBreakdown {
    let rows = batch * tokensPerRequest
    let products = decodeProducts(rows: rows)
    let both = Self.overlapped(products.weights, products.compute)
    let read = kvBytes * fullestShare(batch)
    let attention =
      read * Double(tokensPerRequest) * work.operationsPerKVByte / effectiveDecodeAttention
    return StepBreakdown([
      StepTerm(
        "weights",
        seconds: products.weights,
        addedSeconds: both - (products.weights < products.compute ? products.compute : 0),
        rule: "weights that the batch reads ÷ bandwidth × efficiency"
      ),
      StepTerm(
        "matrix products",
        seconds: products.compute,
        addedSeconds: products.weights < products.compute ? products.compute : 0,
        rule: "operations ÷ peak × efficiency; overlaps with the weights"
      ),
      StepTerm(
        "KV",
        seconds: (read * kvReplication + stateTraffic(batch)) / effectiveBandwidth,
        rule: "KV of the batch, with copies, and states, ÷ bandwidth × efficiency"
      ),
      StepTerm("attention", seconds: attention, rule: "operations over the KV ÷ attention rate"),
      StepTerm(
        "expert traffic",
        seconds: Double(rows) * expertTrafficTime,
        rule: "activations to the experts and back ÷ bandwidth of a chip"
      ),
      StepTerm("layers", seconds: floor, rule: "time per layer that no work hides"),
      StepTerm(
        "collectives",
        seconds: collectives.latency + collectives.transferSeconds(tokens: Double(rows)),
        rule: "all-reduce, or exchange around experts, per layer"
      ),
      StepTerm(
        "host",
        seconds: hostTime + Double(rows) * requestTime,
        rule: "per step, and per token row"
      ),
    ])
  }

  public func decodeStep(batch: Int, kvBytes: Double) -> StepCost {
    let rows = batch * tokensPerRequest
    let products = decodeProducts(rows: rows)
    let read = kvBytes * fullestShare(batch)
    let attentionOperations = read * Double(tokensPerRequest) * work.operationsPerKVByte
    let kvTraffic = read * kvReplication + stateTraffic(batch)
    let memory = kvTraffic / effectiveBandwidth
    let attention = attentionOperations / effectiveDecodeAttention
    let exchange = collectives.latency + collectives.transferSeconds(tokens: Double(rows))
    let host = hostTime + Double(rows) * requestTime
    let step =
      Self.overlapped(products.weights, products.compute) + memory + attention + floor + exchange
      + host + Double(rows) * expertTrafficTime
    let bytes =
      work.weightBytes(tokens: rows, copies: parallelism.attentionRanks) + kvTraffic
    return cost(
      seconds: max(step, 1e-9),
      idealMemorySeconds: bytes / bandwidth,
      idealComputeSeconds: Double(rows) * work.tokenOperations / peak
        + attentionOperations / attentionPeak
    )
  }
}
