public import Simulation

/// Prompts first: while prompts wait and fit, a step computes whole prompts up to `tokens` and
/// nothing decodes.
///
/// Source: the scheduler of vLLM v0, Kwon et al., SOSP 2023, https://arxiv.org/abs/2309.06180.
/// Departures: vLLM v0 refuses a prompt longer than its budget, which it sets to the longest
/// context that the model serves; here such a prompt enters a step alone.
///
/// Parameters: `tokens`, the prompt tokens of a step, default 8,192.
///
/// Example: `tokens` = 1,000 and waiting prompts of 600, 300 and 200 tokens: a step computes the
/// first two, and the running requests stall meanwhile.
public struct PrefillPriority: FormBatch {
  public static let entry = PolicyEntry.batch(
    "prefill-priority",
    "Computes whole prompts up to a token budget first, while decodes stall.",
    parameters: [.stepTokens]
  ) { PrefillPriority(tokens: $0.integer("tokens")) }

  let tokens: Int

  public init(tokens: Int) { self.tokens = tokens }

  public func form(_ instance: BatchView) -> BatchDecision {
    BatchDecision(promptTokens: tokens, splitsPrompts: false, decodesBesidePrompts: false)
  }
}
