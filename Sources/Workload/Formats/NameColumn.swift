/// Numbers the names of one column in order of first appearance.
struct NameColumn {
  private(set) var names: [String] = []
  private var indices: [String: UInt16] = [:]
  /// Bytes and number of the row before, since names tend to repeat.
  private var lastBytes: [UInt8] = []
  private var lastIndex: UInt16?
  /// The bytes of the first names, which are all that most columns have.
  private var firstBytes: [[UInt8]] = []

  mutating func index(_ line: Span<UInt8>, _ field: CSVField) throws(Fault) -> UInt16 {
    if let lastIndex, line.spells(lastBytes, field.range) { return lastIndex }
    if !field.hasDoubledQuotes,
      let first = firstBytes.firstIndex(where: { line.spells($0, field.range) })
    {
      lastIndex = UInt16(first)
      lastBytes = firstBytes[first]
      return UInt16(first)
    }
    guard let name = line.text(field) else {
      throw Fault(at: field.range.lowerBound, "\(line.quoted(field.range)) is not UTF-8 text")
    }
    let index = try number(of: name, at: field.range.lowerBound)
    // Doubled quotes make a name's spelling differ from its bytes; those rows take the slow path.
    lastIndex = field.hasDoubledQuotes ? nil : index
    lastBytes = Array(name.utf8)
    return index
  }

  private mutating func number(of name: String, at position: Int) throws(Fault) -> UInt16 {
    if let index = indices[name] { return index }
    guard let index = UInt16(exactly: names.count) else {
      throw Fault(at: position, "more than 65,536 different names in one column")
    }
    names.append(name)
    indices[name] = index
    if firstBytes.count < 8 { firstBytes.append(Array(name.utf8)) }
    return index
  }
}
