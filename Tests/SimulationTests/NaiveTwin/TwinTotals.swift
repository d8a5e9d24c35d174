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
