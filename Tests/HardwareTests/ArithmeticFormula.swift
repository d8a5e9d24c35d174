/// Sums and products of numbers and named figures, such as `0.74 * memory_bandwidth`: the formulas of
/// derived figures.
struct ArithmeticFormula {
  private var rest: Substring
  private let named: (String) -> Double?

  /// The value of a formula; nil where it is something else.
  static func value(_ text: String, named: (String) -> Double?) -> Double? {
    withoutActuallyEscaping(named) { named in
      var formula = ArithmeticFormula(rest: text[...], named: named)
      let value = formula.sum()
      return formula.rest.isEmpty ? value : nil
    }
  }

  private mutating func take(_ symbol: Character) -> Bool {
    skipSpaces()
    guard rest.first == symbol else { return false }
    rest.removeFirst()
    skipSpaces()
    return true
  }

  private mutating func skipSpaces() { rest = rest.drop { $0 == " " } }

  private mutating func sum() -> Double? {
    guard var value = product() else { return nil }
    while true {
      if take("+") {
        guard let next = product() else { return nil }
        value += next
      } else if take("-") {
        guard let next = product() else { return nil }
        value -= next
      } else {
        return value
      }
    }
  }

  private mutating func product() -> Double? {
    guard var value = factor() else { return nil }
    while true {
      if take("*") {
        guard let next = factor() else { return nil }
        value *= next
      } else if take("/") {
        guard let next = factor() else { return nil }
        value /= next
      } else {
        return value
      }
    }
  }

  private mutating func factor() -> Double? {
    if take("(") {
      let value = sum()
      return take(")") ? value : nil
    }
    var word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "." || $0 == "_" }
    let next = rest[word.endIndex...]
    // An exponent may be negative.
    if word.first?.isNumber == true, word.last == "e", next.first == "-" {
      let digits = next.dropFirst().prefix { $0.isNumber }
      word = rest[word.startIndex..<digits.endIndex]
    }
    rest = rest[word.endIndex...]
    return Double(word) ?? named(String(word))
  }
}
