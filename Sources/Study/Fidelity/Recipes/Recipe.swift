/// How a measured configuration was served, as the public configuration of its benchmark says:
/// what rows of measurements leave out.
public struct Recipe: Sendable, Equatable {
  /// Equal workers of one kind.
  public struct Pool: Sendable, Hashable {
    public var workers: Int
    /// Chips of one worker.
    public var chips: Int
    /// Groups of a worker's chips that compute attention for different requests.
    public var attentionRanks: Int
    /// Whether experts are shared out among the chips of a worker.
    public var isExpertParallel: Bool

    /// Chips of all workers.
    public var allChips: Int { workers * chips }

    var layout: ReplicaLayout {
      ReplicaLayout(
        chips: chips,
        attentionGroups: attentionRanks,
        expertGroups: isExpertParallel ? chips : 1
      )
    }
  }

  /// Replicas that a recipe of aggregated serving is for; nil for any.
  public struct Replicas: Sendable, Equatable {
    public var chips: Int?
    public var attentionRanks: Int?
    public var isExpertParallel: Bool?
  }

  public enum Deployment: Sendable, Equatable {
    case aggregated(Replicas)
    case disaggregated(prefill: Pool, decode: Pool)
  }

  /// Numbers of clients that a recipe is for.
  public enum Clients: Sendable, Equatable {
    case any
    case each([Int])
    case range(ClosedRange<Int>)

    func contains(_ clients: Int?) -> Bool {
      switch self {
      case .any: true
      case .each(let list): clients.map { list.contains($0) } ?? false
      case .range(let range): clients.map { range.contains($0) } ?? false
      }
    }
  }

  /// What launch scripts let a step compute at most, per group of chips with an engine of its own.
  public enum StepTokens: Sendable, Hashable {
    /// Prompts and decodes together.
    case tokens(Int)
    /// Prompts of the nominal length, beside all decodes: TensorRT-LLM's `max_num_tokens` where a
    /// script sums it up of these.
    case prompts(Int)
  }

  /// Decode steps that engines let pass between looking for new requests, or before they send what
  /// they have; nil where the engine's default stands.
  public struct Intervals: Sendable, Equatable {
    /// SGLang's scheduler looks for requests once in so many steps; 1 by default.
    public var receive: Int?
    /// SGLang sends tokens so many at a time; 1 by default.
    public var stream: Int?
    /// TensorRT-LLM gathers prompts for up to so many steps; 0 by default.
    public var wait: Int?
  }

  /// 1-based line of its file.
  public var line: Int
  /// Names of the catalogue, the precision as rows name it.
  public var model: String
  public var precision: String
  public var chip: String
  public var engine: String
  /// Versions of the engine that it is known for; empty where it stands for any.
  public var versions: [String]
  /// First and last day, such as `2026-02-12`; empty for no bound.
  public var from: String
  public var until: String
  /// Nominal tokens of prompt and output; nil for any.
  public var promptTokens: Int?
  public var outputTokens: Int?
  public var clients: Clients
  public var deployment: Deployment
  /// Tokens that a decode step drafts per request; 0 without speculation.
  public var draftedTokens: Int
  /// Largest decode batch of one attention rank; nil where it is not stated, or never reached.
  public var maxBatch: Int?
  public var intervals: Intervals
  /// Tokens of a step; nil where the engine's default stands.
  public var stepTokens: StepTokens?
  /// Key of the bibliography.
  public var source: String

  /// Mean tokens that a step yields per request under 0, 1, 2 and 3 drafted ones, in these benchmarks,
  /// whose prompts are runs of vocabulary and no text; fitted to their rows. Long outputs repeat
  /// themselves, so that more drafts are accepted.
  static let acceptedTokensPerStep = [1.0, 1.55, 2.0, 2.25]
  private static let longOutputTokens = 4_000
  private static let longOutputFactor = 1.1

  /// What a step drafts and yields per request; nil without speculation.
  func speculation(outputTokens: Int) -> (drafted: Int, accepted: Double)? {
    guard draftedTokens > 0 else { return nil }
    let last = Self.acceptedTokensPerStep.count - 1
    let accepted = Self.acceptedTokensPerStep[min(draftedTokens, last)]
    let factor = outputTokens > Self.longOutputTokens ? Self.longOutputFactor : 1
    return (draftedTokens, accepted * factor)
  }

  /// What it says in short, such as `1 + 5 workers, drafts 3`.
  public var text: String {
    let drafts = draftedTokens > 0 ? "drafts \(draftedTokens)" : nil
    return switch deployment {
    case .aggregated: drafts ?? "no drafts"
    case .disaggregated(let prefill, let decode):
      (["\(prefill.workers) + \(decode.workers) workers"] + [drafts].compactMap(\.self))
        .joined(separator: ", ")
    }
  }
}
