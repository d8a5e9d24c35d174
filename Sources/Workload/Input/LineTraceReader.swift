/// Reads a format of one record per line.
///
/// Lines that are rows as they stand stream; others are sorted, in bounded memory, before the first
/// row is given out.
final class LineTraceReader: TraceReader {
  private var records: LineRecords
  /// Kept so that a reader that failed never goes on behind the bad record.
  private var failure: TraceError?

  var names: TraceNames { records.scanner.names }
  var epoch: String? { records.scanner.epoch }
  let provenance: TraceProvenance?

  init(
    _ lines: consuming LineReader,
    _ scanner: any RecordScanner,
    _ options: ReadOptions = ReadOptions()
  ) throws(TraceError) {
    provenance = TraceProvenance(
      source: lines.file.split(separator: "/").last.map(String.init) ?? lines.file,
      format: scanner.format.name
    )
    records = LineRecords(lines, scanner, memoryBytes: options.memoryBytes)
    try records.readHeader()
    try records.expectStartTimes(options)
  }

  func next() throws(TraceError) -> RowGroup? {
    if let failure { throw failure }
    do throws(TraceError) {
      return try records.readGroup()
    } catch {
      failure = error
      throw error
    }
  }
}

/// The state of a reader, as a struct: access to a class's variables is checked at run time, which
/// would cost a sixth of the time of a row.
private struct LineRecords: ~Copyable {
  private var lines: LineReader
  private(set) var scanner: any RecordScanner
  private let memoryBytes: Int
  private var count: Int64 = 0
  /// All rows by arrival, where lines are no rows as they stand.
  private var rows: Rows?

  private enum Rows {
    /// The next group last.
    case memory([RowGroup])
    case sorter(RowSorter)
  }

  init(_ lines: consuming LineReader, _ scanner: any RecordScanner, memoryBytes: Int) {
    self.lines = lines
    self.scanner = scanner
    self.memoryBytes = memoryBytes
  }

  mutating func readHeader() throws(TraceError) {
    guard scanner.hasHeader, let range = try lines.next() else { return }
    do throws(Fault) {
      try lines.withLine(range) { line throws(Fault) in try scanner.scanHeader(line) }
    } catch {
      throw located(error, line: lines.line)
    }
  }

  func expectStartTimes(_ options: ReadOptions) throws(TraceError) {
    if scanner.hasStartTimes == (options.sessionsPerSecond == nil) { return }
    if scanner.hasStartTimes { throw ReadOptions.hasStartTimes(file: lines.file) }
    throw TraceError(
      .badData,
      file: lines.file,
      problem: "has no start times; say with --sessions-per-second how fast requests start"
    )
  }

  mutating func readGroup() throws(TraceError) -> RowGroup? {
    if rows == nil {
      var group = RowGroup()
      try scan(into: &group, upTo: RowGroup.preferredRows)
      if count == 0 {
        throw TraceError(.badData, file: lines.file, problem: "holds no requests")
      }
      guard group.count > 0 else { return nil }
      switch scanner.order {
      case .arrivals:
        scanner.finish(&group)
        return group
      case .unsorted: rows = .sorter(try sortByArrival(from: group))
      case .linked: rows = try linked(from: group)
      }
    }
    guard var group = try nextRows() else { return nil }
    scanner.finish(&group)
    return group
  }

  private mutating func nextRows() throws(TraceError) -> RowGroup? {
    switch rows {
    case .memory(var groups):
      rows = nil
      let next = groups.popLast()
      rows = .memory(groups)
      return next
    case .sorter(let sorter): return try sorter.next()
    case nil: return nil
    }
  }

  /// Scans lines until a group has so many rows or the file ends.
  private mutating func scan(into group: inout RowGroup, upTo rows: Int) throws(TraceError) {
    while group.count < rows, let range = try lines.next() {
      if range.isEmpty {
        try expectEnd()
        return
      }
      do throws(Fault) {
        try lines.withLine(range) { line throws(Fault) in try scanner.scan(line, into: &group) }
      } catch {
        throw located(error, line: lines.line)
      }
      group.record.append(count)
      count += 1
    }
  }

  /// Scans the rest of the file into a sorter, one group after another.
  private mutating func scanRest(
    _ first: consuming RowGroup,
    into sorter: RowSorter
  ) throws(TraceError) {
    var group = first
    while group.count > 0 {
      try sorter.add(group)
      group = RowGroup()
      try scan(into: &group, upTo: RowGroup.preferredRows)
    }
  }

  private mutating func sortByArrival(
    from first: consuming RowGroup
  ) throws(TraceError) -> RowSorter {
    let sorter = RowSorter(.arrivals, memoryBytes: memoryBytes)
    try scanRest(first, into: sorter)
    return sorter
  }

  /// Reads a file of linked lines to its end and completes their edges.
  ///
  /// As long as all rows fit into memory they keep their order, which is that of their arrivals.
  /// Else they are sorted by session, linked, and sorted by arrival again.
  private mutating func linked(from first: consuming RowGroup) throws(TraceError) -> Rows {
    var group = first
    while group.columnBytes <= memoryBytes / 2 {
      let before = group.count
      try scan(into: &group, upTo: before + RowGroup.preferredRows)
      if group.count > before { continue }
      try link(&group) { _ in nil }
      return .memory(group.cut(ContiguousArray(0..<group.count)).reversed())
    }
    let bySession = RowSorter(.sessions, memoryBytes: memoryBytes)
    try scanRest(group, into: bySession)
    let byArrival = RowSorter(.arrivals, memoryBytes: memoryBytes)
    while var group = try bySession.next() {
      var failure: TraceError?
      do throws(TraceError) {
        try link(&group) { record in
          do throws(TraceError) {
            return try bySession.session(of: record)
          } catch {
            failure = error
            return nil
          }
        }
      } catch {
        throw failure ?? error
      }
      try byArrival.add(group)
    }
    return .sorter(byArrival)
  }

  private mutating func link(
    _ group: inout RowGroup,
    elsewhere: (Int64) -> Int32?
  ) throws(TraceError) {
    do throws(RecordFault) {
      try scanner.link(&group, elsewhere: elsewhere)
    } catch {
      // No line is blank before the last record, so a record's number gives its line.
      throw located(error.fault, line: Int(error.record) + (scanner.hasHeader ? 2 : 1))
    }
  }

  private mutating func expectEnd() throws(TraceError) {
    let blank = lines.line
    if try lines.next() != nil {
      throw TraceError(
        .badData,
        file: lines.file,
        line: blank,
        column: 1,
        problem: "blank line before the end of the file; remove it"
      )
    }
  }

  private func located(_ fault: Fault, line: Int) -> TraceError {
    TraceError(
      .badData,
      file: lines.file,
      line: line,
      column: fault.position + 1,
      problem: fault.problem
    )
  }
}
