import Hardware
import Simulation
import Workload

/// What the cells of a pool's interval are written from.
struct TimelineRow {
  let sample: PoolSample
  let pool: Pool
  let work: PoolWork

  init(_ sample: PoolSample, _ fleet: Fleet) {
    self.sample = sample
    pool = fleet.pools[Int(sample.pool)]
    work = PoolWork(
      sample.work,
      pool.kind,
      instances: pool.count,
      length: sample.end - sample.start
    )
  }
}

/// `timeline.csv`: one row per interval and pool.
enum TimelineTable {
  static let schema = TableSchema(
    name: "timeline",
    file: "timeline.csv",
    summary: "One row per interval of simulated time and pool. What was done in an interval counts "
      + "as a whole at the boundary where a step ends, so shares exceed 1 in intervals shorter than "
      + "a step, and can slightly in longer ones.",
    columns: columns.map(\.schema)
  )

  static let columns = states + work

  private static let states: [TableColumn<TimelineRow>] = [
    .seconds("start_seconds", "The interval is what happens after this instant,") {
      $1.append(seconds: $0.sample.start)
    },
    .seconds("end_seconds", "up to and including this one.") {
      $1.append(seconds: $0.sample.end)
    },
    .string("pool", "The pool.") { $1.append(text: $0.pool.name) },
    .string("role", "prefill, decode or mixed.") { $1.append(text: $0.pool.role.rawValue) },
    .integer(
      "gateway_requests",
      "requests",
      "Requests that the gateway holds at the end; the same for every pool."
    ) { $1.append(integer: $0.sample.gatewayRequests) },
    .integer(
      "queued_requests",
      "requests",
      "Requests that wait at the end for the pool's memory or for their first chunk."
    ) { $1.append(integer: $0.sample.queuedRequests) },
    .integer(
      "running_requests",
      "requests",
      "Requests in decode batches at the end, and partly computed prompts."
    ) { $1.append(integer: $0.sample.runningRequests) },
    .number("kv_share", "share", "KV held or reserved ÷ capacity, at the end.") {
      $1.append(number: $0.work.kvShare($0.sample.kvUnits))
    },
    .integer(
      "kv_idle_bytes",
      "bytes",
      "KV that is cached and used by nobody at the end, all copies counted; not in kv_share."
    ) { $1.append(integer: $0.work.storedBytes($0.sample.idleUnits)) },
    .integer(
      "kv_retained_bytes",
      "bytes",
      "KV that the retention policy holds at the end, each turn's in full and all copies counted."
    ) { $1.append(integer: $0.work.storedBytes($0.sample.retainedUnits)) },
  ]

  private static let work: [TableColumn<TimelineRow>] = [
    .number("mean_kv_share", "share", "The same over the interval.") {
      $1.append(number: $0.work.meanKVShare)
    },
    .number("busy_share", "share", "Time in steps ÷ the interval, over the pool's instances.") {
      $1.append(number: $0.work.busyShare)
    },
    .number("mean_batch", "requests", "Requests per decode step; empty without one.") {
      $1.append(number: $0.work.meanBatch)
    },
    .integer("prefill_tokens", "tokens", "Prompt tokens computed, again after preemptions too.") {
      $1.append(integer: $0.work.totals.prefillTokens)
    },
    .integer("decode_tokens", "tokens", "Tokens that decode steps emitted.") {
      $1.append(integer: $0.work.totals.decodeTokens)
    },
    .integer("sent_bytes", "bytes", "KV that the pool handed off.") {
      $1.append(integer: $0.work.totals.bytesSent)
    },
    .integer("received_bytes", "bytes", "KV that was handed off to the pool.") {
      $1.append(integer: $0.work.totals.bytesReceived)
    },
    .number(
      "link_share",
      "share",
      "Bytes handed off ÷ what its NICs move in that time, of the busier direction."
    ) { $1.append(number: $0.work.linkShare) },
    .number("energy_joules", "joules", "Energy of the steps.") {
      $1.append(number: $0.work.joules)
    },
    .integer("preemptions", "times", "How often memory was taken from a running request.") {
      $1.append(integer: $0.work.totals.preemptions)
    },
    .integer(
      "hit_tokens",
      "tokens",
      "Tokens of contexts that were cached when they were to be computed, after preemptions too."
    ) { $1.append(integer: $0.work.totals.hitTokens) },
    .integer(
      "loaded_tokens",
      "tokens",
      "Tokens that came from tiers below the memory, and were not computed."
    ) { $1.append(integer: $0.work.totals.tokensLoaded) },
    .integer("evicted_blocks", "blocks", "Cached blocks that were evicted.") {
      $1.append(integer: $0.work.totals.evictedBlocks)
    },
  ]
}
