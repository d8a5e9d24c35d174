extension RowGroup {
  /// All columns and edges as this machine keeps them, for a file that no other process reads.
  ///
  /// Copied rather than encoded: sorting is bound by it. Prefix nodes are left out.
  func spilled() -> [UInt8] {
    var image = ColumnImage(group: self)
    image.bytes.reserveCapacity(columnBytes + 8 * 24)
    Self.visitColumns(&image)
    image.append(edgeStart)
    image.append(edges)
    return image.bytes
  }

  /// Takes back what `spilled` gave.
  init(spilled bytes: [UInt8]) {
    var reader = ColumnReader(bytes: bytes)
    Self.visitColumns(&reader)
    reader.result.edgeStart = reader.next()
    reader.result.edges = reader.next()
    self = reader.result
  }
}

/// Every column as its number of values and their bytes.
private struct ColumnImage: ColumnVisitor {
  let group: RowGroup
  var bytes: [UInt8] = []

  mutating func visit<Value>(
    _ column: WritableKeyPath<RowGroup, ContiguousArray<Value>>,
    absent: Value
  ) {
    append(group[keyPath: column])
  }

  mutating func append<Value>(_ values: ContiguousArray<Value>) {
    unsafe withUnsafeBytes(of: values.count) { unsafe bytes.append(contentsOf: $0) }
    unsafe values.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
  }
}

private struct ColumnReader: ColumnVisitor {
  let bytes: [UInt8]
  var position = 0
  var result = RowGroup()

  mutating func visit<Value>(
    _ column: WritableKeyPath<RowGroup, ContiguousArray<Value>>,
    absent: Value
  ) {
    result[keyPath: column] = next()
  }

  mutating func next<Value>() -> ContiguousArray<Value> {
    let countBytes = MemoryLayout<Int>.size
    let count = unsafe bytes.withUnsafeBytes { bytes in
      unsafe bytes.loadUnaligned(fromByteOffset: position, as: Int.self)
    }
    let range = position + countBytes..<position + countBytes + count * MemoryLayout<Value>.stride
    position = range.upperBound
    guard count > 0 else { return [] }
    return unsafe bytes.withUnsafeBytes { bytes in
      unsafe ContiguousArray<Value>(unsafeUninitializedCapacity: count) { values, initialized in
        let source = unsafe UnsafeRawBufferPointer(rebasing: bytes[range])
        unsafe UnsafeMutableRawBufferPointer(values).copyMemory(from: source)
        initialized = count
      }
    }
  }
}
