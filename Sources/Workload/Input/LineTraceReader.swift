/// What a reader may do to a source that does not fit exactly.
struct ReadOptions: Sendable {
  /// Whether times finer than a nanosecond are rounded to the nearest one, halves up, rather than
  /// an error.
  var rounding = false
  /// The rate at which requests of a source without start times begin; nil makes it an error.
  var sessionsPerSecond: Double?

  /// What such a rate means for a source that has start times.
  static func hasStartTimes(file: String) -> TraceError {
    TraceError(
      .badData,
      file: file,
      problem: "has start times, so --sessions-per-second cannot give it others; leave that out, "
        + "or scale them with --rate-scale"
    )
  }
}

/// How far the lines of a file are from the rows of a trace.
enum LineOrder {
  /// Lines come by arrival, and each is a row by itself.
  case arrivals
  /// A later line can arrive earlier.
  case unsorted
  /// Lines come by arrival, but a row can depend on later ones of its session.
  case linked
}

/// What a format knows: how one line becomes one row.
protocol RecordScanner {
  /// Whether the first line names the columns.
  var hasHeader: Bool { get }

  /// Whether the source says when requests arrive, known after the header.
  var hasStartTimes: Bool { get }

  var names: TraceNames { get }

  /// The date and time of the first arrival as the source spells it; nil where it does not say.
  var epoch: String? { get }

  /// Final once `RowGroup.preferredRows` lines have been scanned.
  var order: LineOrder { get }

  /// Takes the first line of a format that has a header.
  mutating func scanHeader(_ line: Span<UInt8>) throws(Fault)

  /// Appends one row to every column the source has, `record` excepted.
  mutating func scan(_ line: Span<UInt8>, into group: inout RowGroup) throws(Fault)

  /// Completes and checks the edges of rows that are in session order, sessions being whole; asked
  /// only of `linked` lines.
  ///
  /// - Parameter elsewhere: The session of a record of another group, −1 for none; nil where the
  ///   file has no such record.
  mutating func link(
    _ group: inout RowGroup,
    elsewhere: (Int64) -> Int32?
  ) throws(RecordFault)

  /// Adds what the group as a whole needs; groups come by arrival.
  mutating func finish(_ group: inout RowGroup)
}

extension RecordScanner {
  var hasHeader: Bool { false }
  var hasStartTimes: Bool { true }
  var epoch: String? { nil }
  var order: LineOrder { .arrivals }
  mutating func scanHeader(_ line: Span<UInt8>) throws(Fault) {}
  mutating func link(
    _ group: inout RowGroup,
    elsewhere: (Int64) -> Int32?
  ) throws(RecordFault) {}
  mutating func finish(_ group: inout RowGroup) {}
}

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

  init(
    _ lines: consuming LineReader,
    _ scanner: any RecordScanner,
    _ options: ReadOptions = ReadOptions()
  ) throws(TraceError) {
    records = LineRecords(lines, scanner)
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
  private var count: Int64 = 0
  /// All rows by arrival, where lines are in another order.
  private var sorted: RowSorter?

  init(_ lines: consuming LineReader, _ scanner: any RecordScanner) {
    self.lines = lines
    self.scanner = scanner
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
    if sorted == nil {
      var group = try scanGroup()
      if count == 0 {
        throw TraceError(.badData, file: lines.file, problem: "holds no requests")
      }
      guard group.count > 0 else { return nil }
      if scanner.order == .arrivals {
        scanner.finish(&group)
        return group
      }
      sorted = try sort(from: group)
    }
    guard var group = try sorted?.next() else { return nil }
    scanner.finish(&group)
    return group
  }

  /// Scans lines until a group is full or the file ends.
  private mutating func scanGroup() throws(TraceError) -> RowGroup {
    var group = RowGroup()
    while group.count < RowGroup.preferredRows, let range = try lines.next() {
      if range.isEmpty {
        try expectEnd()
        break
      }
      do throws(Fault) {
        try lines.withLine(range) { line throws(Fault) in try scanner.scan(line, into: &group) }
      } catch {
        throw located(error, line: lines.line)
      }
      group.record.append(count)
      count += 1
    }
    return group
  }

  /// Reads the file to its end, and gives its rows the order of their arrivals.
  private mutating func sort(from first: consuming RowGroup) throws(TraceError) -> RowSorter {
    let isLinked = scanner.order == .linked
    let rows = RowSorter(isLinked ? .sessions : .arrivals)
    var group = first
    while group.count > 0 {
      try rows.add(group)
      group = try scanGroup()
    }
    guard isLinked else { return rows }
    let linked = RowSorter(.arrivals)
    while var group = try rows.next() {
      try link(&group, rows)
      try linked.add(group)
    }
    return linked
  }

  private mutating func link(_ group: inout RowGroup, _ rows: RowSorter) throws(TraceError) {
    var failure: TraceError?
    do throws(RecordFault) {
      try scanner.link(&group) { record in
        do throws(TraceError) {
          return try rows.session(of: record)
        } catch {
          failure = error
          return nil
        }
      }
    } catch {
      if let failure { throw failure }
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
