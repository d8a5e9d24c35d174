import Workload

/// Compares the prefix paths of a trace with lists of block ids.
///
/// Ids and places in the trie must correspond one to one, or blocks would be shared that are not
/// the same, or not shared that are.
struct PathComparison {
  struct Place: Hashable {
    var node: Int32
    var block: Int32
  }

  private let trace: InMemoryTrace
  private(set) var places: Set<Place> = []

  init(_ trace: InMemoryTrace) {
    self.trace = trace
    for group in trace.groups {
      for (node, count) in zip(group.prefixes.id, group.prefixes.blocks) {
        for block in 0..<count { places.insert(Place(node: node, block: block)) }
      }
    }
  }

  /// The rows whose path does not fit their ids.
  func differences(_ lines: [MooncakeLine]) -> [Int64] {
    var placeOfId: [Int64: Place] = [:]
    var idOfPlace: [Place: Int64] = [:]
    var found: [Int64] = []
    for group in trace.groups {
      let indices = Dictionary(
        uniqueKeysWithValues: zip(group.prefixes.id, group.prefixes.id.indices)
      )
      for row in 0..<group.count {
        let ids = lines[Int(group.record[row])].hash_ids
        let path = path(group, row, indices)
        let fits =
          path.count == ids.count
          && zip(ids, path).allSatisfy { id, place in
            if placeOfId[id] == nil, idOfPlace[place] == nil {
              placeOfId[id] = place
              idOfPlace[place] = id
            }
            return placeOfId[id] == place && idOfPlace[place] == id
          }
        if !fits { found.append(group.record[row]) }
      }
    }
    return found
  }

  private func path(_ group: RowGroup, _ row: Int, _ indices: [Int32: Int]) -> [Place] {
    var reversed: [Place] = []
    var node = group.prefixNode[row]
    var count = group.prefixBlocks[row]
    while let index = indices[node] {
      for block in (0..<count).reversed() { reversed.append(Place(node: node, block: block)) }
      count = group.prefixes.offset[index]
      node = group.prefixes.parent[index]
    }
    return reversed.reversed()
  }
}
