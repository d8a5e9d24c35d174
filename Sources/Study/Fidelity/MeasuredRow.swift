public import Hardware

/// One measurement of a served model: how it was deployed, the load, and the median latencies.
public struct MeasuredRow: Sendable, Equatable {
  /// Whether prompts and tokens were computed by the same replica.
  public enum Mode: String, Sendable, CaseIterable {
    case aggregated, disaggregated
  }

  /// What the row is called in its file; no other row is.
  public var id: String
  /// 1-based line of the file.
  public var line: Int
  public var mode: Mode
  /// As the file spells them.
  public var model: String
  public var chip: String
  public var engine: String
  /// Empty where it was not recorded.
  public var engineVersion: String
  /// The format in which matrices were computed, such as `fp8`; empty where it was not recorded.
  public var precision: String
  /// The day of the measurement, such as `2026-04-08`; empty where it was not recorded.
  public var measuredOn: String
  /// Nominal lengths, at least 1.
  public var promptTokens: Int
  public var outputTokens: Int
  /// Clients, each of which sends its next request when its last one is complete; nil where it was
  /// not recorded.
  public var concurrency: Int?
  /// The replica of an aggregated row.
  public var replica: ReplicaLabels
  /// The pools of a disaggregated row.
  public var prefill: PoolLabels
  public var decode: PoolLabels
  /// Median time to first token and median time per output token, in seconds, above 0; nil where they
  /// were not recorded.
  public var timeToFirstToken: Double?
  public var timePerOutputToken: Double?

  /// The version of the engine that served it. Where it was not recorded, rows of one day share one:
  /// benchmarks take what is current.
  public var version: EngineVersion.ID {
    EngineVersion.ID(
      engine: engine,
      version: engineVersion.isEmpty ? measuredOn : engineVersion
    )
  }

  /// The lengths as tables name them, such as `8192/1024`.
  public var lengths: String { "\(promptTokens)/\(outputTokens)" }
}

/// How a replica was said to be cut over chips; nil where a label was not recorded.
public struct ReplicaLabels: Sendable, Equatable {
  public var tensor: Int?
  public var pipeline: Int?
  public var attentionData: Int?
  public var expertTensor: Int?
  public var expert: Int?

  public init(
    tensor: Int? = nil,
    pipeline: Int? = nil,
    attentionData: Int? = nil,
    expertTensor: Int? = nil,
    expert: Int? = nil
  ) {
    self.tensor = tensor
    self.pipeline = pipeline
    self.attentionData = attentionData
    self.expertTensor = expertTensor
    self.expert = expert
  }
}

/// One pool of a disaggregated row; nil where something was not recorded.
public struct PoolLabels: Sendable, Equatable {
  public var replica = ReplicaLabels()
  public var workers: Int?
  /// Largest batch of one worker.
  public var batch: Int?

  public init() {}
}
