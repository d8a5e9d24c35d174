/// Reads a format of one record per line, or per JSON object.
///
/// Lines that are rows as they stand stream; others are sorted, in bounded memory, before the first
/// row is given out.
final class LineTraceReader: TraceReader {
  private var records: LineRecords
  /// Kept so that a reader that failed never goes on behind the bad record.
  private var failure: TraceError?

  var names: TraceNames { records.scanner.names }
  var epoch: String? { records.scanner.epoch }
  var failures: FailureCount? { records.scanner.failures }
  let provenance: TraceProvenance?

  init(
    _ lines: consuming LineReader,
    _ scanner: any RecordScanner,
    _ options: ReadOptions = ReadOptions()
  ) throws(TraceError) {
    provenance = TraceProvenance(
      source: lines.file.split(separator: "/").last.map(String.init) ?? lines.file,
      format: scanner.format.name,
      note: scanner.note
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
  private let framing: RecordFraming
  private let memoryBytes: Int
  /// Where records stand; kept only where a row can turn out wrong when its line is behind.
  private var recordLines = RecordLines()
  private var hasEnded = false
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
    framing = scanner.framing
    self.memoryBytes = memoryBytes
  }

  mutating func readHeader() throws(TraceError) {
    guard scanner.hasHeader, let range = try lines.next() else { return }
    do throws(Fault) {
      try lines.withLine(range) { line throws(Fault) in try scanner.scanHeader(line) }
    } catch {
      throw located(error, range)
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
      case .linked, .late: rows = try linked(from: group)
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
    if hasEnded { return }
    // Growing columns are copied again and again; a few rows tell which ones there are.
    var isReserved = group.count > 0
    while group.count < rows {
      if !isReserved, group.count >= 1_024 {
        group.reserveCapacity(rows)
        isReserved = true
      }
      guard let range = try nextRecord() else {
        try scanEnd(into: &group)
        return
      }
      do throws(Fault) {
        try lines.withLine(range) { line throws(Fault) in try scanner.scan(line, into: &group) }
      } catch {
        throw located(error, range)
      }
      let first = count
      number(&group)
      let isLinked = scanner.order == .linked || scanner.order == .late
      if isLinked { recordLines.add(first, count: count - first, line: lines.line) }
    }
  }

  /// Where the next line or object stands; nil at the end of the file.
  @inline(__always)
  private mutating func nextRecord() throws(TraceError) -> Range<Int>? {
    switch framing {
    case .objects: return try lines.nextObject()
    case .lines:
      guard let range = try lines.next() else { return nil }
      if !range.isEmpty { return range }
      try expectEnd()
      return nil
    }
  }

  private mutating func scanEnd(into group: inout RowGroup) throws(TraceError) {
    hasEnded = true
    do throws(Fault) {
      try scanner.scanEnd(into: &group)
    } catch {
      throw TraceError(.badData, file: lines.file, problem: error.problem)
    }
    number(&group)
  }

  /// Gives the rows that were appended their record numbers.
  @inline(__always)
  private mutating func number(_ group: inout RowGroup) {
    while group.record.count < group.arrival.count {
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
  /// Else they are sorted by session, linked, and sorted by arrival again. Late rows have no session
  /// and no arrival before they are linked, so that sorting leaves them in the order of the file.
  private mutating func linked(from first: consuming RowGroup) throws(TraceError) -> Rows {
    let isLate = scanner.order == .late
    var group = first
    while group.columnBytes <= memoryBytes / 2 {
      let before = group.count
      try scan(into: &group, upTo: before + RowGroup.preferredRows)
      if group.count > before { continue }
      try link(&group) { _ in nil }
      if isLate {
        let sorter = RowSorter(.arrivals, memoryBytes: memoryBytes)
        try sorter.add(group)
        return .sorter(sorter)
      }
      return .memory(group.cut(ContiguousArray(0..<group.count)).reversed())
    }
    let bySession = RowSorter(isLate ? .arrivals : .sessions, memoryBytes: memoryBytes)
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
      throw TraceError(
        .badData,
        file: lines.file,
        line: recordLines.line(of: error.record),
        column: error.fault.position + 1,
        problem: error.fault.problem
      )
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

  /// An error in the line or object at hand, whose bytes are still there.
  private func located(_ fault: Fault, _ range: Range<Int>) -> TraceError {
    let (line, column) = lines.place(of: fault.position, in: range)
    return TraceError(
      .badData,
      file: lines.file,
      line: line,
      column: column,
      problem: fault.problem
    )
  }
}
