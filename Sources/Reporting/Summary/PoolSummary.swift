public import Hardware
import Simulation

/// How a pool's hardware was used over the simulated span, or over the measured part of it. Shares
/// run from 0 to 1; those of a window may exceed 1, since a step counts as a whole at the
/// boundary where it ends.
public struct PoolSummary: Sendable, Equatable {
  public var name: String
  public var role: Role
  public var instances: Int
  /// Share of the span in which an instance was in a step.
  public var busyShare: Double
  /// What the load estimate predicted for `busyShare`; nil where none was asked for.
  public var estimatedShare: Double?
  /// Model floating-point operations ÷ peak.
  public var computeShare: Double
  /// Weight and KV bytes that decode steps read ÷ peak; nil for a pool that does not decode.
  public var bandwidthShare: Double?
  /// KV held or reserved ÷ capacity, over time.
  public var meanKVShare: Double
  /// The same at its highest, of the instance where it was highest; nil for a window, since only the
  /// peak of the whole run is known.
  public var peakKVShare: Double?
  /// Bytes handed off ÷ NIC rate, of the busier direction.
  public var linkShare: Double
  /// Mean requests per decode step; nil for a pool that does not decode.
  public var meanBatch: Double?
  /// Energy of its steps.
  public var joules: Double
  /// Energy between steps.
  public var idleJoules: Double
  /// What its chips cost over the time, busy or not; nil where no price is known.
  public var dollars: Double?
  /// How far its step times can be expected to be from measured ones; nil where nothing is known.
  public var expectedError: ExpectedError?
  public var preemptions: Int64
  /// KV that preemptions moved to host memory, and what came back, in bytes.
  public var bytesSwappedOut: Int64
  public var bytesSwappedIn: Int64
  public var cache: CacheTotals

  /// The pools of a run; `measuresWindow` takes the totals of its window.
  static func all(
    fleet: Fleet,
    result: RunResult,
    measuresWindow: Bool,
    estimates: [Double]?
  ) -> [PoolSummary] {
    let instances = measuresWindow ? result.windowInstances : result.instances
    let stepsAtBatch = measuresWindow ? result.windowStepsAtBatch : result.stepsAtBatch
    let span = measuresWindow ? result.windowLength : result.end
    var first = 0
    return fleet.pools.enumerated().map { index, pool in
      let last = min(first + pool.count, instances.count)
      defer { first += pool.count }
      let totals = PoolTotals(instances[min(first, last)..<last])
      let steps = index < stepsAtBatch.count ? stepsAtBatch[index] : []
      let estimate = estimates.flatMap { index < $0.count ? $0[index] : nil }
      return PoolSummary(
        pool,
        totals: totals,
        hasPeak: !measuresWindow,
        stepsAtBatch: steps,
        spanSeconds: Double(span) * 1e-9,
        tokensPerStep: fleet.acceptedTokensPerStep,
        estimate: estimate
      )
    }
  }

  private init(
    _ pool: Pool,
    totals: PoolTotals,
    hasPeak: Bool,
    stepsAtBatch: [Int64],
    spanSeconds: Double,
    tokensPerStep: Double,
    estimate: Double?
  ) {
    let kind = pool.kind
    let (kv, sum) = (kind.kv, totals.sum)
    let instanceSeconds = spanSeconds * Double(pool.count)
    func share(_ amount: Double, of rate: Double) -> Double {
      let available = rate * instanceSeconds
      return available > 0 ? amount / available : 0
    }
    let decodes = sum.decodeSteps > 0
    let kvTime =
      Double(kv.fullUnitsPerToken) * Double(sum.tokenTime)
      + Double(kv.windowUnitsPerToken) * Double(sum.windowTokenTime)

    name = pool.name
    role = pool.role
    instances = pool.count
    busyShare = share(Self.seconds(sum.busy), of: 1)
    estimatedShare = estimate
    computeShare = share(Self.operations(kind, sum), of: kind.peakOperationsPerSecond)
    bandwidthShare =
      decodes
      ? share(
        Self.decodeBytes(kind, sum, stepsAtBatch: stepsAtBatch, tokensPerStep: tokensPerStep),
        of: kind.memoryBytesPerSecond
      ) : nil
    meanKVShare = share(kvTime * 0x1p-32 * 1e-9, of: Double(kind.kvCapacityUnits))
    peakKVShare =
      hasPeak ? Double(totals.peakUnits) / Double(max(kind.kvCapacityUnits, 1)) : nil
    linkShare = share(
      Double(max(sum.bytesSent, sum.bytesReceived)),
      of: Double(kind.nicBytesPerSecond)
    )
    meanBatch = decodes ? Double(sum.decodeTokens) / Double(sum.decodeSteps) : nil
    joules = Double(sum.energy) * 0x1p-32 * 1e-9
    // A step counts at its end, so that a window may have more busy time than it has time.
    let idleSeconds = max(0, instanceSeconds - Self.seconds(sum.busy))
    idleJoules = kind.idleWatts * idleSeconds
    dollars = kind.dollarsPerHour.map { $0 * instanceSeconds / 3_600 }
    expectedError = kind.expectedError
    preemptions = sum.preemptions
    bytesSwappedOut = sum.bytesSwappedOut
    bytesSwappedIn = sum.bytesSwappedIn
    cache = totals.cache
  }

