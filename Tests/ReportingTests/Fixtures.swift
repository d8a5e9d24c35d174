import Hardware
import Reporting
import Simulation
import Workload

let second: SimTime = 1_000_000_000
let millisecond: SimTime = 1_000_000

/// A request that completed: first token after `ttft`, the others spread over `decode`.
func completed(
  _ record: Int64 = 0,
  ttft: SimTime = second,
  decode: SimTime = 9 * second,
  outputTokens: Int32 = 10
) -> RequestRecord {
  var request = RequestRecord()
  request.record = record
  request.outcome = .completed
  request.promptTokens = 100
  request.outputTokens = outputTokens
  request.emittedTokens = outputTokens
  request.arrival = 0
  request.firstToken = ttft
  request.finish = ttft + (outputTokens > 1 ? decode : 0)
  request.stages.prefill = ttft
  request.stages.decode = request.finish - ttft
  return request
}

/// A request that the horizon cut off, with `emitted` of 10 tokens.
func unfinished(firstToken: SimTime, emitted: Int32, horizon: SimTime) -> RequestRecord {
  var request = completed()
  request.outcome = .unfinished
  request.firstToken = firstToken
  request.emittedTokens = emitted
  request.finish = horizon
  return request
}

func sink(
  _ requests: [RequestRecord],
  slo: [String] = [],
  classes: [String] = []
) throws -> SummarySink {
  var sink = SummarySink(objectives: try ServiceObjectives(parsing: slo)) { classes }
  sink.receive(requests: ContiguousArray(requests))
  return sink
}

/// Costs with round numbers: 1 operation per token and per pair, 100 bytes of weights.
struct UnitCosts: CostModel {
  func decodeStep(batch: Int, kvBytes: Double) -> StepCost { StepCost(time: 1 << 32, energy: 0) }
  func prefillPass(tokens: Int, decodeBatch: Int) -> StepCost {
    StepCost(time: 1 << 32, energy: 0)
  }
  func prefillAttention(newTokens: Int, pastTokens: Int) -> StepCost {
    StepCost(time: 0, energy: 0)
  }
  func floatingPointOperations(tokens: Double, attentionPairs: Double) -> Double {
    tokens + attentionPairs
  }
  func weightBytes(batch: Int) -> Double { 100 }
}

func fleet(instances: Int = 2) -> Fleet {
  let kind = InstanceKind(
    name: "unit",
    chip: "unit",
    model: "unit",
    chips: 1,
    kv: KVShape(fullBytesPerToken: 4, windowBytesPerToken: 2, windowTokens: 8),
    kvCapacityUnits: 300,
    maxBatch: 8,
    nicBytesPerSecond: 1_000,
    handoffLatency: 0,
    kvReplication: 1,
    costs: UnitCosts(),
    peakOperationsPerSecond: 1_000,
    memoryBytesPerSecond: 10_000
  )
  return Fleet(
    name: "unit",
    summary: "",
    pools: [Pool(name: "all", role: .mixed, kind: kind, count: instances)],
    firstToken: .prefill
  )
}

func summary(_ sink: SummarySink, result: RunResult = RunResult()) -> Summary {
  Summary(
    description: RunDescription(
      trace: "t",
      fleet: "unit",
      policy: "default",
      clairvoyance: .observable,
      options: RunOptionsText(RunOptions())
    ),
    fleet: fleet(),
    result: result,
    sink: sink
  )
}
