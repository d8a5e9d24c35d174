/// Turns groups of whole sessions, by their start, into groups by arrival.
///
/// Holds the rows that arrive after the next group's first session starts, and no others but those
/// beside them in their groups, at most as many again. Groups without sessions pass untouched.
final class ArrivalOrder: TraceReader {
  private let base: any TraceReader
  private var held: [Held] = []
  /// The group read ahead, whose start says which rows are due.
  private var ahead: RowGroup?
  private var isAtEnd = false
  private var due: [RowGroup] = []
  private var failure: TraceError?

  var names: TraceNames { base.names }
  var epoch: String? { base.epoch }

  /// A group some of whose rows have not been given out.
  private struct Held {
    var group: RowGroup
    /// Its rows that are left, by arrival, then record, from `next` on.
    var order: ContiguousArray<Int32>
    var next = 0

    init(_ group: RowGroup) {
      self.group = group
      var rows = ContiguousArray<DueRow>()
      rows.reserveCapacity(group.count)
      for row in 0..<Int32(group.count) { rows.append(DueRow(row, of: group, at: 0)) }
      rows.sort()
      order = ContiguousArray(rows.map(\.place.row))
    }

    var left: Int { order.count - next }
  }

  init(_ base: any TraceReader) { self.base = base }

  func next() throws(TraceError) -> RowGroup? {
    if let failure { throw failure }
    do throws(TraceError) {
      while due.isEmpty, !isAtEnd || ahead != nil || !held.isEmpty { try advance() }
    } catch {
      failure = error
      throw error
    }
    return due.isEmpty ? nil : due.removeFirst()
  }

  private func read() throws(TraceError) -> RowGroup? {
    if isAtEnd { return nil }
    let group = try base.next()
    isAtEnd = group == nil
    return group
  }

  /// Takes one more group of the base, and gives out what is due before the next one.
  private func advance() throws(TraceError) {
    if ahead == nil { ahead = try read() }
    guard let group = ahead.take() else {
      giveOut(before: nil)
      return
    }
    if held.isEmpty, group.session.isEmpty {
      due.append(group)
      return
    }
    held.append(Held(group))
    ahead = try read()
    giveOut(before: ahead?.arrival.first)
  }

  /// Gives out the rows that arrive before the next group's first session, or all of them.
  private func giveOut(before start: SimTime?) {
    var rows = ContiguousArray<DueRow>()
    for index in held.indices {
      while held[index].left > 0 {
        let row = held[index].order[held[index].next]
        if let start, held[index].group.arrival[Int(row)] >= start { break }
        rows.append(DueRow(row, of: held[index].group, at: Int32(index)))
        held[index].next += 1
      }
    }
    rows.sort()
    let places = rows.map(\.place)
    let groups = held.map(\.group)
    for first in stride(from: 0, to: places.count, by: RowGroup.preferredRows) {
      let part = places[first..<min(first + RowGroup.preferredRows, places.count)]
      var group = RowGroup(part, of: groups)
      group.prefixes = PrefixNodes(touchedBy: group, of: groups)
      due.append(group)
    }
    held.removeAll { $0.left == 0 }
    for index in held.indices where 2 * held[index].left < held[index].order.count {
      held[index] = compacted(held[index])
    }
  }

  /// The same rows without those that have been given out.
  private func compacted(_ old: Held) -> Held {
    let places = old.order[old.next...].map { RowPlace(group: 0, row: $0) }
    var group = RowGroup(places[...], of: [old.group])
    group.prefixes = PrefixNodes(touchedBy: group, of: [old.group])
    return Held(group)
  }
}

/// A row and what it is sorted by, side by side.
private struct DueRow: Comparable {
  var arrival: SimTime
  var record: Int64
  var place: RowPlace

  init(_ row: Int32, of group: borrowing RowGroup, at index: Int32) {
    arrival = group.arrival[Int(row)]
    record = group.record[Int(row)]
    place = RowPlace(group: index, row: row)
  }

  static func == (a: DueRow, b: DueRow) -> Bool { a.arrival == b.arrival && a.record == b.record }

  static func < (a: DueRow, b: DueRow) -> Bool {
    a.arrival < b.arrival || (a.arrival == b.arrival && a.record < b.record)
  }
}

extension PrefixNodes {
  /// The nodes that a group's rows touch, out of those of other groups, parents first.
  init(touchedBy group: borrowing RowGroup, of groups: [RowGroup]) {
    self.init()
    if group.prefixNode.isEmpty { return }
    var table = PrefixTable()
    var places = NumberedValues<Int32>()
    for group in groups {
      for (index, id) in group.prefixes.id.enumerated() where places[id] == nil {
        let parent = group.prefixes.parent[index]
        places.insert(id, Int32(table.nodes.count))
        table.append(
          id: id,
          parentId: parent,
          parentPlace: parent < 0 ? -1 : places[parent] ?? -1,
          offset: group.prefixes.offset[index],
          blocks: group.prefixes.blocks[index]
        )
      }
    }
    for node in group.prefixNode where node >= 0 {
      if let place = places[node] { table.touch(place) }
    }
    self = table.takeGroup()
  }
}
