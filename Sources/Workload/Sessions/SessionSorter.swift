/// Puts a trace of any size into the order of a trace file, or into that of arrivals.
///
/// Takes row groups in any order. By session it gives out groups of about `RowGroup.preferredRows`
/// rows in which the rows of a session stand together, by arrival, then record; sessions are ordered
/// by their first rows, and none is split, so a longer one makes a larger group. A row of no session
/// is one by itself. Each group restates the prefix nodes that its rows touch.
///
/// Memory is `memoryBytes` for rows, and what every session and every distinct prefix node takes.
final class SessionSorter {
  private let file: String
  private let rows: RowSorter
  private var prefixes = PrefixCatalog()
  private var columns = NameColumns()
  private var names = TraceNames()

  /// Errors call the trace `file`. Rows take about `memoryBytes` of memory, at least 1; those that do
  /// not fit go to `folder`, or to `TMPDIR`, or to `/tmp` where that is not set.
  init(
    _ order: RowSorter.Order = .sessions,
    file: String,
    memoryBytes: Int = RowSorter.defaultMemoryBytes,
    folder: String? = nil
  ) {
    self.file = file
    rows = RowSorter(order, memoryBytes: memoryBytes, folder: folder)
  }

  /// The most rows that were in memory at once.
  var mostRowsHeld: Int { rows.mostRowsHeld }

  /// Takes more rows, before the first are given out.
  ///
  /// - Throws: `badData` for prefix nodes that contradict those of an earlier group or lack a
  ///   parent; `unreadable` where the temporary file cannot be written.
  func add(_ group: RowGroup) throws(TraceError) {
    guard group.count > 0 else { return }
    columns.meet(group)
    do throws(PrefixCatalog.Fault) {
      try prefixes.add(group.prefixes)
    } catch {
      throw failure("prefix node \(error.id) \(error.problem)")
    }
    try rows.add(group)
  }

  /// Ends the taking of rows, and gives those of groups without a column of names, where others
  /// have it, the empty name.
  ///
  /// - Parameter names: Those of all groups.
  /// - Returns: The names with the empty one in columns that need it.
  /// - Throws: `badData` where no index is left for it.
  func finish(_ names: TraceNames) throws(TraceError) -> TraceNames {
    self.names = names
    guard columns.addEmptyNames(to: &self.names) else {
      throw failure(
        "has more than 65,535 different names in a column that some rows lack; give it to all"
      )
    }
    return self.names
  }

  /// Returns the next rows, or nil behind the last.
  ///
  /// - Precondition: `finish` has been called.
  func next() throws(TraceError) -> RowGroup? {
    guard var group = try rows.next() else { return nil }
    columns.nameRows(of: &group, names)
    for row in group.prefixNode.indices where group.prefixNode[row] >= 0 {
      guard prefixes.touch(group.prefixNode[row]) else {
        throw failure(
          "record \(group.record[row]) names prefix node \(group.prefixNode[row]), which the trace "
            + "does not have"
        )
      }
    }
    group.prefixes = prefixes.takeGroup()
    return group
  }

  private func failure(_ problem: String) -> TraceError {
    TraceError(.badData, file: file, problem: problem)
  }
}
