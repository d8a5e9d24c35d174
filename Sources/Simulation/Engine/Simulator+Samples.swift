import Hardware
import Workload

// The timeline: what the pools did in every interval, without visiting a boundary for it.
extension Simulator {
  /// Takes the samples that are due before now, after everything that happened at their instants.
  ///
  /// - Throws: `TraceError`, before any is taken, where these are more than the run may take: a wide
  ///   gap between arrivals would else fill memory and disk.
  mutating func takeSamples<Sink: RecordSink>(
    before time: SimTime,
    into sink: inout Sink
  ) throws(TraceError) {
    guard nextSample < time else { return }
    let pools = Int64(fleet.pools.count)
    let instants = (time - 1 - nextSample) / options.sampleInterval + 1
    guard instants <= samplesLeft / pools else {
      throw TraceError(
        .badData,
        file: "timeline",
        problem: "has more than \(RunOptions.mostSamples) rows by \(time / 1_000_000_000) s of "
          + "simulated time; choose a longer --interval"
      )
    }
    samplesLeft -= instants * pools
    while nextSample < time {
      takeSample(at: nextSample)
      if samples.count >= Self.blockSize { flushSamples(into: &sink) }
      let (next, overflow) = nextSample.addingReportingOverflow(options.sampleInterval)
      nextSample = overflow ? .never : next
    }
  }

  /// Takes the samples up to the end of the run; the last interval may be shorter.
  mutating func takeLastSamples<Sink: RecordSink>(
    at end: SimTime,
    into sink: inout Sink
  ) throws(TraceError) {
    try takeSamples(before: end, into: &sink)
    if end > lastSample || end == 0 { takeSample(at: end) }
  }

  mutating func flushSamples<Sink: RecordSink>(into sink: inout Sink) {
    guard !samples.isEmpty else { return }
    sink.receive(samples: samples)
    samples.removeAll(keepingCapacity: true)
  }

  private mutating func takeSample(at time: SimTime) {
    // What is evicted up to the sample must not count before an earlier edge.
    if hasWindow { passWindowEdges(by: time) }
    for pool in fleet.pools.indices {
      samples.append(
        PoolSample(
          pool: Int32(pool),
          start: lastSample,
          end: time,
          gatewayRequests: Int64(gateway.count),
          queuedRequests: 0,
          runningRequests: 0,
          kvUnits: 0,
          work: InstanceTotals()
        )
      )
    }
    let first = samples.count - fleet.pools.count
    for index in instances.indices {
      let (pool, passed) = (instances[index].pool, boundariesPassed(index, by: time))
      settle(index, at: time)
      let units = instances[index].usedUnits + instances[index].batchGrowth * passed
      var totals = instances[index].totals(after: passed, at: time, &curves[pool])
      totals.peakUnits = max(totals.peakUnits, units)
      // How many boundaries the engine has stopped at is no property of the run.
      totals.boundaries = 0
      samples[first + pool].work.add(totals)
      samples[first + pool].kvUnits += units
      samples[first + pool].idleUnits += idleUnits(of: index)
      samples[first + pool].retainedUnits += instances[index].retainedUnits
      samples[first + pool].queuedRequests += Int64(
        instances[index].queuedRequests + instances[index].bridge.count
      )
      samples[first + pool].runningRequests += Int64(
        instances[index].batch + instances[index].partials.count
      )
    }
    for pool in fleet.pools.indices {
      let totals = samples[first + pool].work
      samples[first + pool].work = totals.since(sampledTotals[pool])
      sampledTotals[pool] = totals
    }
    lastSample = time
  }
}
