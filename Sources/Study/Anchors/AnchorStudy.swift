public import Hardware
import Policies
import Simulation

/// Every published measurement of the catalogue held against step costs and the engine.
///
/// Constants are those of a profile where measurements name an engine that it knows, else the
/// catalogue's. Where a stack differs so much that a constant is taken from one of its measurements,
/// that measurement is marked as set, and does not count.
public struct AnchorStudy: Sendable {
  /// In the order of the groups, then of the catalogue.
  public let lines: [AnchorLine]
  public let unreplayed: [UnreplayedAnchor]

  /// - Throws: What the catalogue, the deployments or the engine find wrong.
  public init(profile: Profile = .catalogue) throws {
    let anchors = Anchor.all
    let bench = try AnchorBench(anchors, profile: profile)
    var lines: [AnchorLine] = []
    for predict in Self.predictors { lines += try predict(bench) }
    let order = AnchorGroup.allCases
    self.lines = order.flatMap { group in lines.filter { $0.group == group } }
    let replayed = Set(lines.map { $0.id.prefix { $0 != "@" } }.map(String.init))
    unreplayed = anchors.filter { !replayed.contains($0.id) }
      .map { UnreplayedAnchor(anchor: $0, reason: Self.reason($0)) }
  }

  private static let predictors: [@Sendable (AnchorBench) throws -> [AnchorLine]] = [
    splitwise, distServe, mooncake, trainium, inferenceX, mlEnergy, wafers, lpus, transfers,
    kernels,
  ]

  /// Why nothing is predicted.
  private static func reason(_ anchor: Anchor) -> String {
    let rules: [(prefix: String, reason: String)] = [
      ("inferencex-web", "engine, chips per replica and concurrency are not stated"),
      ("inferencex-blog", "chips per replica and concurrency are not stated"),
      ("mlperf", "lengths, chips per replica and batch are not stated"),
      ("waferllm", "runs on WSE-2, which the catalogue does not have"),
      ("efa-block", "transfers have no block size"),
      ("efa-v3-cold", "a parameter of fleets, cold_start"),
      ("efa-v3-warm-up", "a parameter of fleets, cold_start"),
      ("aic-gemm-m1", "of kernels; the formulas take one share for the engine"),
      ("aic-decode-attention", "of kernels; the formulas take one share for the engine"),
      ("tok-gpt-oss", "concurrent requests are not stated"),
      ("cerebras-llama-3.1-405b-ttft", "the prompt is not stated"),
      ("b200-llama-4-maverick-throughput", "lengths and concurrency are not stated"),
      ("b200-llama-4-maverick", "drafts with EAGLE-3, whose acceptance is not stated"),
      ("mlenergy-r1-b200x8-high", "the batch is not stated"),
      ("distserve-opt-66b-", "a coefficient; the sum is replayed at several points"),
    ]
    if let rule = rules.first(where: { anchor.id.hasPrefix($0.prefix) }) { return rule.reason }
    if anchor.source == "memory" { return "from memory, not from a publication" }
    if anchor.chip == nil { return "the hardware is not stated" }
    return "the number of chips is not stated"
  }
}

/// The anchors by name, and what is built from the catalogue to replay them.
struct AnchorBench {
  let profile: Profile
  let policies: PolicySet
  private let anchors: [String: Anchor]
  /// Ids that figures of the catalogue state as their source or mention.
  private let sources: [String]

  init(_ anchors: [Anchor], profile: Profile) throws {
    self.profile = profile
    self.anchors = Dictionary(uniqueKeysWithValues: anchors.map { ($0.id, $0) })
    policies = try PolicyChoice.defaults.resolve()
    let figures = Chip.all.flatMap(\.figures) + Fabric.all.flatMap(\.figures)
    sources = figures.flatMap { [$0.figure.source, $0.figure.note] }
  }

  /// The anchors with these ids that there are.
  func anchors(_ ids: String...) -> [Anchor] { ids.compactMap { anchors[$0] } }

  /// The anchors whose ids start with a prefix, in the order of their ids.
  func anchors(from prefix: String) -> [Anchor] {
    anchors.values.filter { $0.id.hasPrefix(prefix) }.sorted { $0.id < $1.id }
  }

  subscript(id: String) -> Anchor? { anchors[id] }

  /// Whether a figure of the catalogue was taken from a measurement.
  func isSource(_ anchor: Anchor) -> Bool { sources.contains { $0.mentions(anchor.id) } }

  /// A deployment of an anchor's model on its chips.
  func deployment(
    of anchor: Anchor,
    model: String? = nil,
    chips: Int? = nil,
    precision: Precision = .bf16,
    weights: WeightFormat? = .bf16,
    fabric: String = "infiniband-ndr",
    maxBatch: Int = 1_024
  ) throws -> Deployment {
    let chip = try Chip.named(anchor.chip ?? "")
    return Deployment(
      name: anchor.id,
      chip: chip,
      chips: chips ?? anchor.chips ?? 1,
      model: try Model.named(model ?? anchor.model ?? ""),
      precision: precision,
      weights: weights,
      fabric: try Fabric.named(fabric),
      maxBatch: maxBatch
    )
  }
}

extension String {
  /// Whether an id stands in the text and is not a part of a longer one.
  func mentions(_ id: String) -> Bool {
    ranges(of: id).contains { range in
      guard range.upperBound < endIndex else { return true }
      let next = self[range.upperBound]
      return !(next.isLetter || next.isNumber || next == "-")
    }
  }
}
