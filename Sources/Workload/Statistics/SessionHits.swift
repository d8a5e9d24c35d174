/// What prompts share with earlier prompts of their own session, in memory for the prefix nodes of
/// each session.
///
/// A session remembers the most of a node's blocks that any of its prompts had. Whichever had some of
/// them had all that stands before the node, so that a walk up from a path's end stops at the first
/// node that was seen at all.
struct SessionHits {
  private struct Node {
    /// The parent's id; −1 at a root.
    var parent: Int32
    var offset: Int64
    /// Blocks before the node.
    var depth: Int64
    /// The id of the first node of all paths through it.
    var root: Int32
  }

  private struct Place: Hashable {
    var session: Int32
    var node: Int32
  }

  private var nodes = NumberedValues<Node>()
  private var seen: [Place: Int64] = [:]
  private var samples = ValueTally()
  private(set) var blocks: Int64 = 0
  private(set) var hitBlocks: Int64 = 0

  mutating func define(_ prefixes: borrowing PrefixNodes) {
    for index in prefixes.id.indices where nodes[prefixes.id[index]] == nil {
      let parent = prefixes.parent[index]
      let offset = Int64(prefixes.offset[index])
      let above = parent >= 0 ? nodes[parent] : nil
      nodes.insert(
        prefixes.id[index],
        Node(
          parent: parent,
          offset: offset,
          depth: above.map { $0.depth &+ offset } ?? 0,
          root: above?.root ?? prefixes.id[index]
        )
      )
    }
  }

  /// The node that a row's prompt starts with; nil where it has no prefix.
  func root(_ group: borrowing RowGroup, _ row: Int) -> Int32? {
    group.prefixNode.isEmpty ? nil : nodes[group.prefixNode[row]]?.root
  }

  /// Adds the prompt of a row of a session.
  mutating func add(_ group: borrowing RowGroup, _ row: Int) {
    guard !group.prefixNode.isEmpty, let end = nodes[group.prefixNode[row]] else { return }
    let session = group.session[row]
    let count = Int64(group.prefixBlocks[row])
    let all = end.depth &+ count
    guard all > 0 else { return }
    let hit = take(session, group.prefixNode[row], count)
    blocks &+= all
    hitBlocks &+= hit
    samples.add(Int64((Double(hit) / Double(all) * 1e6).rounded()))
  }

  /// Marks a path as seen and returns how many of its blocks were before.
  private mutating func take(_ session: Int32, _ end: Int32, _ blocks: Int64) -> Int64 {
    var (id, count) = (end, blocks)
    while id >= 0, let node = nodes[id] {
      let place = Place(session: session, node: id)
      let before = seen[place] ?? 0
      if count > before { seen[place] = count }
      if before > 0, count > 0 { return node.depth &+ min(before, count) }
      (id, count) = (node.parent, node.offset)
    }
    return 0
  }

  /// The shares since the last call; nil for none.
  mutating func takeSamples() -> ValueTally? {
    defer { samples = ValueTally() }
    return samples.counts.isEmpty ? nil : samples
  }
}
