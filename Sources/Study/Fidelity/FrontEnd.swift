import Hardware

/// What stands between a row's clients and its engine: how often requests are looked for and tokens
/// are sent, which delays first tokens.
struct FrontEnd: Sendable, Equatable {
  /// Mean steps that pass for an interval of requests and one of tokens, half of each, and three that
  /// any pipeline of scheduling, computing and sending has.
  var intervalSteps: Double
  /// Whether ranks compute the attention of their own requests.
  var isAttentionParallel: Bool

  private static let pipelineSteps = 3.0

  init(_ intervals: Recipe.Intervals?, isAttentionParallel: Bool) {
    let steps = (intervals?.receive ?? 1) + (intervals?.stream ?? 1) + (intervals?.wait ?? 0)
    intervalSteps = Self.pipelineSteps + Double(steps) / 2
    self.isAttentionParallel = isAttentionParallel
  }

  /// What the delay of an engine's version comes to, in seconds.
  ///
  /// - Parameters:
  ///   - delay: The delay.
  ///   - promptTokens: Mean tokens of a prompt.
  ///   - stepSeconds: The time of a decode step.
  /// - Returns: The time, in seconds.
  func seconds(_ delay: FirstTokenDelay, promptTokens: Double, stepSeconds: Double) -> Double {
    let parallelSteps = isAttentionParallel ? delay.attentionParallelSteps : 0
    return (delay.steps * intervalSteps + parallelSteps) * stepSeconds + delay.seconds
      + delay.secondsPerPromptToken * promptTokens
  }
}
