public import Simulation

/// In-flight batching of whole prompts: every step decodes all running requests and computes prompts
/// as long as they fit what is left of its token budget, none of them cut.
///
/// Source: TensorRT-LLM's in-flight batching without chunked context, its default; selective batching
/// goes back to Orca, Yu et al., OSDI 2022. Departures: the first prompt of a step enters even where it
/// is longer than what is left, which TensorRT-LLM would keep waiting, or refuse if it is longer than
/// the budget. While as many requests run as the budget has tokens no prompt enters.
///
/// Parameters: `tokens`, the budget of a step, default 8,192: TensorRT-LLM's `max_num_tokens`.
///
/// Example: `tokens` = 1,000 with 12 running requests and waiting prompts of 600, 300 and 200 tokens:
/// a step decodes the twelve and computes the first two prompts.
public struct WholePrompts: FormBatch {
  public static let entry = PolicyEntry.batch(
    "whole-prompts",
    "Decodes in every step and computes whole prompts that fit the rest of its token budget.",
    parameters: [.stepTokens]
  ) { WholePrompts(tokens: $0.integer("tokens")) }

  let tokens: Int

  public init(tokens: Int) { self.tokens = tokens }

  public func form(_ instance: BatchView) -> BatchDecision {
    BatchDecision(
      promptTokens: max(0, tokens - instance.runningRequests),
      splitsPrompts: false,
      decodesBesidePrompts: true
    )
  }
}
