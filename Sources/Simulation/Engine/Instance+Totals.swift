import Hardware
import Workload

extension Instance {
  /// Its totals once so many more steps of the running segment have ended, at a time not before that; of
  /// the step that runs then, what of it has passed counts as busy.
  mutating func totals(
    after steps: Int64,
    at time: SimTime,
    _ curves: inout DecodeCurves
  ) -> InstanceTotals {
    let (clockNow, totalsNow) = (clock, totals)
    defer { (clock, totals) = (clockNow, totalsNow) }
    let end = stepEnd(after: steps, curves: &curves)
    if steps > 0 {
      var unused: ContiguousArray<TokenIntervals> = []
      totals.steps += steps
      totals.decodeSteps += steps
      totals.decodeTokens += steps * Int64(batch)
      bookSeries(
        steps: steps,
        skipsFirstInterval: false,
        curves: &curves,
        intervals: &unused
      )
    }
    totals.busy += runningTime(until: end, at: time)
    let elapsed = max(0, time - heldSince)
    let held = heldTime + wideProduct(heldTokens, elapsed)
    let heldWindow = heldWindowTime + wideProduct(heldWindowTokens, elapsed)
    totals.tokenTime += held << FixedPoint.fractionBits
    totals.windowTokenTime += heldWindow << FixedPoint.fractionBits
    return totals
  }
}

extension Instance {
  /// When the step ends that follows so many steps of the running segment, on the inner clock; at once
  /// where nothing runs.
  mutating func stepEnd(after steps: Int64, curves: inout DecodeCurves) -> FineTime {
    guard isStepping else { return clock }
    return chunks.count > 0
      ? clock + segment.time : clock + segment.series.time(steps: steps + 1, curves: &curves)
  }

  /// How much of the step that began last has passed at a time.
  func runningTime(until end: FineTime, at time: SimTime) -> FineTime {
    isStepping ? max(0, min(end, FixedPoint.fine(nanoseconds: time)) - clock) : 0
  }
}

extension InstanceTotals {
  /// What was added since earlier totals; the peak stays that of the whole run.
  func since(_ earlier: InstanceTotals) -> InstanceTotals {
    var part = self
    part.busy -= earlier.busy
    part.energy -= earlier.energy
    part.tokenTime -= earlier.tokenTime
    part.windowTokenTime -= earlier.windowTokenTime
    part.steps -= earlier.steps
    part.boundaries -= earlier.boundaries
    part.decodeSteps -= earlier.decodeSteps
    part.decodeTokens -= earlier.decodeTokens
    part.prefillTokens -= earlier.prefillTokens
    part.attentionPairs -= earlier.attentionPairs
    part.unitsRead -= earlier.unitsRead
    part.preemptions -= earlier.preemptions
    part.bytesSent -= earlier.bytesSent
    part.bytesReceived -= earlier.bytesReceived
    part.bytesSwappedOut -= earlier.bytesSwappedOut
    part.bytesSwappedIn -= earlier.bytesSwappedIn
    part.hitTokens -= earlier.hitTokens
    part.tokensNotSent -= earlier.tokensNotSent
    part.tokensLoaded -= earlier.tokensLoaded
    part.bytesLoaded -= earlier.bytesLoaded
    part.evictedBlocks -= earlier.evictedBlocks
    part.retentions -= earlier.retentions
    part.retentionsDiscarded -= earlier.retentionsDiscarded
    part.retentionsYielded -= earlier.retentionsYielded
    part.bytesWrittenBack -= earlier.bytesWrittenBack
    part.writeBacks -= earlier.writeBacks
    part.writeBacksDropped -= earlier.writeBacksDropped
    return part
  }
}

extension InstanceTotals {
  /// Adds what another instance of its pool did.
  mutating func add(_ other: InstanceTotals) {
    busy += other.busy
    energy += other.energy
    tokenTime += other.tokenTime
    windowTokenTime += other.windowTokenTime
    peakUnits += other.peakUnits
    steps += other.steps
    boundaries += other.boundaries
    decodeSteps += other.decodeSteps
    decodeTokens += other.decodeTokens
    prefillTokens += other.prefillTokens
    attentionPairs += other.attentionPairs
    unitsRead += other.unitsRead
    preemptions += other.preemptions
    bytesSent += other.bytesSent
    bytesReceived += other.bytesReceived
    bytesSwappedOut += other.bytesSwappedOut
    bytesSwappedIn += other.bytesSwappedIn
    hitTokens += other.hitTokens
    tokensNotSent += other.tokensNotSent
    tokensLoaded += other.tokensLoaded
    bytesLoaded += other.bytesLoaded
    evictedBlocks += other.evictedBlocks
    retentions += other.retentions
    retentionsDiscarded += other.retentionsDiscarded
    retentionsYielded += other.retentionsYielded
    bytesWrittenBack += other.bytesWrittenBack
    writeBacks += other.writeBacks
    writeBacksDropped += other.writeBacksDropped
  }
}
