/// The prefix nodes of a trace and which of them the rows of a group touch.
///
/// A node's place is its number in the order of appearance, in which parents come before children.
struct PrefixTable {
  private(set) var nodes = PrefixNodes()
  /// Place of the parent; −1 at a root.
  private var parent = ContiguousArray<Int32>()
  /// The group in which a node was last touched.
  private var touchedIn = ContiguousArray<Int32>()
  private var touched = ContiguousArray<Int32>()
  private var group: Int32 = 0

  var isEmpty: Bool { nodes.id.isEmpty }

  /// Adds a node behind the last.
  mutating func append(id: Int32, parentId: Int32, parentPlace: Int32, offset: Int32, blocks: Int32)
  {
    nodes.id.append(id)
    nodes.parent.append(parentId)
    nodes.offset.append(offset)
    nodes.blocks.append(blocks)
    parent.append(parentPlace)
    touchedIn.append(-1)
  }

  /// Whether the node at a place has this parent's id, offset and length.
  func states(_ parent: Int32, _ offset: Int32, _ blocks: Int32, at place: Int) -> Bool {
    nodes.parent[place] == parent && nodes.offset[place] == offset && nodes.blocks[place] == blocks
  }

  /// Counts the node at a place and those above it among the nodes of the group at hand.
  mutating func touch(_ end: Int32) {
    var place = end
    while place >= 0, touchedIn[Int(place)] != group {
      touchedIn[Int(place)] = group
      touched.append(place)
      place = parent[Int(place)]
    }
  }

  /// Returns the nodes touched since the last call, parents first, and starts anew.
  mutating func takeGroup() -> PrefixNodes {
    var order = StableOrder(count: touched.count)
    order.sort { Int64(touched[$0]) }
    var taken = PrefixNodes()
    taken.reserveCapacity(touched.count)
    for index in order.indices {
      let place = touched[index]
      taken.id.append(nodes.id[Int(place)])
      taken.parent.append(nodes.parent[Int(place)])
      taken.offset.append(nodes.offset[Int(place)])
      taken.blocks.append(nodes.blocks[Int(place)])
    }
    touched.removeAll(keepingCapacity: true)
    group += 1
    return taken
  }
}
