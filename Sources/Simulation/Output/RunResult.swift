public import Workload

/// Totals of one instance over a run; integers, so sums are exact in any order.
public struct InstanceTotals: Sendable, Equatable {
  /// Time in steps, in 2⁻³² ns; everything else is counted at the end of a step.
  public var busy: Int128 = 0
  /// Σ step energies, in 2⁻³² nJ.
  public var energy: Int128 = 0
  /// ∫ KV tokens held or reserved dt, in tokens × 2⁻³² ns.
  public var tokenTime: Int128 = 0
  /// ∫ tokens inside the sliding window dt, in tokens × 2⁻³² ns.
  public var windowTokenTime: Int128 = 0
  /// Largest KV held or reserved, in units.
  public var peakUnits: Int64 = 0
  public var steps: Int64 = 0
  /// Boundaries at which the engine stopped; `steps` in stepping mode.
  public var boundaries: Int64 = 0
  public var decodeSteps: Int64 = 0
  /// Σ batch over decode steps.
  public var decodeTokens: Int64 = 0
  public var prefillTokens: Int64 = 0
  /// Σ over chunks of new × past + new × (new + 1) / 2.
  public var attentionPairs: Int128 = 0
  /// Σ KV units read by decode steps.
  public var unitsRead: Int128 = 0
  public var preemptions: Int64 = 0
  /// Bytes sent by hand-offs.
  public var bytesSent: Int64 = 0
  public var bytesReceived: Int64 = 0
  /// KV bytes moved to host memory; what came back is at most as much.
  public var bytesSwappedOut: Int64 = 0
  public var bytesSwappedIn: Int64 = 0
  /// Tokens of contexts that were cached here when they were to be computed, and tokens of hand-offs
  /// that did not have to be sent to here.
  public var hitTokens: Int64 = 0
  public var tokensNotSent: Int64 = 0
  /// Tokens that came from tiers here, and the bytes of their blocks.
  public var tokensLoaded: Int64 = 0
  public var bytesLoaded: Int64 = 0
  /// Cached blocks that were evicted.
  public var evictedBlocks: Int64 = 0
  /// Turns whose KV a retention policy held here, or discarded, and how many of the held gave way to
  /// others.
  public var retentions: Int64 = 0
  public var retentionsDiscarded: Int64 = 0
  public var retentionsYielded: Int64 = 0
  /// KV bytes that were sent back from here and have arrived; and write-backs of prompts that were
  /// computed here which arrived here or in the pool's shared tier, or were dropped for want of memory
  /// or of such a tier.
  public var bytesWrittenBack: Int64 = 0
  public var writeBacks: Int64 = 0
  public var writeBacksDropped: Int64 = 0

  public init() {}
}

/// What a run leaves behind besides the records that went to the sink.
public struct RunResult: Sendable {
  public var instances: [InstanceTotals] = []
  /// `stepsAtBatch[p][b]`: decode steps of pool `p` with a batch of `b`.
  public var stepsAtBatch: [[Int64]] = []
  /// Indices of the engine's own reasons, and of what stands for all reasons beyond the table.
  public static let promptTooLong: UInt8 = 1
  public static let outgrewMemory: UInt8 = 2
  static let otherReasons: UInt8 = 255

  /// Reasons of rejections and failures; index 0 is none. A policy's own follow in order of first
  /// use; from the 253rd on they share the last entry.
  public var reasons: [String] = [
    "",
    "prompt exceeds the KV capacity of every instance",
    "outgrew the KV capacity of an empty instance",
  ]
  public var offered: Int64 = 0
  public var outcomes = [Int64](repeating: 0, count: Outcome.allCases.count)
  public var outputTokens: Int64 = 0
  /// The last instant that was processed, in nanoseconds.
  public var end: SimTime = 0
  public var lastArrival: SimTime = 0
  /// Order-free sum of the hashes of all records and instance totals.
  public var resultDigest: UInt128 = 0
  /// For the stability verdict.
  public var load = LoadSeries()
  /// Requests of sessions that have started whose turn never came: it was due after the horizon, or
  /// waits for a request that has not ended. Not offered.
  public var notDue: Int64 = 0
  /// What the instances did in `RunOptions.window`, by the boundaries inside it; `peakUnits` is the
  /// whole run's. Empty without a window.
  public var windowInstances: [InstanceTotals] = []
  public var windowStepsAtBatch: [[Int64]] = []
  /// The window as far as the run reached, in nanoseconds.
  public var windowLength: SimTime = 0
  /// What happened to the record that `RunOptions.explainedRecord` names, in order of time.
  public var life: [LifeEvent] = []

  public init() {}

  public func outcome(_ outcome: Outcome) -> Int64 { outcomes[Int(outcome.rawValue)] }
}

/// Queued prompt tokens of the fleet as each arrival found them, summed over bins of consecutive
/// arrivals; bins double when there are too many, so memory stays bounded.
public struct LoadSeries: Sendable, Equatable {
  /// Arrivals per bin, a power of two; the last bin may hold fewer.
  public private(set) var binWidth: Int64 = 1
  public private(set) var sums: ContiguousArray<Int64> = []
  public private(set) var count: Int64 = 0

  public static let maximumBins = 4_096

  public init() {}

  /// Adds the queued tokens that one arrival found.
  public mutating func append(_ queuedTokens: Int64) {
    if count & (binWidth - 1) == 0 { startBin() }
    sums[sums.count - 1] += queuedTokens
    count += 1
  }

  private mutating func startBin() {
    if sums.count == Self.maximumBins {
      let half = Self.maximumBins / 2
      for i in 0..<half { sums[i] = sums[2 * i] + sums[2 * i + 1] }
      sums.removeLast(half)
      binWidth *= 2
    }
    sums.append(0)
  }

  /// Mean queued tokens over the bins whose first arrival lies in the given share of arrivals.
  public func mean(from: Double, to: Double) -> Double {
    var (sum, arrivals) = (Int64(0), Int64(0))
    for (bin, binSum) in sums.enumerated() {
      let first = Int64(bin) * binWidth
      guard Double(first) >= from * Double(count), Double(first) < to * Double(count) else {
        continue
      }
      sum += binSum
      arrivals += min(binWidth, count - first)
    }
    return arrivals == 0 ? 0 : Double(sum) / Double(arrivals)
  }
}
