/// Which columns the rows of a trace have, and how many rows hold something in each.
struct TraceCensus: Sendable, Equatable {
  private(set) var rows: Int64 = 0
  /// By the column's place among all columns: whether any group has it, and how many rows hold
  /// something else than its default.
  private var isPresent = [Bool](repeating: false, count: TraceColumn.allCases.count)
  private var valued = [Int64](repeating: 0, count: TraceColumn.allCases.count)
  /// Whether every row's record is its position, so that files that number rows by their lines
  /// give the records back.
  private(set) var isNumberedByPosition = true

  init() {}

  /// Reads a trace to its end.
  init(reading trace: some Trace) throws(TraceError) {
    let reader = try trace.makeReader()
    while let group = try reader.next() { add(group, reader.names) }
  }

  /// Counts the rows of the next group.
  mutating func add(_ group: borrowing RowGroup, _ names: borrowing TraceNames) {
    for (index, column) in TraceColumn.allCases.enumerated() where column.isPresent(in: group) {
      isPresent[index] = true
      valued[index] += Int64(column.valuedRows(in: group, names))
    }
    if isNumberedByPosition {
      for (row, record) in group.record.enumerated() where record != rows + Int64(row) {
        isNumberedByPosition = false
        break
      }
    }
    rows += Int64(group.count)
  }

  /// The columns that some group has, in their order.
  var present: [TraceColumn] {
    TraceColumn.allCases.enumerated().filter { isPresent[$0.offset] }.map(\.element)
  }

  /// The columns in which some row holds something else than the default, and in how many rows.
  var values: [(column: TraceColumn, rows: Int64)] {
    TraceColumn.allCases.enumerated().filter { valued[$0.offset] > 0 }
      .map { ($0.element, valued[$0.offset]) }
  }

  func holds(_ column: TraceColumn) -> Bool { values.contains { $0.column == column } }
}
