/// Builds the trace's prefix trie from the block ids of one row after another.
///
/// Ids are chained: each stands for one place in the trie. The part of a row that is known is
/// walked and checked; the rest becomes one new node, attached behind the last known block.
struct PrefixTrieBuilder {
  /// By scope of ids.
  private var places = [BlockTable()]
  /// A node's id is its place.
  private var table = PrefixTable()

  var isEmpty: Bool { table.isEmpty }

  /// Adds a row's path, given by one or more block ids from the root on, and returns where it ends.
  /// In each scope an id stands for another place; scopes count from 0 and are few.
  mutating func insert(
    _ ids: ContiguousArray<Int64>,
    in scope: Int = 0,
    at position: Int
  ) throws(Fault) -> (node: Int32, blocks: Int32) {
    var last = BlockPlace.root
    var known = 0
    while places.count <= scope { places.append(BlockTable()) }
    while known < ids.count, let place = places[scope][ids[known]] {
      guard follows(place, last) else { throw Self.misplaced(ids, known, position) }
      last = place
      known += 1
    }
    if known < ids.count {
      guard let node = Int32(exactly: table.nodes.count), node < .max else {
        throw Fault(at: position, "trace has more than \(Int32.max) prefix branches")
      }
      table.append(
        id: node,
        parentId: last.node,
        parentPlace: last.node,
        offset: last.block + 1,
        blocks: Int32(ids.count - known)
      )
      for (block, id) in ids[known...].enumerated() {
        last = BlockPlace(node: node, block: Int32(block))
        guard places[scope].insert(id, last) else {
          throw Self.misplaced(ids, known + block, position)
        }
      }
    }
    table.touch(last.node)
    return (last.node, last.block + 1)
  }

  /// Adds a path of so many blocks, the first `kept` of which are those of another path and the others,
  /// at least one, new ones that no id stands for; returns where it ends. The other path has `length`
  /// blocks and ends at `end`.
  mutating func extend(
    _ end: (node: Int32, blocks: Int32),
    of length: Int32,
    keeping kept: Int32,
    to blocks: Int32,
    at position: Int
  ) throws(Fault) -> (node: Int32, blocks: Int32) {
    guard let new = Int32(exactly: table.nodes.count), new < .max else {
      throw Fault(at: position, "trace has more than \(Int32.max) prefix branches")
    }
    var node = end.node
    // Blocks in front of the node.
    var start = length - end.blocks
    while node >= 0, start >= kept {
      start -= table.nodes.offset[Int(node)]
      node = table.nodes.parent[Int(node)]
    }
    table.append(
      id: new,
      parentId: node,
      parentPlace: node,
      offset: node < 0 ? 0 : kept - start,
      blocks: blocks - kept
    )
    table.touch(new)
    return (new, blocks - kept)
  }

  /// Returns the nodes that the rows since the last call touch, parents first, and starts anew.
  mutating func takeGroup() -> PrefixNodes { table.takeGroup() }

  /// Counts a node and those above it among the nodes of the group at hand.
  mutating func touch(_ node: Int32) { table.touch(node) }

  private func follows(_ place: BlockPlace, _ last: BlockPlace) -> Bool {
    if place.block > 0 { return place.node == last.node && place.block == last.block + 1 }
    let node = Int(place.node)
    return table.nodes.parent[node] == last.node && table.nodes.offset[node] == last.block + 1
  }

  private static func misplaced(
    _ ids: ContiguousArray<Int64>,
    _ index: Int,
    _ position: Int
  ) -> Fault {
    let before = index == 0 ? "at the start of the prompt" : "behind block \(ids[index - 1])"
    return Fault(
      at: position,
      "hash id \(ids[index]) stands \(before), but elsewhere in an earlier prompt; "
        + "an id must name the whole prompt up to its block"
    )
  }
}

/// A block's place in the trie: a node and the block's index in it.
struct BlockPlace: Equatable {
  var node: Int32
  var block: Int32

  /// Before the first block of a prompt.
  static let root = BlockPlace(node: -1, block: -1)
}
