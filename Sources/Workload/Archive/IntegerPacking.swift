/// A column of integers as byte planes, ready to be written.
///
/// A value is `base + scale × u` in 64 bits that wrap around, or the value before it plus that; `u`
/// has `width` bytes. All lowest bytes come first, then all second lowest, and so on: like bytes
/// stand together, which is what a compressor needs.
struct PackedIntegers {
  var encoding: ArchiveColumn.Encoding
  var width: UInt8
  var first: Int64
  var base: Int64
  var scale: UInt64
  /// The values of `u`.
  private var units: ContiguousArray<UInt64>

  /// Packs values in the encoding whose planes have less entropy; plain planes where they are equal.
  init(_ values: ContiguousArray<Int64>) {
    let plain = Self(values, .planes)
    if plain.width == 0 {
      self = plain
      return
    }
    let deltas = Self(values, .deltaPlanes)
    self = deltas.cost < plain.cost ? deltas : plain
  }

  private init(_ values: ContiguousArray<Int64>, _ encoding: ArchiveColumn.Encoding) {
    self.encoding = encoding
    var items = values
    if encoding == .deltaPlanes {
      for index in stride(from: items.count - 1, to: 0, by: -1) {
        items[index] &-= items[index - 1]
      }
      // The first value has no step of its own; the second one's costs nothing new.
      if items.count > 1 { items[0] = items[1] }
    }
    base = items.min() ?? 0
    var divisor: UInt64 = 0
    units = ContiguousArray(repeating: 0, count: items.count)
    for index in items.indices {
      let distance = UInt64(bitPattern: items[index] &- base)
      units[index] = distance
      if divisor != 1 { divisor = Self.greatestDivisor(divisor, distance) }
    }
    scale = max(1, divisor)
    if scale > 1 { for index in units.indices { units[index] /= scale } }
    first = 0
    if encoding == .deltaPlanes, let value = values.first, let step = items.first {
      first = value &- step
    }
    let largest = units.max() ?? 0
    width = UInt8((64 - largest.leadingZeroBitCount + 7) / 8)
  }

  private static func greatestDivisor(_ a: UInt64, _ b: UInt64) -> UInt64 {
    var (a, b) = (a, b)
    while b > 0 { (a, b) = (b, a % b) }
    return a
  }

  func append(to bytes: inout [UInt8]) {
    for plane in 0..<UInt64(width) {
      for unit in units { bytes.append(UInt8(truncatingIfNeeded: unit >> (8 * plane))) }
    }
  }
}

extension PackedIntegers {
  /// The order-0 entropy of the planes, in 2⁻¹⁶ bits; integers, so that it is the same everywhere.
  private var cost: UInt64 {
    let total = Self.logarithm(UInt64(units.count))
    var sum: UInt64 = 0
    for plane in 0..<UInt64(width) {
      var counts = ContiguousArray<UInt64>(repeating: 0, count: 256)
      for unit in units { counts[Int(truncatingIfNeeded: unit >> (8 * plane) & 0xFF)] += 1 }
      for count in counts where count > 0 { sum += count * (total - Self.logarithm(count)) }
    }
    return sum
  }

  /// The binary logarithm of a number of at least 1, in 2⁻¹⁶, straight between powers of two.
  private static func logarithm(_ number: UInt64) -> UInt64 {
    let exponent = UInt64(63 - number.leadingZeroBitCount)
    return exponent << 16 + ((number - 1 << exponent) << 16) >> exponent
  }
}
