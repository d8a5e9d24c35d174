/// Numbers the places of a prefix trie as paths first name them.
struct BlockNumbers {
  private var indices: [Int32: Int] = [:]
  private var nodes = ContiguousArray<Node>()
  private var next: Int64 = 0
  /// Nodes of which some block has a number.
  private var named: Int32 = 0

  private struct Node {
    var id: Int32
    /// Index of the parent; −1 at a root.
    var parent: Int
    var offset: Int32
    var blocks: Int32
    /// The numbers of its first blocks.
    var numbers = ContiguousArray<Int64>()
  }

  mutating func define(_ prefixes: PrefixNodes) {
    for index in prefixes.id.indices where indices[prefixes.id[index]] == nil {
      indices[prefixes.id[index]] = nodes.count
      nodes.append(
        Node(
          id: prefixes.id[index],
          parent: indices[prefixes.parent[index]] ?? -1,
          offset: prefixes.offset[index],
          blocks: prefixes.blocks[index]
        )
      )
    }
  }

  /// Appends the numbers of a path's blocks, the first block's first, separated by commas.
  ///
  /// - Returns: How many blocks the path has, and whether an importer that makes one node of what
  ///   is new in each path would make those of the trace; nil for a node that is not defined.
  mutating func append(
    _ end: Int32,
    _ count: Int32,
    to text: inout [UInt8]
  ) -> (blocks: Int64, isAsImported: Bool)? {
    guard let last = indices[end] else { return nil }
    var path: [(node: Int, count: Int)] = []
    var (node, blocks) = (last, Int(count))
    while node >= 0 {
      path.append((node, blocks))
      (node, blocks) = (nodes[node].parent, Int(nodes[node].offset))
    }
    var isAsImported = true
    var total: Int64 = 0
    for (node, blocks) in path.reversed() {
      if nodes[node].numbers.count < blocks {
        isAsImported = isAsImported && node == last && isNewNode(node, blocks)
        named += nodes[node].numbers.isEmpty ? 1 : 0
        while nodes[node].numbers.count < blocks {
          nodes[node].numbers.append(next)
          next += 1
        }
      }
      for block in 0..<blocks {
        if total > 0 { text.append(contentsOf: ", ".utf8) }
        text.append(decimal: nodes[node].numbers[block])
        total += 1
      }
    }
    return (total, isAsImported)
  }

  /// Whether a node is what an importer makes of blocks that no path had before.
  private func isNewNode(_ node: Int, _ blocks: Int) -> Bool {
    nodes[node].numbers.isEmpty && nodes[node].id == named && nodes[node].blocks == blocks
      && (nodes[node].offset > 0) == (nodes[node].parent >= 0)
  }
}
