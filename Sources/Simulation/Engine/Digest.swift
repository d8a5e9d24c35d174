import Workload

extension RequestRecord {
  /// The hash of what the run decided about this request.
  @inline(__always) var digest: UInt128 {
    var hash = Digest128()
    hash.add(record)
    hash.add(Int64(outcome.rawValue) << 8 | Int64(reason))
    hash.add(Int64(promptTokens) << 32 | Int64(outputTokens))
    hash.add(Int64(emittedTokens) << 32 | Int64(preemptions))
    hash.add(Int64(swaps) << 8 | Int64(handoff.rawValue))
    hash.add(Int64(prefillInstance) << 32 ^ Int64(decodeInstance))
    hash.add(arrival)
    hash.add(prefillStart)
    hash.add(prefillEnd)
    hash.add(transferEnd)
    hash.add(decodeStart)
    hash.add(firstToken)
    hash.add(finish)
    hash.add(transferBytes)
    hash.add(Int64(hitTokens) << 32 ^ Int64(decodeHitTokens))
    hash.add(Int64(loadedTokens))
    hash.add(sessionStart)
    hash.add(stages.gateway)
    hash.add(stages.prefillQueue)
    hash.add(stages.prefill)
    hash.add(stages.transfer)
    hash.add(stages.decodeQueue)
    hash.add(stages.decode)
    hash.add(stages.stall)
    return hash.value
  }
}

extension InstanceTotals {
  /// The hash of the integrals of instance `index`.
  func digest(index: Int) -> UInt128 {
    var hash = Digest128()
    hash.add(index)
    hash.add(wide: busy)
    hash.add(wide: energy)
    hash.add(wide: tokenTime)
    hash.add(wide: windowTokenTime)
    hash.add(wide: unitsRead)
    hash.add(wide: attentionPairs)
    hash.add(steps)
    hash.add(decodeTokens)
    hash.add(prefillTokens)
    hash.add(peakUnits)
    hash.add(preemptions)
    hash.add(bytesSent)
    hash.add(bytesReceived)
    hash.add(bytesSwappedOut)
    hash.add(bytesSwappedIn)
    hash.add(hitTokens)
    hash.add(tokensNotSent)
    hash.add(tokensLoaded)
    hash.add(bytesLoaded)
    hash.add(evictedBlocks)
    hash.add(retentions)
    hash.add(retentionsDiscarded)
    hash.add(retentionsYielded)
    hash.add(bytesWrittenBack)
    hash.add(writeBacks)
    hash.add(writeBacksDropped)
    return hash.value
  }
}
