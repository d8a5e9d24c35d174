import Spelling

/// The columns of a CSV file in the order of its header, which may be any.
struct NamedColumns<Column: RawRepresentable & CaseIterable & Equatable>
where Column.RawValue == String {
  private(set) var all: [Column] = []

  /// Takes the first line; no file can do without the columns `required`.
  mutating func scanHeader(_ line: Span<UInt8>, required: [Column]) throws(Fault) {
    var cursor = CSVCursor()
    while !cursor.isAtEnd {
      let field = try cursor.next(of: line, "column name")
      let name = line.text(field) ?? ""
      guard let column = Column(rawValue: name) else {
        let known = KnownNames(Column.allCases.map(\.rawValue))
        throw Fault(
          at: field.range.lowerBound,
          "unknown column \(line.quoted(field.range))\(known.hint(for: name))"
        )
      }
      if all.contains(column) {
        throw Fault(at: field.range.lowerBound, "column \(name) appears twice; keep one")
      }
      all.append(column)
    }
    for column in required where !all.contains(column) {
      throw Fault(at: line.count, "column \(column.rawValue) is missing; every trace needs it")
    }
  }

  func contains(_ column: Column) -> Bool { all.contains(column) }
}
