/// The prefix nodes of several traces, numbered as rows first touch them.
struct MergedPrefixes {
  /// All nodes that have a number, which is their place.
  private var table = PrefixTable()
  private var sources: [Source]

  /// A trace's nodes by their number there.
  private struct Source {
    /// Those of the group at hand.
    var nodes = PrefixNodes()
    /// Where in the group those stand that have no new number yet.
    var indices: [Int32: Int] = [:]
    /// New numbers.
    var numbers = NumberedValues<Int32>()
  }

  init(sources: Int) {
    self.sources = (0..<sources).map { _ in Source() }
  }

  /// Takes the nodes that the next rows of a source touch.
  mutating func define(_ nodes: PrefixNodes, of source: Int) {
    sources[source].nodes = nodes
    sources[source].indices.removeAll(keepingCapacity: true)
    for index in nodes.id.indices where sources[source].numbers[nodes.id[index]] == nil {
      sources[source].indices[nodes.id[index]] = index
    }
  }

  /// The new number of a node, which belongs to the group at hand from now on, with those above.
  ///
  /// - Returns: nil for a node that its source has not defined, or where no number is left.
  mutating func touch(_ end: Int32, of source: Int) -> Int32? {
    let known = sources[source].numbers[end]
    guard let number = known ?? Self.add(end, &sources[source], &table) else { return nil }
    table.touch(number)
    return number
  }

  /// Numbers a new node, and before it those above it that are new.
  private static func add(
    _ end: Int32,
    _ source: inout Source,
    _ table: inout PrefixTable
  ) -> Int32? {
    var path: [Int] = []
    var next = end
    while next >= 0, source.numbers[next] == nil {
      // A path that is longer than there are nodes would never end.
      guard let index = source.indices[next], path.count < source.nodes.count else { return nil }
      path.append(index)
      next = source.nodes.parent[index]
    }
    var above = next < 0 ? -1 : source.numbers[next] ?? -1
    for index in path.reversed() {
      guard let number = Int32(exactly: table.nodes.count), number < .max else { return nil }
      table.append(
        id: number,
        parentId: above,
        parentPlace: above,
        offset: source.nodes.offset[index],
        blocks: source.nodes.blocks[index]
      )
      source.numbers.insert(source.nodes.id[index], number)
      above = number
    }
    return above
  }

  /// Returns the nodes that rows since the last call touch, parents first, and starts anew.
  mutating func takeGroup() -> PrefixNodes { table.takeGroup() }
}
