/// The edges of a merged trace, whose parents have numbers that only merging finds.
///
/// A parent may stand behind its child, even in a later group; a group waits until all parents that
/// its edges name are numbered.
struct MergedLinks {
  /// New numbers of the records of sessions, by source and number there.
  private var records: [NumberedValues<Int64>]
  /// Groups in order, the first with the number `firstGroup`, and how many of a group's edges wait.
  private var groups: [(group: RowGroup, waiting: Int)] = []
  private var firstGroup = 0
  /// How many edges of the group that is being merged wait.
  private var open = 0
  /// Edges that wait for a record of a source.
  private var waiting: [Parent: [Place]] = [:]
  /// Edges whose parents were numbered since the last group was appended.
  private var resolved: [(place: Place, number: Int64)] = []

  private struct Parent: Hashable {
    var source: Int
    var record: Int64
  }

  /// An edge: the number of its group, and its index there.
  private struct Place {
    var group: Int
    var edge: Int
  }

  init(sources: Int) {
    records = (0..<sources).map { _ in NumberedValues() }
  }

  var hasReadyGroup: Bool { groups.first.map { $0.waiting == 0 } ?? false }

  /// Numbers a record, before the group that holds it is appended.
  mutating func map(_ record: Int64, of source: Int, to number: Int64) {
    records[source].insert(record, number)
    guard let places = waiting.removeValue(forKey: Parent(source: source, record: record)) else {
      return
    }
    for place in places { resolved.append((place, number)) }
  }

  /// Appends the edges of a row to the group that is being merged, its last row.
  mutating func takeEdges(
    of row: Int,
    in source: borrowing RowGroup,
    of index: Int,
    record: Int64,
    _ group: inout RowGroup
  ) {
    let hasEdges = !source.edgeStart.isEmpty
    if !hasEdges, group.edgeStart.isEmpty { return }
    if group.edgeStart.isEmpty {
      group.edgeStart = ContiguousArray(repeating: 0, count: group.count)
    }
    if hasEdges {
      for position in Int(source.edgeStart[row])..<Int(source.edgeStart[row + 1]) {
        var edge = source.edges[position]
        if let number = records[index][edge.parentRecord] {
          edge.parentRecord = number
        } else {
          let place = Place(group: firstGroup + groups.count, edge: group.edges.count)
          waiting[Parent(source: index, record: edge.parentRecord), default: []].append(place)
          open += 1
        }
        group.edges.append(edge)
      }
    }
    group.edgeStart.append(Int32(group.edges.count))
  }

  /// Takes a group whose rows are all merged.
  mutating func append(_ group: RowGroup) {
    groups.append((group, open))
    open = 0
    for (place, number) in resolved {
      let index = place.group - firstGroup
      groups[index].group.edges[place.edge].parentRecord = number
      groups[index].waiting -= 1
    }
    resolved.removeAll(keepingCapacity: true)
  }

  /// The next group, once all are merged or the first waits for nothing.
  mutating func next(of name: String) throws(TraceError) -> RowGroup? {
    guard let first = groups.first else { return nil }
    guard first.waiting == 0 else {
      throw TraceError(
        .badData,
        file: name,
        problem: "has an edge that names a record which its trace does not have"
      )
    }
    groups.removeFirst()
    firstGroup += 1
    return first.group
  }
}
