/// Rows of cells, printed in aligned columns: the first to the left, the others to the right.
public struct TextTable: Sendable {
  private var rows: [[String]] = []
  private let leftColumns: Int

  /// - Parameter leftColumns: How many of the first columns hold words rather than numbers.
  public init(leftColumns: Int = 1) { self.leftColumns = leftColumns }

  public mutating func append(_ row: [String]) { rows.append(row) }

  /// The lines, each ended by a line feed, without trailing spaces.
  public var text: String {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        let gap = column == 0 ? "" : "  "
        line += gap + (column < leftColumns ? cell + padding : padding + cell)
      }
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }
    .joined()
  }
}
