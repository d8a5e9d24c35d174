/// How much of their prompts the requests of a trace share, seen by a cache that forgets nothing and
/// computes every prompt the moment it arrives.
///
/// Counts of blocks beyond the range of their type, which prompts of readable files cannot have, are
/// its largest number.
public struct PrefixProfile: Sendable, Equatable {
  /// Tokens per block.
  public var blockTokens: Int
  /// Rows that have a prefix.
  public var rows: Int64
  /// Nodes of the prefix trie that some row touches.
  public var nodes: Int64
  /// Blocks of all prompts, and how many of them differ.
  public var blocks: Int64
  public var distinctBlocks: Int64
  /// Blocks, tokens and rows of prompts that begin as an earlier prompt did; of the tokens, those
  /// of the prompt itself where its last block is not full.
  public var hitBlocks: Int64
  public var hitTokens: Int64
  public var hitRows: Int64
  /// Tokens of all prompts, of rows without a prefix too.
  public var promptTokens: Int64

  public var hitBlockShare: Double { blocks > 0 ? Double(hitBlocks) / Double(blocks) : 0 }

  public var hitTokenShare: Double {
    promptTokens > 0 ? Double(hitTokens) / Double(promptTokens) : 0
  }
}

/// What a prefix profile needs, in memory for the nodes.
///
/// A node remembers the most of its blocks that any prompt had. Whoever saw some of them saw all
/// that stands before the node, so a walk up from a path's end stops at the first node that was
/// seen at all: the cost is of the nodes that are new, not of blocks.
struct PrefixSums {
  private var indices = NumberedValues<Int>()
  private var nodes = ContiguousArray<Node>()
  private var profile = PrefixProfile(
    blockTokens: 0,
    rows: 0,
    nodes: 0,
    blocks: 0,
    distinctBlocks: 0,
    hitBlocks: 0,
    hitTokens: 0,
    hitRows: 0,
    promptTokens: 0
  )

  private struct Node {
    /// Index of the parent; −1 at a root.
    var parent: Int
    /// Blocks of the parent before this node, and of all nodes before it.
    var offset: Int64
    var depth: Int64
    var seen: Int64 = 0
  }

  mutating func add(_ group: borrowing RowGroup, blockTokens: Int) {
    for row in group.promptTokens.indices {
      profile.promptTokens += Int64(group.promptTokens[row])
    }
    guard !group.prefixNode.isEmpty else { return }
    profile.blockTokens = blockTokens
    for index in group.prefixes.id.indices { define(index, group.prefixes) }
    for row in group.prefixNode.indices where group.prefixNode[row] >= 0 {
      guard let end = indices[group.prefixNode[row]] else { continue }
      let count = Int64(group.prefixBlocks[row])
      let hit = take(end, count)
      profile.rows += 1
      profile.blocks = Self.sum(profile.blocks, Self.sum(nodes[end].depth, count))
      profile.hitBlocks = Self.sum(profile.hitBlocks, hit)
      let tokens = Int128(hit) * Int128(blockTokens)
      profile.hitTokens += Int64(min(tokens, Int128(group.promptTokens[row])))
      profile.hitRows += hit > 0 ? 1 : 0
    }
  }

  private mutating func define(_ index: Int, _ prefixes: borrowing PrefixNodes) {
    guard indices[prefixes.id[index]] == nil else { return }
    let parent = indices[prefixes.parent[index]] ?? -1
    let offset = Int64(prefixes.offset[index])
    let depth = parent >= 0 ? Self.sum(nodes[parent].depth, offset) : 0
    indices.insert(prefixes.id[index], nodes.count)
    nodes.append(Node(parent: parent, offset: offset, depth: depth))
  }

  /// Marks a path as seen and returns how many of its blocks were before.
  private mutating func take(_ end: Int, _ blocks: Int64) -> Int64 {
    var (node, count) = (end, blocks)
    while node >= 0 {
      let seen = nodes[node].seen
      nodes[node].seen = max(seen, count)
      if seen > 0, count > 0 { return Self.sum(nodes[node].depth, min(seen, count)) }
      (node, count) = (nodes[node].parent, nodes[node].offset)
    }
    return 0
  }

  /// nil in a trace without prefixes.
  var result: PrefixProfile? {
    guard profile.rows > 0 else { return nil }
    var result = profile
    result.nodes = Int64(nodes.count)
    result.distinctBlocks = nodes.reduce(0) { Self.sum($0, $1.seen) }
    return result
  }

  private static func sum(_ a: Int64, _ b: Int64) -> Int64 {
    let (sum, overflow) = a.addingReportingOverflow(b)
    return overflow ? .max : sum
  }
}
