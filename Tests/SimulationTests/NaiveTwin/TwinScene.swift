import Hardware
import Simulation
import Workload

/// A small fleet with costs for which times are worked out by hand.
///
/// A prompt of 20 tokens takes 10 + 20 ns and its attention 20·21/2 = 210 pairs at a third of a
/// nanosecond, 70 ns: 100 ns. A decode step over c tokens takes 20 + c/2 ns. A token's KV is one unit
/// of 4 bytes, and NICs send one byte per nanosecond after 20 ns of latency.
struct TwinScene {
  var fleet: Fleet
  var policies = SamplePolicies.plain()
  var options = RunOptions()
  /// Tokens per block of the trace's prefixes; 0 without.
  var blockTokens = 0

  init(pools: [Pool] = disaggregated, firstToken: FirstToken = .prefill) {
    fleet = Fleet(name: "idle", summary: "idle", pools: pools, firstToken: firstToken)
  }

  static var disaggregated: [Pool] { [pool(.prefill), pool(.decode)] }

  static func pool(_ role: Role, count: Int = 1) -> Pool {
    let costs = TinyCosts(
      decodeBase: 20,
      decodePerRequest: 0,
      kvNumerator: 1,
      kvDenominator: 8,
      passBase: 10,
      passPerToken: 1,
      attentionNumerator: 1,
      attentionDenominator: 3
    )
    let kind = InstanceKind(
      name: "plain",
      chip: "drawn",
      model: "drawn",
      chips: 1,
      kv: KVShape(fullBytesPerToken: 4),
      kvCapacityUnits: 1_000,
      maxBatch: 8,
      nicBytesPerSecond: 1_000_000_000,
      handoffLatency: role == .decode ? 20 : 5,
      kvReplication: 1,
      costs: costs,
      peakOperationsPerSecond: 1e12,
      memoryBytesPerSecond: 1e12
    )
    return Pool(name: "\(role)", role: role, kind: kind, count: count)
  }

  /// Requests that arrive together at 1,000 ns.
  static func trace(promptTokens: [Int32], outputTokens: Int32) -> RowGroup {
    trace(arrivals: promptTokens.map { _ in 1_000 }, promptTokens, outputTokens: outputTokens)
  }

  /// Prompts of 20 tokens.
  static func trace(arrivals: [SimTime], outputTokens: Int32) -> RowGroup {
    trace(arrivals: arrivals, arrivals.map { _ in 20 }, outputTokens: outputTokens)
  }

  private static func trace(
    arrivals: [SimTime],
    _ promptTokens: [Int32],
    outputTokens: Int32
  ) -> RowGroup {
    var rows = RowGroup()
    rows.record = ContiguousArray(arrivals.indices.map(Int64.init))
    rows.arrival = ContiguousArray(arrivals)
    rows.promptTokens = ContiguousArray(promptTokens)
    rows.outputTokens = ContiguousArray(arrivals.map { _ in outputTokens })
    return rows
  }

  func run(_ rows: RowGroup) -> TwinResult {
    NaiveTwin.replay(
      rows: rows,
      blockTokens: blockTokens,
      fleet: fleet,
      policies: policies,
      options: options
    )
  }
}
