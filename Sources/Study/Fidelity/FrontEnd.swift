/// What passes between an engine's first token and the moment at which a client sees it, beyond the
/// steps that the engine takes.
///
/// One set per engine, read off the differences between measured and replayed times to first token of
/// InferenceX rows, spring 2026.
struct FrontEnd: Sendable, Equatable {
  /// Decode steps that the first token waits for its delivery.
  var steps = 0.0
  /// Tokenizing and scheduling of a prompt, in seconds per token.
  var secondsPerPromptToken = 0.0

  /// TensorRT-LLM and SGLang behave as if they sent tokens some 13 and 25 steps at a time, at any batch
  /// and length, and TensorRT-LLM gathers requests longer where attention is data parallel; vLLM takes
  /// about four steps and 10 us per prompt token. Nothing is known of others.
  init(engine: String, isAttentionParallel: Bool) {
    switch engine {
    case "trtllm": steps = isAttentionParallel ? 50 : 13
    case "sglang": steps = 25
    case "vllm": (steps, secondsPerPromptToken) = (4, 10e-6)
    default: break
    }
  }

  func seconds(promptTokens: Double, stepSeconds: Double) -> Double {
    steps * stepSeconds + secondsPerPromptToken * promptTokens
  }
}
