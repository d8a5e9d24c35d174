import Workload

extension MetricRow {
  /// The text of the `summary.csv` that holds the rows.
  public static func csv(of rows: [MetricRow]) -> [UInt8] {
    var text = TableText(SummaryTable.columns, capacity: 1 << 14)
    for var row in rows { text.append(&row) }
    return text.take()
  }

  /// Reads the text of a `summary.csv`.
  ///
  /// - Parameters:
  ///   - csv: The text.
  ///   - file: What errors call it.
  /// - Returns: The rows that were written, each value exactly as it was.
  /// - Throws: `DatasetError.Kind.badData` with the line that is not as a run writes it.
  public static func rows(parsing csv: [UInt8], file: String) throws(DatasetError) -> [MetricRow] {
    var cells = QuotedCells(csv, file: file)
    let header = SummaryTable.columns.map(\.schema.name)
    guard let first = try cells.nextRow(), first == header else {
      let expected = header.joined(separator: ",")
      throw DatasetError(
        .badData,
        path: file,
        line: 1,
        problem: "expected the header '\(expected)'"
      )
    }
    var rows: [MetricRow] = []
    while let row = try cells.nextRow() { rows.append(try MetricRow(row, cells)) }
    return rows
  }

  private init(_ cells: [String], _ source: QuotedCells) throws(DatasetError) {
    guard cells.count == SummaryTable.columns.count else {
      throw source.fault(
        "\(cells.count) cells in a row; expected \(SummaryTable.columns.count)"
      )
    }
    let (number, unit, text) = (cells[2], cells[3], cells[5])
    let value: MetricValue
    if number.isEmpty {
      value = .text(text)
    } else {
      guard let found = MetricValue(number, unit: unit) else {
        throw source.fault("value '\(number)' of '\(cells[0])'; expected a number")
      }
      value = found
    }
    self.init(
      metric: cells[0],
      requestClass: cells[1],
      pool: cells[4],
      value: value,
      unit: unit,
      reason: number.isEmpty ? "" : text
    )
  }
}

extension MetricValue {
  /// Reads what `SummaryTable` writes; nil for anything else.
  fileprivate init?(_ text: String, unit: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    if unit == "seconds" {
      guard parts.count == 2, parts[1].utf8.count == 9, let whole = Int64(parts[0]),
        let fraction = UInt32(parts[1]), whole >= 0
      else { return nil }
      let (scaled, overflow) = whole.multipliedReportingOverflow(by: 1_000_000_000)
      let (sum, carry) = scaled.addingReportingOverflow(Int64(fraction))
      guard !overflow, !carry else { return nil }
      self = .seconds(sum)
    } else if let integer = Int64(text) {
      self = .integer(integer)
    } else {
      guard let number = Double(text), number.isFinite else { return nil }
      self = .number(number)
    }
  }
}

/// Cells of a small CSV text in memory, quoted as RFC 4180 has it.
private struct QuotedCells {
  private let bytes: [UInt8]
  private let file: String
  private var position = 0
  /// 1-based line of the row that was read last.
  private var line = 0
  private var nextLine = 1

  init(_ bytes: [UInt8], file: String) {
    self.bytes = bytes
    self.file = file
  }

  func fault(_ problem: String) -> DatasetError {
    DatasetError(.badData, path: file, line: line, problem: problem)
  }

  /// Nil at the end of the text.
  mutating func nextRow() throws(DatasetError) -> [String]? {
    line = nextLine
    guard position < bytes.count else { return nil }
    var cells: [String] = []
    while true {
      cells.append(try nextCell())
      guard position < bytes.count else { throw fault("the text ends inside a line") }
      position += 1
      switch bytes[position - 1] {
      case UInt8(ascii: ","): continue
      case UInt8(ascii: "\n"):
        nextLine += 1
        return cells
      default: throw fault("text after a closing quote")
      }
    }
  }

  private mutating func nextCell() throws(DatasetError) -> String {
    let quote = UInt8(ascii: "\"")
    var cell: [UInt8] = []
    guard position < bytes.count, bytes[position] == quote else {
      while position < bytes.count, ![UInt8(ascii: ","), 10].contains(bytes[position]) {
        cell.append(bytes[position])
        position += 1
      }
      return try text(cell)
    }
    position += 1
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == quote {
        guard position < bytes.count, bytes[position] == quote else { return try text(cell) }
        position += 1
      } else if byte == 10 {
        nextLine += 1
      }
      cell.append(byte)
    }
    throw fault("the text ends inside quotes")
  }

  private func text(_ cell: [UInt8]) throws(DatasetError) -> String {
    guard let text = String(validating: cell, as: UTF8.self) else { throw fault("is not UTF-8") }
    return text
  }
}
