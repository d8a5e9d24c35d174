import Workload

/// Where a shared prefix ends: its node, the blocks of it, and how much lies before.
struct PrefixEnd {
  /// Number of the variants drawn so far, in whatever order they came up; −1 for none.
  var number: Int32 = -1
  /// Place among the live nodes; −1 for none.
  var node: Int32 = -1
  /// Blocks of the node, and of the whole path.
  var blocks: Int32 = 0
  var depth: Int32 = 0
  var tokens: Int32 = 0
}

/// The levels of a shared prefix, ready to be drawn from.
struct PrefixLevels {
  private struct Level {
    /// Different for every level of a recipe, so that no two share nodes.
    let number: Int32
    let variants: SharedPrefix.Variants
    let shares: ShareTable
  }

  private var levels: [Level] = []

  /// Counts its levels on from `number`, that of the next level of the recipe.
  init(_ prefix: [SharedPrefix], number: inout Int32) {
    for level in prefix {
      let shares =
        switch level.variants {
        case .listed(let kinds): ShareTable(kinds.map(\.share))
        case .ranked(let count, let exponent, _): ShareTable(ranks: count, exponent: exponent)
        }
      levels.append(Level(number: number, variants: level.variants, shares: shares))
      number += 1
    }
  }

  /// Draws a variant of every level and returns where the last one ends.
  func draw(
    _ random: inout SplitMix64,
    _ shared: inout SharedNodes,
    _ nodes: inout LiveNodes
  ) -> PrefixEnd {
    var end = PrefixEnd()
    for level in levels {
      let variant = level.shares.pick(&random)
      end = shared.end(
        SharedNodes.Key(level: level.number, variant: Int32(variant), before: end.number),
        behind: end,
        level.variants,
        &nodes
      )
    }
    return end
  }
}

/// The nodes that sessions share; they live as long as the trace, in memory for those drawn so far.
struct SharedNodes {
  struct Key: Hashable {
    var level: Int32
    var variant: Int32
    /// The variants of the levels before.
    var before: Int32
  }

  private let seed: UInt64
  private let blockTokens: Int32
  private var ends: [Key: PrefixEnd] = [:]

  /// Without blocks, where the trace has no prefixes, there are lengths alone.
  init(seed: UInt64, blockTokens: Int) {
    self.seed = seed
    self.blockTokens = Int32(blockTokens)
  }

  fileprivate mutating func end(
    _ key: Key,
    behind before: PrefixEnd,
    _ variants: SharedPrefix.Variants,
    _ nodes: inout LiveNodes
  ) -> PrefixEnd {
    if let known = ends[key] { return known }
    var end = before
    end.number = Int32(ends.count)
    end.tokens = min(before.tokens + tokens(key, variants), 1 << 30)
    if blockTokens > 0, end.tokens / blockTokens > before.depth {
      end.depth = end.tokens / blockTokens
      end.blocks = end.depth - before.depth
      end.node = nodes.add(parent: before.node, offset: before.blocks, blocks: end.blocks)
    }
    ends[key] = end
    return end
  }

  /// A variant has the same length wherever it comes up.
  private func tokens(_ key: Key, _ variants: SharedPrefix.Variants) -> Int32 {
    switch variants {
    case .listed(let kinds): return Int32(kinds[Int(key.variant)].tokens)
    case .ranked(_, _, let tokens):
      var random = SplitMix64(
        seed: seed,
        .sharedPrefixes,
        session: UInt64(key.level),
        agent: UInt64(key.variant)
      )
      return Int32(tokens.draw(&random).rounded())
    }
  }
}
