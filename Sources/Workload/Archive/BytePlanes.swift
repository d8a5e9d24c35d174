/// Byte planes of a column, to be turned into its values.
///
/// Every loop reads and writes within bounds that are compared once per column, not once per value:
/// this is what a replay of a stored trace waits for.
struct BytePlanes {
  let width: Int
  let first: Int64
  let base: Int64
  let scale: UInt64
  let count: Int
  let isDelta: Bool

  /// Whether no value can be beyond the type, whatever the planes hold.
  private func fits<Value: FixedWidthInteger>(_: Value.Type) -> Bool {
    if Value.self == Int64.self { return true }
    if isDelta { return false }
    let largest = Int128(1) << (8 * width) - 1
    let top = Int128(base) + Int128(scale) * largest
    return base >= Int64(Value.min) && top <= Int128(Value.max)
  }

  /// Returns the values, and the first that the type cannot hold, if any.
  ///
  /// - Precondition: `width` × `count` bytes stand at the offset; `width` is at most 8.
  func values<Value: FixedWidthInteger>(
    _ bytes: [UInt8],
    at offset: Int,
    as type: Value.Type
  ) -> (values: ContiguousArray<Value>, outOfRange: (index: Int, value: Int64)?) {
    precondition(offset >= 0 && width <= 8 && bytes.count - offset >= width * count)
    var outOfRange: (index: Int, value: Int64)?
    let checked = !fits(Value.self)
    let values = unsafe ContiguousArray<Value>(unsafeUninitializedCapacity: count) { buffer, size in
      unsafe bytes.withUnsafeBytes { bytes in
        let planes = unsafe UnsafeRawBufferPointer(rebasing: bytes[offset...])
        if checked {
          unsafe outOfRange = fillChecked(buffer, planes)
        } else {
          unsafe fill(buffer, planes)
        }
      }
      size = count
    }
    return (values, outOfRange)
  }

  private func fill<Value: FixedWidthInteger>(
    _ values: UnsafeMutableBufferPointer<Value>,
    _ planes: UnsafeRawBufferPointer
  ) {
    guard let p = planes.baseAddress else {
      unsafe fillConstant(values)
      return
    }
    let n = count
    switch width {
    case 0: unsafe fillConstant(values)
    case 1: unsafe fill(values) { i in unsafe byte(p, i) }
    case 2: unsafe fill(values) { i in unsafe byte(p, i) | byte(p, n + i) << 8 }
    case 3:
      unsafe fill(values) { i in
        unsafe byte(p, i) | byte(p, n + i) << 8 | byte(p, 2 * n + i) << 16
      }
    case 4: unsafe fill(values) { i in unsafe low4(p, n, i) }
    case 5: unsafe fill(values) { i in unsafe low4(p, n, i) | byte(p, 4 * n + i) << 32 }
    case 6:
      unsafe fill(values) { i in
        unsafe low4(p, n, i) | byte(p, 4 * n + i) << 32 | byte(p, 5 * n + i) << 40
      }
    default: unsafe fill(values) { i in unsafe all(p, i) }
    }
  }

  @inline(__always)
  private func fill<Value: FixedWidthInteger>(
    _ values: UnsafeMutableBufferPointer<Value>,
    _ unit: (Int) -> UInt64
  ) {
    guard let out = values.baseAddress else { return }
    let (base, scale) = (UInt64(bitPattern: base), scale)
    if isDelta {
      var value = UInt64(bitPattern: first)
      if scale == 1 {
        for i in 0..<count {
          value &+= base &+ unit(i)
          unsafe out[i] = Value(truncatingIfNeeded: value)
        }
      } else {
        for i in 0..<count {
          value &+= base &+ scale &* unit(i)
          unsafe out[i] = Value(truncatingIfNeeded: value)
        }
      }
    } else if Value.bitWidth <= 32 {
      // Values fit, so their low 32 bits can be computed alone, four or eight at a time.
      let (base, scale) = (UInt32(truncatingIfNeeded: base), UInt32(truncatingIfNeeded: scale))
      for i in 0..<count {
        let low = base &+ scale &* UInt32(truncatingIfNeeded: unit(i))
        unsafe out[i] = Value(truncatingIfNeeded: low)
      }
    } else {
      for i in 0..<count {
        unsafe out[i] = Value(truncatingIfNeeded: base &+ scale &* unit(i))
      }
    }
  }

  /// Of a width of 0.
  private func fillConstant<Value: FixedWidthInteger>(_ values: UnsafeMutableBufferPointer<Value>) {
    unsafe fill(values) { _ in 0 }
  }

  /// The same for any width, with a look at every value.
  private func fillChecked<Value: FixedWidthInteger>(
    _ values: UnsafeMutableBufferPointer<Value>,
    _ planes: UnsafeRawBufferPointer
  ) -> (index: Int, value: Int64)? {
    var found: (index: Int, value: Int64)?
    var last = UInt64(bitPattern: first)
    for i in 0..<count {
      var unit: UInt64 = 0
      for plane in 0..<width {
        unit |= UInt64(unsafe planes[plane * count + i]) << UInt64(8 * plane)
      }
      let step = UInt64(bitPattern: base) &+ scale &* unit
      last = isDelta ? last &+ step : step
      let value = Int64(bitPattern: last)
      if found == nil, Value(exactly: value) == nil { found = (i, value) }
      unsafe values[i] = Value(truncatingIfNeeded: value)
    }
    return found
  }

  @inline(__always)
  private func byte(_ planes: UnsafeRawPointer, _ index: Int) -> UInt64 {
    UInt64(unsafe planes.load(fromByteOffset: index, as: UInt8.self))
  }

  @inline(__always)
  private func low4(_ p: UnsafeRawPointer, _ n: Int, _ i: Int) -> UInt64 {
    unsafe byte(p, i) | byte(p, n + i) << 8 | byte(p, 2 * n + i) << 16 | byte(p, 3 * n + i) << 24
  }

  @inline(__always)
  private func all(_ p: UnsafeRawPointer, _ i: Int) -> UInt64 {
    var unit: UInt64 = 0
    for plane in 0..<width { unit |= unsafe byte(p, plane * count + i) << UInt64(8 * plane) }
    return unit
  }
}
