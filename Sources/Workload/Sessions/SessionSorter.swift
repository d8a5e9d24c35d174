/// Puts a trace of any size into session order: the order of a trace file.
///
/// Takes row groups in any order, and gives out groups of about `RowGroup.preferredRows` rows in
/// which the rows of a session stand together, by arrival, then record; sessions are ordered by
/// their first rows, and none is split, so a longer one makes a larger group. A row of no session
/// is one by itself. Each group restates the prefix nodes that its rows touch.
///
/// Memory is `memoryBytes` for rows, and what every session and every distinct prefix node takes.
final class SessionSorter {
  private let file: String
  private let rows: RowSorter
  private var prefixes = PrefixTable()
  /// Place of a node in `prefixes`, by id.
  private var places = NumberedValues<Int32>()
  /// Which columns of names the trace has, by the first group.
  private var columns: [Bool]?
  /// Rows taken so far.
  private(set) var rowCount: Int64 = 0

  /// Errors call the trace `file`. Rows take about `memoryBytes` of memory, at least 1; those that do
  /// not fit go to `folder`, or to `TMPDIR`, or to `/tmp` where that is not set.
  init(file: String, memoryBytes: Int = RowSorter.defaultMemoryBytes, folder: String? = nil) {
    self.file = file
    rows = RowSorter(.sessions, memoryBytes: memoryBytes, folder: folder)
  }

  /// Distinct sessions taken so far; rows of none are not counted.
  var sessionCount: Int { rows.sessions }

  /// The most rows that were in memory at once.
  var mostRowsHeld: Int { rows.mostRowsHeld }

  /// Takes more rows, before the first are given out.
  ///
  /// - Throws: `badData` for prefix nodes that contradict those of an earlier group or lack a
  ///   parent, and where only some groups have a column of names, since a row without one would
  ///   get a name; `unreadable` where the temporary file cannot be written.
  func add(_ group: RowGroup) throws(TraceError) {
    guard group.count > 0 else { return }
    let present = [group.requestClass, group.tenant, group.model, group.adapter, group.tool]
      .map { !$0.isEmpty }
    guard columns == nil || columns == present else {
      throw TraceError(
        .badData,
        file: file,
        problem:
          "record \(group.record[0]) and those before it differ in whether they have a class, "
          + "tenant, model, adapter or tool; give it to all or none"
      )
    }
    columns = present
    try take(group.prefixes)
    rowCount += Int64(group.count)
    try rows.add(group)
  }

  /// Returns the next rows, or nil behind the last.
  func next() throws(TraceError) -> RowGroup? {
    guard var group = try rows.next() else { return nil }
    for row in group.prefixNode.indices where group.prefixNode[row] >= 0 {
      guard let place = places[group.prefixNode[row]] else {
        throw TraceError(
          .badData,
          file: file,
          problem: "record \(group.record[row]) names prefix node \(group.prefixNode[row]), which "
            + "the trace does not have"
        )
      }
      prefixes.touch(place)
    }
    group.prefixes = prefixes.takeGroup()
    return group
  }

  private func take(_ nodes: PrefixNodes) throws(TraceError) {
    for index in 0..<nodes.count {
      let (id, parent) = (nodes.id[index], nodes.parent[index])
      let (offset, blocks) = (nodes.offset[index], nodes.blocks[index])
      if let place = places[id].map(Int.init) {
        let known = prefixes.nodes
        guard known.parent[place] == parent, known.offset[place] == offset,
          known.blocks[place] == blocks
        else { throw badNode(id, "is stated in two ways") }
        continue
      }
      let parentPlace = parent < 0 ? -1 : places[parent]
      guard let parentPlace else { throw badNode(id, "comes before its parent \(parent)") }
      places.insert(id, Int32(prefixes.nodes.count))
      prefixes.append(
        id: id,
        parentId: parent,
        parentPlace: parentPlace,
        offset: offset,
        blocks: blocks
      )
    }
  }

  private func badNode(_ id: Int32, _ problem: String) -> TraceError {
    TraceError(.badData, file: file, problem: "prefix node \(id) \(problem)")
  }
}
