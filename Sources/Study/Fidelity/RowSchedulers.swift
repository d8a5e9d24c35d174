public import Policies
import Simulation

/// How the engines that rows name form batches: the policies that rows are replayed under.
///
/// vLLM cuts prompts into chunks, TensorRT-LLM computes whole ones, both beside decodes; SGLang computes
/// waiting prompts first, while decodes stall. All serve first come first.
public struct RowSchedulers: Sendable {
  private let defaults: PolicySet

  /// - Throws: `PolicyError` for a policy that the registry does not have.
  public init() throws(PolicyError) {
    defaults = try PolicyChoice.defaults.resolve()
  }

  /// The policies under which a row is replayed as it was served.
  subscript(setup: RowSetup) -> PolicySet {
    var policies = defaults
    let tokens = setup.stepTokens
    policies.formBatch =
      switch setup.row.engine {
      case "sglang": PrefillPriority(tokens: tokens)
      case "trtllm": WholePrompts(tokens: tokens)
      default: Chunked(tokens: tokens)
      }
    return policies
  }
}