  private static func seconds(_ time: FineTime) -> Double { Double(time) * 0x1p-32 * 1e-9 }

  /// Speculation needs no factor: as many more tokens are emitted in the same time.
  private static func operations(_ kind: InstanceKind, _ sum: InstanceTotals) -> Double {
    kind.costs.floatingPointOperations(
      tokens: Double(sum.prefillTokens + sum.decodeTokens),
      attentionPairs: Double(sum.attentionPairs) + decodePairs(kind.kv, sum)
    )
  }

  /// Pairs of a decoded token with a token of its context, from the units that decode steps read.
  ///
  /// Those are full × Σ context + window × Σ min(context, window tokens). The larger of the two
  /// bounds is exact where all contexts are longer than the window, and where all are shorter.
  private static func decodePairs(_ kv: KVShape, _ sum: InstanceTotals) -> Double {
    let units = Double(sum.unitsRead)
    let (full, window) = (Double(kv.fullUnitsPerToken), Double(kv.windowUnitsPerToken))
    let inWindow = units / (full + window)
    guard full > 0 else { return inWindow }
    let windowUnits = window * Double(kv.windowTokens) * Double(sum.decodeTokens)
    return max(inWindow, (units - windowUnits) / full)
  }

  /// A step that verifies several tokens reads the KV once for all of them, as it does the weights,
  /// where the costs have taken care of it.
  private static func decodeBytes(
    _ kind: InstanceKind,
    _ sum: InstanceTotals,
    stepsAtBatch: [Int64],
    tokensPerStep: Double
  ) -> Double {
    let weights = stepsAtBatch.enumerated().reduce(0.0) { bytes, entry in
      entry.element == 0
        ? bytes : bytes + Double(entry.element) * kind.costs.weightBytes(batch: entry.offset)
    }
    return weights + Double(sum.unitsRead) * Double(kind.kv.unitBytes) / tokensPerStep
  }
}

/// The totals of a pool's instances together.
private struct PoolTotals {
  var sum = InstanceTotals()
  /// Of the instance where it was highest.
  var peakUnits: Int64 = 0
  var cache = CacheTotals()

  init(_ instances: ArraySlice<InstanceTotals>) {
    for instance in instances {
      sum.busy += instance.busy
      sum.energy += instance.energy
      sum.tokenTime += instance.tokenTime
      sum.windowTokenTime += instance.windowTokenTime
      sum.decodeSteps += instance.decodeSteps
      sum.decodeTokens += instance.decodeTokens
      sum.prefillTokens += instance.prefillTokens
      sum.attentionPairs += instance.attentionPairs
      sum.unitsRead += instance.unitsRead
      sum.preemptions += instance.preemptions
      sum.bytesSent += instance.bytesSent
      sum.bytesReceived += instance.bytesReceived
      sum.bytesSwappedOut += instance.bytesSwappedOut
      sum.bytesSwappedIn += instance.bytesSwappedIn
      peakUnits = max(peakUnits, instance.peakUnits)
      cache.merge(CacheTotals(instance))
    }
  }
}
