/// The prefix nodes of a trace as its groups state them, found by their ids.
struct PrefixCatalog {
  private var table = PrefixTable()
  /// Place of a node in the table, by id.
  private var places = NumberedValues<Int32>()

  /// A node that contradicts those before it.
  struct Fault: Error {
    /// Where the node stands among those that were to be added.
    var index: Int
    var id: Int32
    /// Behind "prefix node 7".
    var problem: String
  }

  init() {}

  /// The nodes of groups that do not contradict each other.
  init(of groups: [RowGroup]) {
    for group in groups { try? add(group.prefixes) }
  }

  /// Adds those nodes of a group that are new, and compares the others with what is known.
  mutating func add(_ nodes: borrowing PrefixNodes) throws(Fault) {
    for index in 0..<nodes.count {
      let (id, parent) = (nodes.id[index], nodes.parent[index])
      let (offset, blocks) = (nodes.offset[index], nodes.blocks[index])
      if let place = places[id] {
        guard table.states(parent, offset, blocks, at: Int(place)) else {
          throw Fault(index: index, id: id, problem: "is stated in two ways")
        }
        continue
      }
      guard let parentPlace = parent < 0 ? -1 : places[parent] else {
        throw Fault(index: index, id: id, problem: "comes before its parent \(parent)")
      }
      places.insert(id, Int32(table.nodes.count))
      table.append(
        id: id,
        parentId: parent,
        parentPlace: parentPlace,
        offset: offset,
        blocks: blocks
      )
    }
  }

  /// Counts a node and those above it among the nodes of the group at hand; false where no group
  /// has stated it.
  mutating func touch(_ id: Int32) -> Bool {
    guard let place = places[id] else { return false }
    table.touch(place)
    return true
  }

  /// The nodes that a group's rows touch, parents first.
  mutating func nodes(touchedBy group: borrowing RowGroup) -> PrefixNodes {
    for node in group.prefixNode where node >= 0 { _ = touch(node) }
    return takeGroup()
  }

  /// Returns the nodes touched since the last call, parents first, and starts anew.
  mutating func takeGroup() -> PrefixNodes { table.takeGroup() }
}
