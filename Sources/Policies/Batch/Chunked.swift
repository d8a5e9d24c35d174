public import Simulation

/// Decode-first chunked prefill: every step decodes all running requests, one token each, and gives
/// what is left of its token budget to prompts, cut where the budget ends.
///
/// Source: Sarathi-Serve, Agrawal et al., OSDI 2024, https://arxiv.org/abs/2403.02310, and vLLM v1,
/// which made it the default. Departures: no limit per prompt
/// (`long_prefill_token_threshold`), and no rounding of chunks to a tile size.
///
/// Parameters: `tokens`, the budget of a step, default 8,192: what vLLM serves with on GPUs of 70
/// GiB and more. Sarathi-Serve uses 512 where the time between tokens is tight and 2,048 where not.
///
/// Example: `tokens` = 512 with 12 running requests leaves 500 tokens for prompts.
public struct Chunked: FormBatch {
  public static let entry = PolicyEntry.batch(
    "chunked",
    "Decodes in every step and fills the rest of its token budget with prompts, cut to fit.",
    parameters: [.stepTokens]
  ) { Chunked(tokens: $0.integer("tokens")) }

  let tokens: Int

  public init(tokens: Int) { self.tokens = tokens }

  public func form(_ instance: BatchView) -> BatchDecision {
    BatchDecision(
      promptTokens: max(0, tokens - instance.runningRequests),
      splitsPrompts: true,
      decodesBesidePrompts: true
    )
  }
}

extension PolicyParameter {
  /// The budget is the same for all batch policies, so that comparing two of them with their
  /// defaults compares the rules and not the budgets.
  static let stepTokens = PolicyParameter(
    "tokens",
    unit: "tokens per step",
    default: 8_192,
    range: 1...1e9,
    summary: "Token budget of a step."
  )
}
