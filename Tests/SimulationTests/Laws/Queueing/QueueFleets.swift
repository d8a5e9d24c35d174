import Hardware
import Policies
import Simulation
import Workload

/// Fleets that are queues of the textbooks, and runs on them.
enum QueueFleets {
  /// One server: prompts of 10 ns per token, one per step; outputs of one token end there.
  static let prefill = Fleet(
    name: "prefill",
    summary: "one server",
    pools: [
      pool(.prefill, LinearCosts(prefillPerToken: 10_000)), pool(.decode, LinearCosts()),
    ],
    firstToken: .prefill
  )

  /// A server for each request of a batch: a step takes 10 ns, whatever it holds.
  static func batch(of servers: Int) -> Fleet {
    var pool = pool(.mixed, LinearCosts(decodeBase: 10, prefillBase: 10))
    pool.kind.maxBatch = servers
    return Fleet(name: "batch", summary: "servers", pools: [pool], firstToken: .prefill)
  }

  /// A link of a byte per nanosecond and a byte per token; all else takes a nanosecond.
  static let link = Fleet(
    name: "link",
    summary: "one link",
    pools: [pool(.prefill, LinearCosts()), pool(.decode, LinearCosts())].map { pool in
      var pool = pool
      pool.kind.kv = KVShape(fullBytesPerToken: 1)
      pool.kind.kvCapacityUnits = 1 << 40
      return pool
    },
    firstToken: .decode
  )

  /// An instance that never runs out of memory: a sequence holds one unit, however long it is.
  private static func pool(_ role: Role, _ costs: LinearCosts) -> Pool {
    let kind = InstanceKind(
      name: "\(role)",
      chip: "server",
      model: "queue",
      chips: 1,
      kv: KVShape(fullBytesPerToken: 0, windowBytesPerToken: 1, windowTokens: 1),
      kvCapacityUnits: 1 << 20,
      maxBatch: 1 << 20,
      nicBytesPerSecond: 1_000_000_000,
      handoffLatency: 0,
      kvReplication: 1,
      costs: costs,
      peakOperationsPerSecond: 1e12,
      memoryBytesPerSecond: 1e12
    )
    return Pool(name: "\(role)", role: role, kind: kind, count: 1)
  }

  /// Runs a trace, first come first served, and returns its records in order of arrival.
  static func run(_ trace: PoissonTrace, on fleet: Fleet, batch: String) throws -> [RequestRecord] {
    var choice = PolicyChoice()
    try choice.set(batch, for: .batch)
    try choice.set("fair-share", for: .transfers)
    var sink = Records()
    _ = try Engine.run(
      InMemoryTrace(name: "queue", groups: [trace.rows]).makeReader(),
      fleet: fleet,
      policies: choice.resolve(),
      options: RunOptions(),
      sink: &sink
    )
    return sink.records.sorted { $0.record < $1.record }
  }

  private struct Records: RecordSink {
    var records: [RequestRecord] = []

    mutating func receive(requests: borrowing ContiguousArray<RequestRecord>) {
      for index in requests.indices { records.append(requests[index]) }
    }

    func receive(intervals: borrowing ContiguousArray<TokenIntervals>) {}
  }
}
