public import Workload

/// What the instances of a pool did in an interval of simulated time, and what waits at its end.
public struct PoolSample: Sendable, Equatable {
  /// Index into `Fleet.pools`.
  public var pool: Int32
  /// The interval is what happens after `start` up to and including `end`, in nanoseconds.
  public var start: SimTime
  public var end: SimTime
  /// Requests that the gateway holds at the end; the same for every pool.
  public var gatewayRequests: Int64
  /// Requests that wait at the end for the pool's memory or for their first chunk: in the queues of
  /// instances that compute prompts, and in the bridge queues of those that only decode.
  public var queuedRequests: Int64
  /// Requests in decode batches at the end, and partly computed prompts.
  public var runningRequests: Int64
  /// KV held or reserved at the end, in units of the pool's `KVShape`.
  public var kvUnits: Int64
  /// Cached and used by nobody at the end, in those units: the next to be evicted.
  public var idleUnits: Int64 = 0
  /// Held by retention policies at the end, in those units, each retention counted in full.
  public var retainedUnits: Int64 = 0
  /// What the instances did in the interval, summed over them. `peakUnits` is the sum of what each
  /// has held at most since the run began.
  public var work: InstanceTotals

  public init(
    pool: Int32,
    start: SimTime,
    end: SimTime,
    gatewayRequests: Int64,
    queuedRequests: Int64,
    runningRequests: Int64,
    kvUnits: Int64,
    work: InstanceTotals
  ) {
    self.pool = pool
    self.start = start
    self.end = end
    self.gatewayRequests = gatewayRequests
    self.queuedRequests = queuedRequests
    self.runningRequests = runningRequests
    self.kvUnits = kvUnits
    self.work = work
  }
}
