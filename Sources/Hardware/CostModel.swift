/// What one piece of a step costs, rounded once from the model's floating-point formula.
public struct StepCost: Sendable, Equatable {
  public var time: FineTime
  public var energy: FineEnergy

  public init(time: FineTime, energy: FineEnergy) {
    self.time = time
    self.energy = energy
  }
}

/// How long steps of one instance kind take and how much energy they use.
///
/// A pure function of its arguments: the engine tabulates it, and two instances of a kind agree.
public protocol CostModel: Sendable {
  /// The cost of a decode step.
  ///
  /// - Parameters:
  ///   - batch: Requests that each emit a token in this step, at least 1.
  ///   - kvBytes: KV cache that the step reads, in bytes.
  /// - Returns: Time and energy of the whole step; at least 1 ns.
  func decodeStep(batch: Int, kvBytes: Double) -> StepCost

  /// The cost of a pass over new prompt tokens, less the attention of its chunks.
  ///
  /// - Parameters:
  ///   - tokens: New prompt tokens in the step, over all chunks, at least 1.
  ///   - decodeBatch: Requests that decode in the same pass, 0 for none. Their step already pays for
  ///     the weights it reads, the per-layer floor, host time and collective latency.
  /// - Returns: Time and energy; at least 1 ns unless beside a decode step.
  func prefillPass(tokens: Int, decodeBatch: Int) -> StepCost

  /// The attention of one chunk, added to `prefillPass`.
  ///
  /// - Parameters:
  ///   - newTokens: Prompt tokens of the chunk.
  ///   - pastTokens: Tokens of the same prompt that earlier chunks computed.
  /// - Returns: Time and energy that the chunk adds to the pass.
  func prefillAttention(newTokens: Int, pastTokens: Int) -> StepCost

  /// The costs where a decode step computes several tokens of each request, to verify drafts of
  /// them.
  ///
  /// - Parameter tokensPerRequest: At least 1, which is a plain step.
  /// - Returns: The same costs with longer steps; unchanged where the time of a step does not depend
  ///   on it.
  func verifying(tokensPerRequest: Int) -> any CostModel

  /// Floating-point operations of the given work, for utilization.
  func floatingPointOperations(tokens: Double, attentionPairs: Double) -> Double

  /// Bytes of weights that a decode step of `batch` requests reads, for utilization.
  func weightBytes(batch: Int) -> Double
}

extension CostModel {
  public func verifying(tokensPerRequest: Int) -> any CostModel { self }
}
