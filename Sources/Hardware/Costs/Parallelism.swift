/// How the chips of an instance share the work of one model.
public struct Parallelism: Sendable, Equatable {
  /// Chips of the instance, at least 1.
  public var chips: Int
  /// Groups of chips that each compute the attention of their own requests, and hold a copy of the
  /// attention's weights (attention data parallelism); 1 where all chips share every request.
  /// Divides `chips`.
  public var attentionRanks: Int
  /// Whether a chip holds whole experts, so that tokens travel to them, rather than a share of each.
  public var isExpertParallel: Bool

  public init(chips: Int, attentionRanks: Int = 1, isExpertParallel: Bool = false) {
    precondition(chips >= 1 && attentionRanks >= 1 && chips % attentionRanks == 0)
    self.chips = chips
    self.attentionRanks = attentionRanks
    self.isExpertParallel = isExpertParallel
  }

  /// Chips that share the attention of a request.
  public var tensorRanks: Int { chips / attentionRanks }

  /// Requests of the fullest rank of a batch.
  func requestsPerRank(_ batch: Int) -> Int { (batch + attentionRanks - 1) / attentionRanks }
}
