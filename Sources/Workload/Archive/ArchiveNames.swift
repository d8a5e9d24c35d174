/// The names of a trace file as its reader numbers them: each text once per column, in the order in
/// which groups state them.
///
/// Indices in a file are those of its writer's source, so one group may use 0 and 3, and a later one
/// 2. Numbered anew, names never change and only more of them come.
struct ArchiveNames {
  var classes = NumberedNames(.classNames)
  var tenants = NumberedNames(.tenantNames)
  var models = NumberedNames(.modelNames)
  var adapters = NumberedNames(.adapterNames)
  var tools = NumberedNames(.toolNames)

  /// The names met so far, for prefix blocks of so many tokens.
  func traceNames(blockTokens: Int) -> TraceNames {
    var names = TraceNames()
    names.classes = classes.texts
    names.tenants = tenants.texts
    names.models = models.texts
    names.adapters = adapters.texts
    names.tools = tools.texts
    names.blockTokens = blockTokens
    return names
  }
}

/// The names of one column.
struct NumberedNames {
  private(set) var texts: [String] = []
  private let column: ArchiveColumn
  /// By the bytes of a text; equal strings may differ in them.
  private var numbers: [ArraySlice<UInt8>: Int32] = [:]
  /// The number of an index in the file; −1 for one that has not come up.
  private var byIndex = ContiguousArray<Int32>()
  /// Whether some group has the column, and whether some group lacks it.
  private var isPresent = false
  private var isMissing = false

  /// - Parameter column: The column of names.
  init(_ column: ArchiveColumn) { self.column = column }

  /// Adds the names that a group states, and renumbers the indices of its rows.
  ///
  /// Where only some groups have the column the empty name is added, which rows of the others have.
  mutating func read(
    _ data: ArraySlice<UInt8>,
    of rows: inout ContiguousArray<UInt16>
  ) throws(GroupFault) {
    if rows.isEmpty { isMissing = true } else { isPresent = true }
    if isMissing, isPresent { _ = try number(of: []) }
    guard texts.count <= most else { throw tooMany }
    var stated = ContiguousArray<Int32>()
    var isRenumbered = false
    var left = data
    while !left.isEmpty {
      let (index, text) = try Self.nextName(&left, column)
      guard index >= stated.count else {
        throw fault("has index \(index) behind \(stated.count - 1); expected ascending ones")
      }
      stated.append(contentsOf: repeatElement(-1, count: index - stated.count))
      let number = try number(of: text)
      try expect(number, at: index)
      stated.append(number)
      isRenumbered = isRenumbered || number != index
    }
    for row in rows.indices {
      let index = Int(rows[row])
      guard index < stated.count, stated[index] >= 0 else {
        throw GroupFault(column: column.name, row: row, problem: "lacks a name of index \(index)")
      }
      if isRenumbered { rows[row] = UInt16(stated[index]) }
    }
  }

  /// The number of a text, which is added if it is new.
  private mutating func number(of text: ArraySlice<UInt8>) throws(GroupFault) -> Int32 {
    if let number = numbers[text] { return number }
    guard texts.count < most else { throw tooMany }
    guard let name = String(validating: text, as: UTF8.self) else {
      throw fault("has a name that is not UTF-8")
    }
    let number = Int32(texts.count)
    texts.append(name)
    numbers[ArraySlice(Array(text))] = number
    return number
  }

  /// Checks that an index of the file has one name in all groups.
  private mutating func expect(_ number: Int32, at index: Int) throws(GroupFault) {
    while byIndex.count <= index { byIndex.append(-1) }
    let known = byIndex[index]
    guard known < 0 || known == number else {
      throw fault(
        "calls index \(index) '\(texts[Int(number)])', which an earlier group calls "
          + "'\(texts[Int(known)])'"
      )
    }
    byIndex[index] = number
  }

  /// Where rows lack the column the last index means so until they have the empty name.
  private var most: Int { isMissing && isPresent ? Int(NameColumns.unnamed) : 65_536 }

  private var tooMany: GroupFault { fault("has more than \(most) different names") }

  private func fault(_ problem: String) -> GroupFault {
    GroupFault(column: column.name, problem: problem)
  }

  /// Takes index, length and text of a name.
  private static func nextName(
    _ data: inout ArraySlice<UInt8>,
    _ column: ArchiveColumn
  ) throws(GroupFault) -> (index: Int, text: ArraySlice<UInt8>) {
    let headerBytes = 8
    guard data.count >= headerBytes else {
      throw GroupFault(column: column.name, problem: "ends inside a name's index and length")
    }
    func word(_ offset: Int) -> Int {
      data.dropFirst(offset).prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    let (index, length) = (word(0), word(4))
    data = data.dropFirst(headerBytes)
    guard index <= UInt16.max, length <= data.count else {
      throw GroupFault(
        column: column.name,
        problem: "has a name of index \(index) and \(length) bytes; expected an index up to "
          + "\(UInt16.max) and a text within the column"
      )
    }
    defer { data = data.dropFirst(length) }
    return (index, data.prefix(length))
  }
}
