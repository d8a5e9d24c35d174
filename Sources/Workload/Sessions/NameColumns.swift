/// The columns of names that only some groups of a trace have.
///
/// Rows of the others have the empty name, which an index says only once there is such a name.
struct NameColumns {
  /// What a row without the column has until `nameRows`, an index that no name then has.
  static let unnamed = UInt16.max

  typealias Column = WritableKeyPath<RowGroup, ContiguousArray<UInt16>>
  typealias Names = WritableKeyPath<TraceNames, [String]>

  static var all: [(column: Column, names: Names)] {
    [
      (\.requestClass, \.classes), (\.tenant, \.tenants), (\.model, \.models),
      (\.adapter, \.adapters), (\.tool, \.tools),
    ]
  }

  /// Whether a group has each of the columns, and whether a group lacks it.
  private var isPresent = [Bool](repeating: false, count: all.count)
  private var isMissing = [Bool](repeating: false, count: all.count)

  /// Takes note of a group that has rows.
  mutating func meet(_ group: RowGroup) {
    for (index, (column, _)) in Self.all.enumerated() {
      let isEmpty = group[keyPath: column].isEmpty
      isMissing[index] = isMissing[index] || isEmpty
      isPresent[index] = isPresent[index] || !isEmpty
    }
  }

  private var mixed: [(column: Column, names: Names)] {
    Self.all.indices.filter { isPresent[$0] && isMissing[$0] }.map { Self.all[$0] }
  }

  /// Adds the empty name to columns that need it and lack it; false where one has no index left.
  func addEmptyNames(to names: inout TraceNames) -> Bool {
    for (_, list) in mixed {
      if !names[keyPath: list].contains("") { names[keyPath: list].append("") }
      guard names[keyPath: list].count <= Int(Self.unnamed) else { return false }
    }
    return true
  }

  /// Gives the empty name to rows that were gathered from groups without a column.
  func nameRows(of group: inout RowGroup, _ names: TraceNames) {
    for (column, list) in mixed where !group[keyPath: column].isEmpty {
      guard let empty = names[keyPath: list].firstIndex(of: "") else { continue }
      for row in 0..<group.count where group[keyPath: column][row] == Self.unnamed {
        group[keyPath: column][row] = UInt16(empty)
      }
    }
  }
}
