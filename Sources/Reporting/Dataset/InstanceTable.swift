import Hardware
import Simulation
import Workload

/// What the cells of an instance are written from.
struct InstanceRow {
  let instance: Int
  let pool: Pool
  let work: PoolWork

  /// The instances of a fleet, with what they did in a whole run.
  static func all(_ fleet: Fleet, _ result: RunResult) -> [InstanceRow] {
    fleet.pools.flatMap { Array(repeating: $0, count: $0.count) }
      .enumerated()
      .map { index, pool in
        let totals =
          result.instances.indices.contains(index) ? result.instances[index] : InstanceTotals()
        let work = PoolWork(totals, pool.kind, instances: 1, length: result.end)
        return InstanceRow(instance: index, pool: pool, work: work)
      }
  }
}

/// `instances.csv`: one row per instance.
enum InstanceTable {
  static let schema = TableSchema(
    name: "instances",
    file: "instances.csv",
    summary: "One row per instance, over the whole run, whatever part of it is measured. Shares "
      + "run from 0 to 1.",
    columns: columns.map(\.schema)
  )

  static let columns = identity + computing + memory + caching

  private static let identity: [TableColumn<InstanceRow>] = [
    .integer("instance", "", "Its number, as requests name it; from 0 over the pools in order.") {
      $1.append(integer: Int64($0.instance))
    },
    .string("pool", "Its pool.") { $1.append(text: $0.pool.name) },
    .string("role", "prefill, decode or mixed.") { $1.append(text: $0.pool.role.rawValue) },
    .string("kind", "What instances of the pool are called.") {
      $1.append(text: $0.pool.kind.name)
    },
    .string("chip", "Its chip in the catalogue.") { $1.append(text: $0.pool.kind.chip) },
    .integer("chips", "chips", "How many chips it is made of.") {
      $1.append(integer: Int64($0.pool.kind.chips))
    },
    .string("model", "Its model in the catalogue.") { $1.append(text: $0.pool.kind.model) },
    .integer("max_batch", "requests", "Requests that hold decode memory at once at most.") {
      $1.append(integer: Int64($0.pool.kind.maxBatch))
    },
    .integer("kv_capacity_bytes", "bytes", "KV that fits beside the weights.") {
      $1.append(integer: $0.pool.kind.kvCapacityUnits * $0.pool.kind.kv.unitBytes)
    },
  ]

  private static let computing: [TableColumn<InstanceRow>] = [
    .seconds("busy_seconds", "Time in steps.") { $1.append(seconds: $0.work.busy) },
    .number("busy_share", "share", "Time in steps ÷ simulated time.") {
      $1.append(number: $0.work.busyShare)
    },
    .integer("steps", "steps", "Steps of any kind.") { $1.append(integer: $0.work.totals.steps) },
    .integer("decode_steps", "steps", "Steps with a decode batch.") {
      $1.append(integer: $0.work.totals.decodeSteps)
    },
    .integer("prefill_tokens", "tokens", "Prompt tokens computed, again after preemptions too.") {
      $1.append(integer: $0.work.totals.prefillTokens)
    },
    .integer("decode_tokens", "tokens", "Tokens that decode steps emitted.") {
      $1.append(integer: $0.work.totals.decodeTokens)
    },
    .number("mean_batch", "requests", "Requests per decode step; empty without one.") {
      $1.append(number: $0.work.meanBatch)
    },
    .number("energy_joules", "joules", "Energy of its steps.") {
      $1.append(number: $0.work.joules)
    },
    .integer("preemptions", "times", "How often it took memory from a running request.") {
      $1.append(integer: $0.work.totals.preemptions)
    },
  ]

  private static let memory: [TableColumn<InstanceRow>] = [
    .number("mean_kv_share", "share", "KV held or reserved ÷ capacity, over simulated time.") {
      $1.append(number: $0.work.meanKVShare)
    },
    .number("peak_kv_share", "share", "The same at its highest.") {
      $1.append(number: $0.work.kvShare($0.work.totals.peakUnits))
    },
    .integer("sent_bytes", "bytes", "KV that it handed off.") {
      $1.append(integer: $0.work.totals.bytesSent)
    },
    .integer("received_bytes", "bytes", "KV that was handed off to it.") {
      $1.append(integer: $0.work.totals.bytesReceived)
    },
    .number(
      "link_share",
      "share",
      "Bytes handed off ÷ what its NICs move in that time, of the busier direction."
    ) { $1.append(number: $0.work.linkShare) },
    .integer("swapped_out_bytes", "bytes", "KV that preemptions moved to host memory.") {
      $1.append(integer: $0.work.totals.bytesSwappedOut)
    },
    .integer("swapped_in_bytes", "bytes", "KV that came back from there.") {
      $1.append(integer: $0.work.totals.bytesSwappedIn)
    },
  ]

  private static let caching: [TableColumn<InstanceRow>] = [
    .integer(
      "hit_tokens",
      "tokens",
      "Tokens of contexts that were cached when they were to be computed, after preemptions too."
    ) { $1.append(integer: $0.work.totals.hitTokens) },
    .integer(
      "unsent_tokens",
      "tokens",
      "Tokens of hand-offs to it that did not have to be sent, since they were cached."
    ) { $1.append(integer: $0.work.totals.tokensNotSent) },
    .integer(
      "loaded_tokens",
      "tokens",
      "Tokens that came from tiers below its memory, and were not computed."
    ) { $1.append(integer: $0.work.totals.tokensLoaded) },
    .integer("loaded_bytes", "bytes", "KV of the blocks that came from there.") {
      $1.append(integer: $0.work.totals.bytesLoaded)
    },
    .integer("evicted_blocks", "blocks", "Cached blocks that were evicted.") {
      $1.append(integer: $0.work.totals.evictedBlocks)
    },
    .integer("retentions", "turns", "Turns whose KV the retention policy held.") {
      $1.append(integer: $0.work.totals.retentions)
    },
    .integer(
      "retentions_yielded",
      "turns",
      "How many of those gave way to requests that needed the memory."
    ) { $1.append(integer: $0.work.totals.retentionsYielded) },
    .integer("retentions_discarded", "turns", "Turns whose KV the retention policy discarded.") {
      $1.append(integer: $0.work.totals.retentionsDiscarded)
    },
    .integer("written_back_bytes", "bytes", "KV that it sent back to where prompts are computed.") {
      $1.append(integer: $0.work.totals.bytesWrittenBack)
    },
    .integer("write_backs", "turns", "Turns whose KV was sent back to it.") {
      $1.append(integer: $0.work.totals.writeBacks)
    },
    .integer(
      "write_backs_dropped",
      "turns",
      "Turns whose KV was not sent back to it, for want of memory here."
    ) { $1.append(integer: $0.work.totals.writeBacksDropped) },
  ]
}
