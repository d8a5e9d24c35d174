import Hardware
import Workload

/// Latencies of a row by formula, from the same costs that the engine charges.
///
/// A closed loop of C clients keeps B requests decoding, at a mean context of the prompt and half the
/// output. Little's law gives B from what the row measured: of the time of a request, the part after
/// its first token; and no more than KV memory holds. So what waits does not count as decoding, and a
/// fit of constants to steps needs no model of queues, which the engine is for. A prompt is computed
/// whenever an output is complete, so that on a mixed replica q = B / O prompts come to a step: every
/// 1 / q steps one, or several at once: t = decode(B) + min(1, q) · pass(max(1, q) prompts).
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
    let prompts = Double(batch) / outputTokens
    let pass = Self.seconds(pass(of: max(1, prompts), kind.costs, beside: batch))
    return Self.seconds(decode.time) + min(1, prompts) * pass
  }

  /// What prompts, at least one, add to the steps that compute them.
  private func pass(of prompts: Double, _ costs: any CostModel, beside batch: Int) -> FineTime {
    // Where decodes fill a budget, some end before long and leave a part of it.
    let left = max(setup.stepTokens - batch, setup.stepTokens / 8)
    let longest = setup.cutsPrompts ? left : max(left, promptTokens)
    var time = FineTime(0)
    for (chunk, _) in Self.chunks(of: Int((prompts * Double(promptTokens)).rounded()), longest) {
      time += costs.prefillPass(tokens: chunk, decodeBatch: batch).time
    }
    var attention = FineTime(0)
    for (chunk, past) in Self.chunks(of: promptTokens, longest) {
      attention += costs.prefillAttention(newTokens: chunk, pastTokens: past).time
    }
    return time + FineTime((prompts * Double(attention)).rounded())
  }

  /// Tokens in chunks of a longest one, each with the number of those before it.
  private static func chunks(of tokens: Int, _ longest: Int) -> [(tokens: Int, past: Int)] {
    stride(from: 0, to: tokens, by: max(1, longest)).map { (min(longest, tokens - $0), $0) }
  }

  private static func seconds(_ time: FineTime) -> Double { Double(time) * 0x1p-32 * 1e-9 }
}
