extension [UInt8] {
  mutating func append(decimal value: Int64) {
    if value < 0 { append(UInt8(ascii: "-")) }
    let first = count
    var rest = value.magnitude
    repeat {
      append(48 + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    self[first...].reverse()
  }

  /// Appends nanoseconds as seconds, with as many decimals as they have.
  mutating func append(seconds nanoseconds: Int64) {
    append(decimal: nanoseconds / 1_000_000_000)
    var fraction = nanoseconds % 1_000_000_000
    guard fraction > 0 else { return }
    append(UInt8(ascii: "."))
    var unit: Int64 = 100_000_000
    while fraction > 0 {
      append(48 + UInt8(fraction / unit))
      fraction %= unit
      unit /= 10
    }
  }
}

/// Nanoseconds as seconds, exactly.
func seconds(_ time: SimTime) -> String {
  var text: [UInt8] = []
  text.append(seconds: time)
  return String(decoding: text, as: UTF8.self)
}
