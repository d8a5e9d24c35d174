/// Builds prefix nodes from lengths, for sources that say how much of a prompt was seen before, but
/// not by which ids.
///
/// A path is a node and the number of blocks from the root on; a path that keeps the start of
/// another attaches behind it and brings new blocks of its own.
struct PrefixChains {
  private var table = PrefixTable()
  /// Blocks in front of each node.
  private var start = ContiguousArray<Int32>()

  var isEmpty: Bool { table.isEmpty }

  /// A prompt's blocks from the root on.
  struct Path {
    /// −1 without blocks.
    var node: Int32 = -1
    var blocks: Int32 = 0
  }

  /// Returns a path of so many blocks, the first `kept` of which are those of another path.
  mutating func path(
    _ blocks: Int32,
    keeping kept: Int32,
    of base: Path,
    at position: Int
  ) throws(Fault) -> Path {
    let shared = min(kept, base.blocks, blocks)
    let parent = node(of: base, before: shared)
    if blocks == shared { return Path(node: parent, blocks: blocks) }
    guard let node = Int32(exactly: start.count), node < .max else {
      throw Fault(at: position, "trace has more than \(Int32.max) prefix branches")
    }
    table.append(
      id: node,
      parentId: parent,
      parentPlace: parent,
      offset: parent < 0 ? 0 : shared - start[Int(parent)],
      blocks: blocks - shared
    )
    start.append(shared)
    return Path(node: node, blocks: blocks)
  }

  /// Appends a row's columns.
  func append(_ path: Path, to group: inout RowGroup) {
    group.prefixNode.append(path.node)
    group.prefixBlocks.append(path.node < 0 ? 0 : path.blocks - start[Int(path.node)])
  }

  /// Gives a group the nodes that its rows touch; called once per group, in the order of groups.
  mutating func finish(_ group: inout RowGroup) {
    for node in group.prefixNode { table.touch(node) }
    group.prefixes = table.takeGroup()
  }

  /// The node that holds the last of the first so many blocks of a path; −1 for none.
  private func node(of path: Path, before blocks: Int32) -> Int32 {
    var node = path.node
    while node >= 0, start[Int(node)] >= blocks { node = table.nodes.parent[Int(node)] }
    return node
  }
}
