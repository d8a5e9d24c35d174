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
    let test = try queue(of: trace.rows, on: fleet, batch: batch)
    return try Engine.records(of: test).sorted { $0.record < $1.record }
  }

  /// Runs the customers of a closed queue, and returns their records in order of arrival.
  static func run(
    _ trace: InteractiveTrace,
    on fleet: Fleet,
    batch: String
  ) throws -> [RequestRecord] {
    var test = try queue(of: trace.rows, on: fleet, batch: batch)
    test.options.loop = .closed
    return try Engine.records(of: test).sorted { ($0.arrival, $0.record) < ($1.arrival, $1.record) }
  }

  private static func queue(of rows: RowGroup, on fleet: Fleet, batch: String) throws -> Case {
    var choice = PolicyChoice()
    try choice.set(batch, for: .batch)
    try choice.set("fair-share", for: .transfers)
    let policies = try choice.resolve()
    return Case(seed: 0, rows: rows, fleet: fleet, policies: policies, options: RunOptions())
  }
}

extension Engine {
  /// The records of a run, without the cost of looking at every token.
  fileprivate static func records(of test: Case) throws -> [RequestRecord] {
    let trace = InMemoryTrace(name: "queue", groups: [test.rows])
    let (fleet, policies, options) = (test.fleet, test.policies, test.options)
    var sink = Records()
    if test.needsMemory {
      _ = try run(trace, fleet: fleet, policies: policies, options: options, sink: &sink)
    } else {
      let reader = try trace.makeReader()
      _ = try run(reader, fleet: fleet, policies: policies, options: options, sink: &sink)
    }
    return sink.records
  }

  private struct Records: RecordSink {
    var records: [RequestRecord] = []

    mutating func receive(requests: borrowing ContiguousArray<RequestRecord>) {
      for index in requests.indices { records.append(requests[index]) }
    }

    func receive(intervals: borrowing ContiguousArray<TokenIntervals>) {}
  }
}
