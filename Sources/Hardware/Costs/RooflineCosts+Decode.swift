extension RooflineCosts {
  /// Reads of weights and KV and the operations follow each other; both hide in part behind the
  /// time per layer, and host and all-reduces come on top.
  public func decodeStep(batch: Int, kvBytes: Double) -> StepCost {
    let count = Double(batch)
    let bytes = work.weightBytes(tokens: batch) + kvBytes * kvReplication
    let tokenOperations = count * work.tokenOperations
    let attentionOperations = kvBytes * work.operationsPerKVByte
    let busy =
      bytes / effectiveBandwidth + tokenOperations / effectiveGEMM
      + attentionOperations / effectiveDecodeAttention
    let step = (busy * busy + floor * floor).squareRoot()
    let reduction = allReduce.transferSeconds(bytes: count * activationBytes)
    return cost(
      seconds: max(step + reduction + allReduce.latency + hostTime, 1e-9),
      idealMemorySeconds: bytes / bandwidth,
      idealComputeSeconds: tokenOperations / peak + attentionOperations / attentionPeak
    )
  }
}
