public import Policies
import Simulation

/// How the engines that rows name form batches: the policies that rows are replayed under.
public struct RowSchedulers: Sendable {
  private let chunked: PolicySet
  private let promptsFirst: PolicySet

  /// Tokens of SGLang's prompt batches: `chunked-prefill-size` of InferenceX's launch scripts is 8,192 to
  /// 32,768.
  private static let promptTokens = 16_384

  /// vLLM and TensorRT-LLM compute chunks of prompts beside decodes, within 8,192 tokens a step; SGLang
  /// computes waiting prompts first, while decodes stall. All serve first come first.
  ///
  /// - Throws: `PolicyError` for a policy that the registry does not have.
  public init() throws(PolicyError) {
    chunked = try PolicyChoice.defaults.resolve()
    var choice = PolicyChoice.defaults
    try choice.set("prefill-priority:tokens=\(Self.promptTokens)", for: .batch)
    promptsFirst = try choice.resolve()
  }

  subscript(engine: String) -> PolicySet { engine == "sglang" ? promptsFirst : chunked }
}
