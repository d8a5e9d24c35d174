import Simulation

extension InstanceTotals {
  /// What adds up over stretches of time.
  var additive: [Int128] {
    [
      busy, energy, tokenTime, windowTokenTime, Int128(steps), Int128(decodeSteps),
      Int128(decodeTokens), Int128(prefillTokens), attentionPairs, unitsRead, Int128(preemptions),
      Int128(bytesSent), Int128(bytesReceived), Int128(bytesSwappedOut), Int128(bytesSwappedIn),
      Int128(hitTokens), Int128(tokensNotSent), Int128(evictedBlocks), Int128(retentions),
      Int128(retentionsDiscarded), Int128(retentionsYielded), Int128(bytesWrittenBack),
      Int128(writeBacks), Int128(writeBacksDropped),
    ]
  }
}
