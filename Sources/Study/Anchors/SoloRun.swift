import Hardware
import Simulation
import Workload

/// One request that has a fleet to itself, replayed in the engine; times in seconds.
struct SoloRun: Sendable, Equatable {
  var timeToFirstToken: Double
  /// Mean time between tokens; 0 where there is one.
  var timePerOutputToken: Double
  /// From arrival to the last token.
  var answer: Double
  /// What of the hand-off the request waited for.
  var transfer: Double

  /// Nil where the request does not complete.
  ///
  /// - Throws: What the engine throws.
  init?(
    on fleet: Fleet,
    promptTokens: Int,
    outputTokens: Int,
    policies: PolicySet
  ) throws(TraceError) {
    var group = RowGroup()
    group.record.append(0)
    group.arrival.append(0)
    group.promptTokens.append(Int32(promptTokens))
    group.outputTokens.append(Int32(outputTokens))
    var sink = SoloSink()
    _ = try Engine.run(
      InMemoryTrace(name: "one request", groups: [group]).makeReader(),
      fleet: fleet,
      policies: policies,
      options: RunOptions(),
      sink: &sink
    )
    guard let record = sink.record, record.outcome == .completed else { return nil }
    timeToFirstToken = Double(record.firstToken - record.arrival) * 1e-9
    answer = Double(record.finish - record.arrival) * 1e-9
    transfer = Double(record.stages.transfer) * 1e-9
    timePerOutputToken =
      outputTokens > 1
      ? Double(record.finish - record.firstToken) * 1e-9 / Double(outputTokens - 1) : 0
  }
}

private struct SoloSink: RecordSink {
  var record: RequestRecord?

  mutating func receive(requests: borrowing ContiguousArray<RequestRecord>) {
    if requests.count > 0 { record = requests[0] }
  }

  mutating func receive(intervals: borrowing ContiguousArray<TokenIntervals>) {}
}

extension Fleet {
  /// One instance that computes prompts and decodes.
  static func alone(_ deployment: Deployment) throws(FleetError) -> Fleet {
    let pool = Pool(name: "mixed", role: .mixed, kind: try InstanceKind(deployment), count: 1)
    return Fleet(name: deployment.name, summary: "", pools: [pool], firstToken: .prefill)
  }

  /// One instance that computes prompts and one that decodes, whose first step emits the first token.
  static func pair(prefill: Deployment, decode: Deployment) throws(FleetError) -> Fleet {
    Fleet(
      name: decode.name,
      summary: "",
      pools: [
        Pool(name: "prefill", role: .prefill, kind: try InstanceKind(prefill), count: 1),
        Pool(name: "decode", role: .decode, kind: try InstanceKind(decode), count: 1),
      ],
      firstToken: .decode
    )
  }
}

extension CostModel {
  /// A whole prompt in one pass, in seconds.
  func promptSeconds(_ tokens: Int) -> Double {
    prefillPass(tokens: tokens, decodeBatch: 0).seconds
      + prefillAttention(newTokens: tokens, pastTokens: 0).seconds
  }
}

extension InstanceKind {
  /// A decode step of requests with equal contexts.
  func decodeCost(batch: Int, contextTokens: Int) -> StepCost {
    costs.decodeStep(
      batch: batch,
      kvBytes: Double(Int64(batch) * kv.bytes(tokens: contextTokens))
    )
  }
}
