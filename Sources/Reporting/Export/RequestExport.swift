public import Simulation
public import Workload

/// Writes one CSV row per offered request, in the order in which requests leave the engine, which
/// is the same for the same run.
///
/// The columns are `RequestColumn.all`. Rows are formatted as blocks arrive and written in large
/// pieces; the first failure ends the writing and is thrown when the file is completed.
public struct RequestExport: RecordSink {
  private let file: TextFileWriter
  private var row: RequestRow
  private let writers = RequestColumn.all.map(\.write)
  private var failure: TraceWriteError?

  private static let pieceBytes = 1 << 18

  /// - Parameters:
  ///   - file: Where the table goes; nothing has been written to it.
  ///   - window: What is measured; nil measures everything.
  ///   - classNames: The classes that the trace has named so far.
  public init(
    to file: TextFileWriter,
    window: MeasureWindow? = nil,
    classNames: @escaping () -> [String]
  ) {
    self.file = file
    row = RequestRow(capacity: Self.pieceBytes, window: window, classNames: classNames)
    for (index, column) in RequestColumn.all.enumerated() {
      row.bytes.makeRoom(for: column.name.utf8.count + 1)
      if index > 0 { row.bytes.append(UInt8(ascii: ",")) }
      row.bytes.append(text: Array(column.name.utf8))
    }
    row.bytes.makeRoom(for: 1)
    row.bytes.append(UInt8(ascii: "\n"))
  }

  public mutating func receive(requests: borrowing ContiguousArray<RequestRecord>) {
    guard failure == nil else { return }
    let room = writers.count * (RowBytes.longestCell + 1)
    for index in requests.indices {
      row.bytes.makeRoom(for: room)
      row.record = requests[index]
      for write in writers {
        write(&row)
        row.bytes.append(UInt8(ascii: ","))
      }
      row.bytes.endRow()
      if row.bytes.count > Self.pieceBytes - room { flush() }
    }
  }

  public mutating func receive(intervals: borrowing ContiguousArray<TokenIntervals>) {}

  public mutating func receive(reasons: [String]) { row.setReasons(reasons) }

  /// Writes what is left and gives the file its name.
  ///
  /// - Throws: The first thing that went wrong, now or before.
  public mutating func complete() throws(TraceWriteError) {
    flush()
    if let failure { throw failure }
    try file.complete()
  }

  private mutating func flush() {
    guard failure == nil else { return }
    do throws(TraceWriteError) {
      try file.append(row.bytes.contents)
    } catch {
      failure = error
    }
    row.bytes.removeAll()
  }
}
