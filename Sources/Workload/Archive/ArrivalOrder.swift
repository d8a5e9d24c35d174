/// Turns groups of whole sessions, by their start, into groups by arrival.
///
/// Holds the rows that come behind the next group's first, and no others but those beside them in
/// their groups, at most as many again. Groups without sessions pass untouched. Where sessions last so
/// long that this takes too much memory, what is left of the trace is sorted on disk.
final class ArrivalOrder: TraceReader {
  private let base: any TraceReader
  private let memoryBytes: Int
  private var held: [Held] = []
  /// All rows that are left, once too many were held.
  private var sorter: SessionSorter?
  /// The group read ahead, whose first row says which rows are due.
  private var ahead: RowGroup?
  private var isAtEnd = false
  private var due: [RowGroup] = []
  private var failure: TraceError?

  /// The most rows that were held at once.
  private(set) var mostRowsHeld = 0

  var names: TraceNames { base.names }
  var epoch: String? { base.epoch }
  var provenance: TraceProvenance? { base.provenance }

  /// A group some of whose rows have not been given out.
  private struct Held {
    var group: RowGroup
    /// Its rows that are left, by arrival, then record, from `next` on.
    var order: ContiguousArray<Int32>
    var next = 0
    let bytes: Int

    init(_ group: RowGroup) {
      self.group = group
      bytes = group.columnBytes + group.count * MemoryLayout<Int32>.stride
      var rows = ContiguousArray<DueRow>()
      rows.reserveCapacity(group.count)
      for row in 0..<Int32(group.count) { rows.append(DueRow(row, of: group, at: 0)) }
      rows.sort()
      order = ContiguousArray(rows.map(\.place.row))
    }

    var left: Int { order.count - next }
  }

  /// Held rows take at most about `memoryBytes`, those of a group at hand apart.
  init(_ base: any TraceReader, memoryBytes: Int = RowSorter.defaultMemoryBytes / 2) {
    self.base = base
    self.memoryBytes = memoryBytes
  }

  func next() throws(TraceError) -> RowGroup? {
    if let failure { throw failure }
    do throws(TraceError) {
      while due.isEmpty, sorter == nil, !isAtEnd || ahead != nil || !held.isEmpty { try advance() }
      if due.isEmpty, let sorter { return try sorter.next() }
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
    giveOut(before: ahead.map { DueRow(0, of: $0, at: 0) })
    mostRowsHeld = max(mostRowsHeld, held.reduce(0) { $0 + $1.order.count })
    if held.count > 1, held.reduce(0, { $0 + $1.bytes }) > memoryBytes { try sortRest() }
  }

  /// Sorts what is held and all that follows.
  private func sortRest() throws(TraceError) {
    let rest = SessionSorter(.arrivals, file: "trace", memoryBytes: memoryBytes)
    for group in held { try rest.add(compacted(group).group) }
    held = []
    if let group = ahead.take() { try rest.add(group) }
    while let group = try read() { try rest.add(group) }
    _ = try rest.finish(names)
    sorter = rest
  }

  /// Gives out the rows that come before the next group's first, or all of them.
  private func giveOut(before end: DueRow?) {
    var rows = ContiguousArray<DueRow>()
    for index in held.indices {
      while held[index].left > 0 {
        let place = held[index].order[held[index].next]
        let row = DueRow(place, of: held[index].group, at: Int32(index))
        if let end, row >= end { break }
        rows.append(row)
        held[index].next += 1
      }
    }
    rows.sort()
    let places = rows.map(\.place)
    let groups = held.map(\.group)
    var columns = NameColumns()
    for group in groups { columns.meet(group) }
    var prefixes = PrefixCatalog(of: groups)
    for first in stride(from: 0, to: places.count, by: RowGroup.preferredRows) {
      let part = places[first..<min(first + RowGroup.preferredRows, places.count)]
      var group = RowGroup(part, of: groups)
      columns.nameRows(of: &group, names)
      group.prefixes = prefixes.nodes(touchedBy: group)
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
    var prefixes = PrefixCatalog(of: [old.group])
    group.prefixes = prefixes.nodes(touchedBy: group)
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
