/// How a version of an engine differs from others, whatever it serves on whatever chip.
public struct EngineVersion: Sendable, Equatable, Identifiable {
  public struct ID: Sendable, Hashable, Comparable {
    /// Such as `vllm`.
    public var engine: String
    /// Such as `0.19.0`; empty where it was not recorded; nil for all versions of which nothing else is
    /// known.
    public var version: String?

    public init(engine: String, version: String?) {
      self.engine = engine
      self.version = version
    }

    /// By engine, what is for all its versions first, then by version.
    public static func < (one: ID, other: ID) -> Bool {
      guard one.engine == other.engine else { return one.engine < other.engine }
      guard let version = other.version else { return false }
      return one.version.map { $0 < version } ?? true
    }
  }

  public var id: ID
  /// How much longer its layers take than those of the stacks' constants, above 0.
  public var layerFactor: Double
  /// When clients see a first token; nil where that was not fitted.
  public var firstToken: FirstTokenDelay?
  /// Measurements that this was fitted to.
  public var rows: Int

  public init(
    id: ID,
    layerFactor: Double = 1,
    firstToken: FirstTokenDelay? = nil,
    rows: Int = 0
  ) {
    self.id = id
    self.layerFactor = layerFactor
    self.firstToken = firstToken
    self.rows = rows
  }

  /// The nearest value that a profile's file holds.
  public static func rounded(_ value: Double) -> Double { (value * 1e6).rounded() / 1e6 }
}

/// What passes between a prompt's computation and the moment at which the client sees the first token,
/// and before the computation, beyond the steps that the engine takes.
public struct FirstTokenDelay: Sendable, Equatable {
  /// Of the steps that polling and streaming in intervals cost in the mean, those that show.
  public var steps: Double
  /// Further steps where attention is data parallel: ranks wait for each other's prompts.
  public var attentionParallelSteps: Double
  /// Tokenizing, transport and scheduling, in seconds and in seconds per prompt token.
  public var seconds: Double
  public var secondsPerPromptToken: Double

  public init(
    steps: Double = 0,
    attentionParallelSteps: Double = 0,
    seconds: Double = 0,
    secondsPerPromptToken: Double = 0
  ) {
    self.steps = steps
    self.attentionParallelSteps = attentionParallelSteps
    self.seconds = seconds
    self.secondsPerPromptToken = secondsPerPromptToken
  }

  /// The nearest delay that a profile's file holds.
  public var rounded: FirstTokenDelay {
    FirstTokenDelay(
      steps: EngineVersion.rounded(steps),
      attentionParallelSteps: EngineVersion.rounded(attentionParallelSteps),
      seconds: EngineVersion.rounded(seconds * 1e3) / 1e3,
      secondsPerPromptToken: EngineVersion.rounded(secondsPerPromptToken * 1e6) / 1e6
    )
  }
}
