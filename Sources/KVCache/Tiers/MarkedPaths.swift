/// A set of blocks that holds with each block the path before it.
struct MarkedPaths: Sendable {
  /// How deep each node is marked, by slot.
  private var depths = SlotTable()

  mutating func mark(_ end: PrefixPoint, in trie: borrowing PrefixTrie) {
    var point = end
    // Above what is marked everything is.
    while point.node >= 0, depths[point.node] < point.depth {
      depths.set(point.node, point.depth)
      point.depth = trie.before(point.node)
      point.node = trie.parent(of: point.node)
    }
  }

  /// The longest beginning of a path that is marked.
  func match(_ end: PrefixPoint, in trie: borrowing PrefixTrie) -> PrefixPoint {
    var point = end
    while point.node >= 0 {
      let depth = depths[point.node]
      if depth >= 0 { return PrefixPoint(node: point.node, depth: min(point.depth, depth)) }
      point.depth = trie.before(point.node)
      point.node = trie.parent(of: point.node)
    }
    return .root
  }

  /// Unmarks blocks that nothing marked follows.
  mutating func unmark(_ blocks: EvictedBlocks, in trie: borrowing PrefixTrie) {
    guard depths[blocks.node] > blocks.from else { return }
    if blocks.from > trie.before(blocks.node) {
      depths.set(blocks.node, blocks.from)
    } else {
      depths.remove(blocks.node)
    }
  }
}
