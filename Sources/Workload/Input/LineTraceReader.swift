/// What a format knows: how one line becomes one row.
protocol RecordScanner {
  /// Whether the first line names the columns.
  var hasHeader: Bool { get }

  var names: TraceNames { get }

  /// Takes the first line of a format that has a header.
  mutating func scanHeader(_ line: Span<UInt8>) throws(Fault)

  /// Appends one row to every column the source has, `record` excepted.
  mutating func scan(_ line: Span<UInt8>, into group: inout RowGroup) throws(Fault)

  /// Adds what the group as a whole needs.
  mutating func finish(_ group: inout RowGroup)
}

extension RecordScanner {
  var hasHeader: Bool { false }
  mutating func scanHeader(_ line: Span<UInt8>) throws(Fault) {}
  mutating func finish(_ group: inout RowGroup) {}
}

/// Reads a format of one record per line.
final class LineTraceReader: TraceReader {
  private var records: LineRecords
  /// Kept so that a reader that failed never goes on behind the bad record.
  private var failure: TraceError?

  var names: TraceNames { records.scanner.names }

  init(_ lines: consuming LineReader, _ scanner: any RecordScanner) throws(TraceError) {
    records = LineRecords(lines, scanner)
    try records.readHeader()
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

  init(_ lines: consuming LineReader, _ scanner: any RecordScanner) {
    self.lines = lines
    self.scanner = scanner
  }

  mutating func readHeader() throws(TraceError) {
    guard scanner.hasHeader, let range = try lines.next() else { return }
    do throws(Fault) {
      try lines.withLine(range) { line throws(Fault) in try scanner.scanHeader(line) }
    } catch {
      throw located(error)
    }
  }

  mutating func readGroup() throws(TraceError) -> RowGroup? {
    var group = RowGroup()
    while group.count < RowGroup.preferredRows, let range = try lines.next() {
      if range.isEmpty {
        try expectEnd()
        break
      }
      do throws(Fault) {
        try lines.withLine(range) { line throws(Fault) in try scanner.scan(line, into: &group) }
      } catch {
        throw located(error)
      }
      group.record.append(count)
      count += 1
    }
    if count == 0 {
      throw TraceError(.badData, file: lines.file, problem: "holds no requests")
    }
    guard group.count > 0 else { return nil }
    scanner.finish(&group)
    return group
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

  private func located(_ fault: Fault) -> TraceError {
    TraceError(
      .badData,
      file: lines.file,
      line: lines.line,
      column: fault.position + 1,
      problem: fault.problem
    )
  }
}
