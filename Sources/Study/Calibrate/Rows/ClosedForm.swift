import Hardware
import Workload

/// Latencies of a row by formula, from the same costs that the engine charges.
///
/// A closed loop of C clients keeps B requests decoding, at a mean context of the prompt and half the
/// output. Little's law gives B from what the row measured: of the time of a request, the part after
/// its first token; and no more than KV memory holds. So what waits does not count as decoding, and a
/// fit of constants to steps needs no model of queues, which the engine is for. A prompt is computed
/// whenever an output is complete, so that on a mixed replica every step carries B / O of a prompt's
/// time: t = decode(B) + B · prefill / O.
struct ClosedForm: Sendable {
  private let setup: RowSetup
  private let promptTokens: Int
  private let outputTokens: Double
  /// Mean tokens of a decoding request.
  private let context: Int

  init(_ setup: RowSetup, replay: RowReplay) {
    self.setup = setup
    let (row, half) = (setup.row, 0.5)
    let lengths = replay.meanLengths(of: row)
    outputTokens = lengths.output
    promptTokens = max(1, Int(lengths.prompt.rounded()))
    context = promptTokens + Int((outputTokens * half).rounded())
  }

  /// The share of a request's time that passes after its first token; 1 where a row did not measure
  /// it.
  private var decodingShare: Double {
    guard let first = setup.row.timeToFirstToken, let token = setup.row.timePerOutputToken else {
      return 1
    }
    return outputTokens * token / (first + outputTokens * token)
  }

  /// The time per output token, in seconds; nil where the hardware does not take the deployment.
  func timePerOutputToken(_ constants: FittedConstants) -> Double? {
    let deployment = try? RowDeployment(setup, constants: constants, source: "fit")
    guard let deployment, let pool = deployment.fleet.pools.last else { return nil }
    let kind = pool.kind
    let decoding = Double(setup.concurrency) / Double(pool.count) * decodingShare
    let room = kind.kvCapacityUnits / max(1, kind.kv.units(tokens: context))
    let batch = max(1, min(Int(decoding.rounded()), Int(room), kind.maxBatch))
    let decode = kind.costs.decodeStep(
      batch: batch,
      kvBytes: Double(batch) * Double(kind.kv.bytes(tokens: context))
    )
    guard pool.role == .mixed else { return Self.seconds(decode.time) }
    let prompts = Self.seconds(prompt(kind.costs, beside: batch))
    return Self.seconds(decode.time) + Double(batch) * prompts / outputTokens
  }

  /// What one prompt adds to the steps that its chunks are in.
  private func prompt(_ costs: any CostModel, beside batch: Int) -> FineTime {
    var (time, done) = (FineTime(0), 0)
    while done < promptTokens {
      let chunk = min(max(1, setup.stepTokens - batch), promptTokens - done)
      time += costs.prefillPass(tokens: chunk, decodeBatch: batch).time
      time += costs.prefillAttention(newTokens: chunk, pastTokens: done).time
      done += chunk
    }
    return time
  }

  private static func seconds(_ time: FineTime) -> Double { Double(time) * 0x1p-32 * 1e-9 }
}
