import Hardware
import Simulation
import Workload

/// What one instance did; the integrals over time and the energy of `InstanceTotals` are not counted.
struct TwinTotals: Sendable, Equatable {
  /// Σ step durations, in 2⁻³² ns.
  var busy: FineTime = 0
  /// Largest KV held or reserved, in units.
  var peakUnits: Int64 = 0
  var steps: Int64 = 0
  var decodeSteps: Int64 = 0
  /// Σ batch over decode steps.
  var decodeTokens: Int64 = 0
  var prefillTokens: Int64 = 0
  /// Σ KV units read by decode steps.
  var unitsRead: Int128 = 0
  var preemptions: Int64 = 0
  var bytesSent: Int64 = 0
  var bytesReceived: Int64 = 0
  var bytesSwappedOut: Int64 = 0
  var bytesSwappedIn: Int64 = 0
  /// Tokens that were cached when contexts were to be computed, and when they were to be handed off.
  var hitTokens: Int64 = 0
  var tokensNotSent: Int64 = 0
  /// Tokens that came from tiers, and the bytes of their blocks.
  var tokensLoaded: Int64 = 0
  var bytesLoaded: Int64 = 0
  var evictedBlocks: Int64 = 0
  var retentions: Int64 = 0
  var retentionsDiscarded: Int64 = 0
  var retentionsYielded: Int64 = 0
  var bytesWrittenBack: Int64 = 0
  var writeBacks: Int64 = 0
  var writeBacksDropped: Int64 = 0
}

extension TwinTotals {
  /// The same figures of what the engine counted.
  init(_ totals: InstanceTotals) {
    busy = totals.busy
    peakUnits = totals.peakUnits
    steps = totals.steps
    decodeSteps = totals.decodeSteps
    decodeTokens = totals.decodeTokens
    prefillTokens = totals.prefillTokens
    unitsRead = totals.unitsRead
    preemptions = totals.preemptions
    bytesSent = totals.bytesSent
    bytesReceived = totals.bytesReceived
    bytesSwappedOut = totals.bytesSwappedOut
    bytesSwappedIn = totals.bytesSwappedIn
    hitTokens = totals.hitTokens
    tokensNotSent = totals.tokensNotSent
    tokensLoaded = totals.tokensLoaded
    bytesLoaded = totals.bytesLoaded
    evictedBlocks = totals.evictedBlocks
    retentions = totals.retentions
    retentionsDiscarded = totals.retentionsDiscarded
    retentionsYielded = totals.retentionsYielded
    bytesWrittenBack = totals.bytesWrittenBack
    writeBacks = totals.writeBacks
    writeBacksDropped = totals.writeBacksDropped
  }
}

/// All that a run of the twin leaves.
struct TwinResult: Sendable {
  /// One per offered request, by record.
  var records: [RequestRecord]
  /// One per session that started, by session; none in an open loop.
  var sessions: [SessionRecord]
  /// Requests of those sessions that were not due before the horizon.
  var notDue: Int64
  /// One per instance.
  var totals: [TwinTotals]
  var census: TwinCensus
}
