/// What a format knows: how one line becomes one row.
protocol RecordScanner {
  /// Whether the first line names the columns.
  var hasHeader: Bool { get }

  var names: TraceNames { get }

  /// Whether all lines make one group, because the last can matter to the first row.
  var needsAllLines: Bool { get }

  /// Takes the first line of a format that has a header.
  mutating func scanHeader(_ line: Span<UInt8>) throws(Fault)

  /// Appends one row to every column the source has, `record` excepted.
  mutating func scan(_ line: Span<UInt8>, into group: inout RowGroup) throws(Fault)

  /// Adds what the group as a whole needs, and cuts it where it is larger than readers promise.
  mutating func finish(_ group: consuming RowGroup) throws(RecordFault) -> [RowGroup]
}

extension RecordScanner {
  var hasHeader: Bool { false }
  var needsAllLines: Bool { false }
  mutating func scanHeader(_ line: Span<UInt8>) throws(Fault) {}
  mutating func finish(_ group: consuming RowGroup) throws(RecordFault) -> [RowGroup] { [group] }
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
  /// Groups that are complete, the next one last.
  private var ready: [RowGroup] = []

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

  mutating func readGroup() throws(TraceError) -> RowGroup? {
    if let group = ready.popLast() { return group }
    var group = RowGroup()
    while group.count < RowGroup.preferredRows || scanner.needsAllLines,
      let range = try lines.next()
    {
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
    if count == 0 {
      throw TraceError(.badData, file: lines.file, problem: "holds no requests")
    }
    guard group.count > 0 else { return nil }
    do throws(RecordFault) {
      ready = try scanner.finish(group).reversed()
    } catch {
      // No line is blank before the last record, so a record's number gives its line.
      throw located(error.fault, line: Int(error.record) + (scanner.hasHeader ? 2 : 1))
    }
    return ready.popLast()
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
