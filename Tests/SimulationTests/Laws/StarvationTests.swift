import Hardware
import Policies
import Simulation
import Testing
import Workload

/// A preempted request comes back however many new ones keep coming.
@Suite struct StarvationTests {
  /// A long request that is preempted, among a stream of short ones that would fit in its place.
  private func longestStall(
    stream count: Int,
    roles: [Role],
    restore: String,
    recompute: RecomputePlace = .local
  ) throws -> SimTime {
    var rows = RowGroup()
    for record in 0..<count {
      rows.record.append(Int64(record))
      rows.arrival.append(SimTime(record) * 40)
      rows.promptTokens.append(record == 0 ? 60 : 12)
      rows.outputTokens.append(record == 0 ? 40 : 16)
    }
    var kind = InstanceKind(
      name: "small",
      chip: "drawn",
      model: "drawn",
      chips: 1,
      kv: KVShape(fullBytesPerToken: 4),
      kvCapacityUnits: 130,
      maxBatch: 16,
      nicBytesPerSecond: 1_000_000_000_000,
      handoffLatency: 1,
      kvReplication: 1,
      costs: TinyCosts(
        decodeBase: 10,
        decodePerRequest: 0,
        kvNumerator: 0,
        kvDenominator: 1,
        passBase: 2,
        passPerToken: 0,
        attentionNumerator: 0,
        attentionDenominator: 1
      ),
      peakOperationsPerSecond: 1,
      memoryBytesPerSecond: 1
    )
    kind.hostBytesPerSecond = 1_000_000_000_000
    kind.hostKVCapacityUnits = 10_000
    var fleet = Fleet(
      name: "small",
      summary: "",
      pools: roles.map { Pool(name: $0.rawValue, role: $0, kind: kind, count: 1) },
      firstToken: .prefill
    )
    fleet.recompute = recompute
    var choice = PolicyChoice()
    try choice.set("chunked:tokens=64", for: .batch)
    var policies = try choice.resolve()
    policies.preempt = LongestOnce(restore: restore == "swap" ? .swap : .recompute)
    let test = Case(
      seed: 0,
      rows: rows,
      fleet: fleet,
      policies: policies,
      options: RunOptions()
    )
    let run = try LawRun(test, mode: .fast)
    #expect(run.records[0].preemptions > 0)
    return run.records[0].stages.stall
  }

  @Test(arguments: ["swap", "recompute"])
  func `on a mixed instance`(restore: String) throws {
    let short = try longestStall(stream: 200, roles: [.mixed], restore: restore)
    let long = try longestStall(stream: 2_000, roles: [.mixed], restore: restore)
    #expect(long == short)
  }

  @Test(arguments: ["swap", "recompute"])
  func `on a decode instance`(restore: String) throws {
    let short = try longestStall(stream: 200, roles: [.prefill, .decode], restore: restore)
    let long = try longestStall(stream: 2_000, roles: [.prefill, .decode], restore: restore)
    #expect(long == short)
  }
}

/// Preempts the longest request once, and from then on whoever was admitted last of the others.
private struct LongestOnce: Preempt {
  var restore: PreemptDecision.Restore
  private var taken: Int64?

  init(restore: PreemptDecision.Restore) { self.restore = restore }

  mutating func preempt(_ instance: MemoryView) -> PreemptDecision {
    let residents = instance.residents
    guard let taken else {
      let longest = residents.indices.max {
        residents[$0].contextTokens < residents[$1].contextTokens
      }
      self.taken = residents[longest ?? 0].record
      return PreemptDecision(victim: longest ?? 0, restore: restore)
    }
    let newest = residents.indices.last { residents[$0].record != taken }
    return PreemptDecision(victim: newest ?? 0, restore: restore)
  }
}
