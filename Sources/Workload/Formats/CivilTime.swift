extension Span<UInt8> {
  /// Reads a civil time that fills the range as nanoseconds since 1970, UTC.
  ///
  /// `YYYY-MM-DD HH:MM:SS`, with `T` for the space if wanted, then up to nine decimals, then `Z`,
  /// an offset such as `+02:00`, or nothing, which means UTC. More decimals are rounded if asked for.
  func civilTime(
    _ range: Range<Int>,
    _ name: String,
    _ options: ReadOptions
  ) throws(Fault) -> Int64 {
    guard let time = civilTime(range, rounding: options.rounding) else {
      throw Fault(
        at: range.lowerBound,
        "\(name) is \(quoted(range)); expected a date and time of the years 1678 to 2261, such as "
          + "2023-11-16 18:17:03.9799600, with at most 9 decimals; --round rounds finer times"
      )
    }
    return time
  }

  private func civilTime(_ range: Range<Int>, rounding: Bool) -> Int64? {
    let start = range.lowerBound
    guard range.count >= 19,
      self[start + 4] == UInt8(ascii: "-"), self[start + 7] == UInt8(ascii: "-"),
      self[start + 10] == UInt8(ascii: " ") || self[start + 10] == UInt8(ascii: "T"),
      self[start + 13] == UInt8(ascii: ":"), self[start + 16] == UInt8(ascii: ":"),
      let year = digits(start..<start + 4), year > 0,
      let month = digits(start + 5..<start + 7), (1...12).contains(month),
      let day = digits(start + 8..<start + 10), (1...daysIn(month, year)).contains(day),
      let hour = digits(start + 11..<start + 13), hour < 24,
      let minute = digits(start + 14..<start + 16), minute < 60,
      let second = digits(start + 17..<start + 19), second < 60
    else { return nil }
    var position = start + 19
    var fraction: Int64 = 0
    if position < range.upperBound, self[position] == UInt8(ascii: ".") {
      position += 1
      let first = position
      while position < range.upperBound, (48...57).contains(self[position]) { position += 1 }
      guard let read = nanoseconds(first..<position, rounding: rounding) else { return nil }
      fraction = read
    }
    guard let offset = zoneOffset(position..<range.upperBound) else { return nil }
    let day0 = days(year, month, day)
    let seconds = ((day0 * 24 + hour) * 60 + minute) * 60 + second - offset
    let (scaled, high) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (time, carry) = scaled.addingReportingOverflow(fraction)
    return high || carry ? nil : time
  }

  /// Reads the digits after a second's decimal point.
  private func nanoseconds(_ range: Range<Int>, rounding: Bool) -> Int64? {
    if let exact = decimals(range, places: 9) { return exact }
    // The digits are those of a whole number of 10⁻ⁿ seconds, n being how many there are.
    guard !range.isEmpty,
      let decimal = ScaledDecimal(self, range, places: 9 - range.count, exponents: false),
      decimal.isWhole || rounding
    else { return nil }
    return decimal.rounded
  }

  /// Reads `Z`, `±HH:MM` or nothing as seconds east of UTC.
  private func zoneOffset(_ range: Range<Int>) -> Int64? {
    if range.isEmpty { return 0 }
    let start = range.lowerBound
    if range.count == 1 { return self[start] == UInt8(ascii: "Z") ? 0 : nil }
    guard range.count == 6,
      self[start] == UInt8(ascii: "+") || self[start] == UInt8(ascii: "-"),
      self[start + 3] == UInt8(ascii: ":"),
      let hours = digits(start + 1..<start + 3), hours < 24,
      let minutes = digits(start + 4..<start + 6), minutes < 60
    else { return nil }
    let offset = (hours * 60 + minutes) * 60
    return self[start] == UInt8(ascii: "-") ? -offset : offset
  }
}

private func daysIn(_ month: Int64, _ year: Int64) -> Int64 {
  switch month {
  case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
  case 4, 6, 9, 11: 30
  default: 31
  }
}

/// Days from 1970-01-01 to a date of the Gregorian calendar.
///
/// Years are counted from March, so that the leap day is the last of its year and a month's start
/// is linear in its number. Source: Hinnant, "chrono-compatible low-level date algorithms".
private func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
  let marchYear = month <= 2 ? year - 1 : year
  let era = marchYear / 400
  let yearOfEra = marchYear - era * 400
  let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
  let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}
