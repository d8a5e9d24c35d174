/// How a replica lies on chips, as read from its labels.
public struct ReplicaLayout: Sendable, Equatable {
  /// Chips of the replica.
  public var chips: Int
  /// Groups of chips that compute attention for different requests.
  public var attentionGroups: Int
  /// Groups of chips among which experts are shared out; 1 where every chip has a part of each.
  public var expertGroups: Int

  public init(chips: Int, attentionGroups: Int = 1, expertGroups: Int = 1) {
    self.chips = chips
    self.attentionGroups = attentionGroups
    self.expertGroups = expertGroups
  }

  /// Chips that scale-up links join in a server. A replica of more is served with attention data
  /// parallelism throughout: what benchmarks label `tp` 16 to 72 is wide expert parallelism.
  static let chipsPerServer = 8

  /// Reads the labels by the rules that the spring-2026 rows follow, which mix those of three engines.
  ///
  /// - `tp` 1 with a product of the expert labels above 1: attention data parallelism over as many
  ///   chips as the larger expert label says, or both, where they are equal, count the same chips.
  /// - `tp` equal to the product of two equal expert labels: both count the same chips.
  /// - An expert label above `tp`: vLLM writes the expert ranks of all replicas; `tp` counts the chips.
  public init(_ labels: ReplicaLabels) {
    let tensor = max(labels.tensor ?? 1, 1)
    let expertTensor = max(labels.expertTensor ?? 1, 1)
    let expert = max(labels.expert ?? 1, 1)
    if tensor == 1, expertTensor * expert > 1 {
      let chips = max(expertTensor, expert)
      self.init(chips: chips, attentionGroups: chips, expertGroups: expert)
    } else if tensor > 1, expertTensor == expert, tensor == expertTensor * expert {
      self.init(chips: expertTensor, expertGroups: expert)
    } else if expert > tensor {
      self.init(chips: tensor, expertGroups: tensor)
    } else {
      self.init(chips: tensor, expertGroups: expert)
    }
    if chips > Self.chipsPerServer {
      (attentionGroups, expertGroups) = (chips, chips)
    }
  }

  /// As profiles name it: chips, attention groups, and whether experts are shared out, as in `8/1/1`.
  public var text: String { "\(chips)/\(attentionGroups)/\(expertGroups > 1 ? 1 : 0)" }
}
