/// The names of all traces that are merged, each text once per column.
struct MergedNames {
  var classes = NameTable()
  var tenants = NameTable()
  var models = NameTable()
  var adapters = NameTable()
  var tools = NameTable()

  var names: TraceNames {
    var names = TraceNames()
    names.classes = classes.names
    names.tenants = tenants.names
    names.models = models.names
    names.adapters = adapters.names
    names.tools = tools.names
    return names
  }

  /// Takes note of which columns a group has. From then on all rows have them, those of traces
  /// without the column the empty name.
  mutating func meet(_ group: borrowing RowGroup) {
    if !group.requestClass.isEmpty { classes.isPresent = true }
    if !group.tenant.isEmpty { tenants.isPresent = true }
    if !group.model.isEmpty { models.isPresent = true }
    if !group.adapter.isEmpty { adapters.isPresent = true }
    if !group.tool.isEmpty { tools.isPresent = true }
  }

  /// Adds the names that a trace has met since the last call, and returns whether there is room.
  mutating func add(_ names: TraceNames, to indices: inout NameIndices) -> Bool {
    classes.add(names.classes, to: &indices.classes)
      && tenants.add(names.tenants, to: &indices.tenants)
      && models.add(names.models, to: &indices.models)
      && adapters.add(names.adapters, to: &indices.adapters)
      && tools.add(names.tools, to: &indices.tools)
  }
}

/// What the indices of one trace's names become.
struct NameIndices {
  var classes: ContiguousArray<UInt16> = []
  var tenants: ContiguousArray<UInt16> = []
  var models: ContiguousArray<UInt16> = []
  var adapters: ContiguousArray<UInt16> = []
  var tools: ContiguousArray<UInt16> = []
}

/// The names of one column.
struct NameTable {
  /// Whether some trace has the column.
  var isPresent = false
  private(set) var names: [String] = []
  private var indices: [String: UInt16] = [:]
  /// One index is kept for the empty name, which rows of a trace without the column have.
  private static let mostNames = Int(UInt16.max)

  fileprivate mutating func add(_ more: [String], to map: inout ContiguousArray<UInt16>) -> Bool {
    for name in more.dropFirst(map.count) {
      guard names.count < Self.mostNames || indices[name] != nil else { return false }
      map.append(index(of: name))
    }
    return true
  }

  /// The index of a name that is added if it is new.
  private mutating func index(of name: String) -> UInt16 {
    if let index = indices[name] { return index }
    let index = UInt16(names.count)
    names.append(name)
    indices[name] = index
    return index
  }

  /// Appends a row's name to a column that has `count` rows.
  mutating func append(
    _ row: Int,
    of source: borrowing ContiguousArray<UInt16>,
    _ map: borrowing ContiguousArray<UInt16>,
    to column: inout ContiguousArray<UInt16>,
    _ count: Int
  ) {
    guard isPresent else { return }
    if column.isEmpty, count > 0 {
      column = ContiguousArray(repeating: index(of: ""), count: count)
    }
    column.append(source.isEmpty ? index(of: "") : map[Int(source[row])])
  }
}
