import Simulation

/// What the time of completed sessions went into along their critical paths, in nanoseconds.
public struct SessionPathSums: Sendable, Equatable {
  public private(set) var queue: Int128 = 0
  public private(set) var prefill: Int128 = 0
  public private(set) var transfer: Int128 = 0
  public private(set) var decode: Int128 = 0
  public private(set) var stall: Int128 = 0
  public private(set) var tool: Int128 = 0
  public private(set) var human: Int128 = 0
  public private(set) var otherGap: Int128 = 0

  mutating func add(_ path: SessionPath) {
    queue += Int128(path.queue)
    prefill += Int128(path.prefill)
    transfer += Int128(path.transfer)
    decode += Int128(path.decode)
    stall += Int128(path.stall)
    tool += Int128(path.tool)
    human += Int128(path.human)
    otherGap += Int128(path.otherGap)
  }

  /// The parts: those of the fleet in the order of a request's life, then those outside it.
  public var named: [(name: String, sum: Int128)] {
    [
      ("queue", queue), ("prefill", prefill), ("transfer", transfer), ("decode", decode),
      ("stall", stall), ("tool", tool), ("human", human), ("other gap", otherGap),
    ]
  }

  public var total: Int128 { named.reduce(0) { $0 + $1.sum } }
}

/// What sessions took and held, summed.
public struct SessionSums: Sendable, Equatable {
  /// Of completed sessions.
  public private(set) var path = SessionPathSums()
  /// Requests of completed sessions.
  public private(set) var turns: Int64 = 0
  /// Σ start to finish of completed sessions, in nanoseconds.
  public private(set) var completionTime: Int128 = 0
  /// KV that retention policies held between the turns of all sessions, in bytes × ns.
  public private(set) var retainedByteTime: Int128 = 0

  mutating func add(_ record: borrowing SessionRecord) {
    retainedByteTime += record.retainedByteTime
    guard record.outcome == .completed else { return }
    path.add(record.path)
    turns += Int64(record.completed)
    completionTime += Int128(record.finish - record.start)
  }

  /// Requests of completed sessions per second that those took; nil without one.
  public var turnsPerSecond: Double? {
    completionTime > 0 ? Double(turns) / (Double(completionTime) * 1e-9) : nil
  }

  /// In byte-seconds, over all sessions.
  public var retainedByteSeconds: Double { Double(retainedByteTime) * 1e-9 }

  func absorb(into hash: inout SummaryHash) {
    for part in path.named { hash.absorb(part.sum) }
    hash.absorb(turns)
    hash.absorb(retainedByteTime)
  }
}
