import Workload

/// A block of a trace's prefixes: what it holds, and all that stands before it.
struct TwinBlockName: Hashable, Sendable {
  /// The node of the trie, by the id that the trace gives it.
  let node: Int32
  /// Its place in the node, from 0.
  let place: Int32
}

/// The prompts of a trace as blocks.
enum TwinPaths {
  /// The blocks of a row's path from the root on; nil for a row without a prefix.
  static func path(of index: Int, in rows: RowGroup) -> [TwinBlockName]? {
    guard !rows.prefixNode.isEmpty, rows.prefixNode[index] >= 0 else { return nil }
    var path: [TwinBlockName] = []
    var (node, count) = (rows.prefixNode[index], rows.prefixBlocks[index])
    while node >= 0 {
      path = (0..<count).map { TwinBlockName(node: node, place: $0) } + path
      guard let entry = rows.prefixes.id.firstIndex(of: node) else {
        preconditionFailure("a path through a node that is not in the trace")
      }
      (node, count) = (rows.prefixes.parent[entry], rows.prefixes.offset[entry])
    }
    return path
  }
}
