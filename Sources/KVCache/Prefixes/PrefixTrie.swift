public import Workload

/// The prefix nodes of a trace that somebody refers to, by dense slots that are recycled.
///
/// A node is a run of blocks that follows `offset` blocks of its parent. Row groups, requests,
/// caches and child nodes hold the nodes that they need; a node that nobody holds is forgotten, and
/// its slot is taken by the next new one.
public struct PrefixTrie: ~Copyable, Sendable {
  private struct Node {
    /// The number in the trace.
    var id: Int32
    /// Slot of the parent; −1 at a root.
    var parent: Int32
    /// Blocks of the path before this node's first.
    var before: Int32
    var blocks: Int32
    var holders: Int32
  }

  private var nodes = ContiguousArray<Node>()
  private var free = ContiguousArray<Int32>()
  /// Slots by number in the trace.
  private var slots = SlotTable()
  /// What the groups since the last `releaseGroup` hold.
  private var held = ContiguousArray<Int32>()

  public init() {}

  /// Nodes that somebody refers to.
  public var liveNodes: Int { slots.count }

  /// Adds the nodes that a row group restates, and holds them until `releaseGroup`.
  ///
  /// A node that is there already is recognized by its number.
  ///
  /// - Parameter group: The nodes, parents before children.
  /// - Throws: A fault for a node of no block, one that is behind no block of a known parent, one
  ///   that ends more than 2³¹ − 1 blocks from the root, and one that is stated in two ways. The
  ///   nodes before it have been added.
  public mutating func add(_ group: PrefixNodes) throws(PrefixFault) {
    slots.reserve(group.count)
    for index in 0..<group.count {
      let id = group.id[index]
      let known = id < 0 ? -1 : slots[id]
      let slot =
        known >= 0 ? try recognize(known, index, group) : try insert(id, index, group)
      retain(slot)
      held.append(slot)
    }
  }

  /// Lets go of all nodes that `add` has held since the last call.
  public mutating func releaseGroup() {
    // From the last, so that no child is left when its parent's turn comes.
    while let slot = held.popLast() { release(slot) }
  }

  private func recognize(
    _ slot: Int32,
    _ index: Int,
    _ group: borrowing PrefixNodes
  ) throws(PrefixFault) -> Int32 {
    let node = nodes[Int(slot)]
    let isSame: Bool
    if node.parent < 0 {
      isSame = group.parent[index] < 0
    } else {
      let above = nodes[Int(node.parent)]
      isSame =
        group.parent[index] == above.id && group.offset[index] == node.before - above.before
    }
    guard isSame, group.blocks[index] == node.blocks else {
      throw PrefixFault(index: index, id: node.id, problem: "is stated in two ways")
    }
    return slot
  }

  private mutating func insert(
    _ id: Int32,
    _ index: Int,
    _ group: borrowing PrefixNodes
  ) throws(PrefixFault) -> Int32 {
    func fault(_ problem: String) -> PrefixFault {
      PrefixFault(index: index, id: id, problem: problem)
    }
    let (parentId, offset, blocks) = (group.parent[index], group.offset[index], group.blocks[index])
    guard id >= 0 else { throw fault("has a negative number") }
    guard blocks >= 1 else { throw fault("has \(blocks) blocks; expected at least 1") }
    var parent: Int32 = -1
    var before: Int32 = 0
    if parentId >= 0 {
      parent = slots[parentId]
      guard parent >= 0 else { throw fault("comes before its parent \(parentId)") }
      let above = nodes[Int(parent)]
      guard (1...above.blocks).contains(offset) else {
        throw fault("follows \(offset) of the \(above.blocks) blocks of its parent \(parentId)")
      }
      before = above.before + offset
    }
    guard !before.addingReportingOverflow(blocks).overflow else {
      throw fault("ends more than \(Int32.max) blocks from the root")
    }
    let node = Node(id: id, parent: parent, before: before, blocks: blocks, holders: 0)
    let slot: Int32
    if let recycled = free.popLast() {
      slot = recycled
      nodes[Int(slot)] = node
    } else {
      guard let next = Int32(exactly: nodes.count) else {
        throw fault("is one of more than \(Int32.max) nodes in use")
      }
      slot = next
      nodes.append(node)
    }
    retain(parent)
    slots.set(id, slot)
    return slot
  }

  // MARK: Holding

  /// Holds a node; −1 is ignored.
  public mutating func retain(_ node: Int32) {
    if node >= 0 { nodes[Int(node)].holders += 1 }
  }

  /// Lets go of a node, which is forgotten where nobody else holds it; −1 is ignored.
  public mutating func release(_ node: Int32) {
    var slot = node
    while slot >= 0 {
      nodes[Int(slot)].holders -= 1
      guard nodes[Int(slot)].holders == 0 else { return }
      slots.remove(nodes[Int(slot)].id)
      free.append(slot)
      slot = nodes[Int(slot)].parent
    }
  }

  // MARK: Points

  /// Where the path of a row ends.
  ///
  /// - Parameters:
  ///   - id: The row's node by its number in the trace; −1 for none, which ends at the root.
  ///   - blocks: How many blocks of the node belong to the path, at least 1.
  /// - Returns: nil where nobody holds such a node or it has fewer blocks.
  public func point(id: Int32, blocks: Int32) -> PrefixPoint? {
    guard id >= 0 else { return .root }
    let slot = slots[id]
    guard slot >= 0, blocks >= 1, blocks <= nodes[Int(slot)].blocks else { return nil }
    return PrefixPoint(node: slot, depth: nodes[Int(slot)].before + blocks)
  }

  /// The same path, cut.
  ///
  /// - Parameters:
  ///   - point: The path's end.
  ///   - depth: How many blocks are left, `0...point.depth`.
  /// - Returns: The path's end then.
  public func ancestor(of point: PrefixPoint, depth: Int32) -> PrefixPoint {
    precondition((0...point.depth).contains(depth), "a path cut to more blocks than it has")
    guard depth > 0 else { return .root }
    var node = point.node
    while nodes[Int(node)].before >= depth { node = nodes[Int(node)].parent }
    return PrefixPoint(node: node, depth: depth)
  }

  /// Whether one path is the beginning of another, or all of it.
  public func isPrefix(_ a: PrefixPoint, of b: PrefixPoint) -> Bool {
    a.depth <= b.depth && ancestor(of: b, depth: a.depth) == a
  }

  /// Blocks of the path before a node's first.
  func before(_ node: Int32) -> Int32 { nodes[Int(node)].before }

  func parent(of node: Int32) -> Int32 { nodes[Int(node)].parent }
}
