/// A cell of a CSV table.
public enum CSVCell {
  /// A text as a cell, quoted if it holds a quote, a comma or a line break, as RFC 4180 prescribes.
  public static func bytes(_ text: String) -> [UInt8] {
    let quote = UInt8(ascii: "\"")
    let special = [quote, UInt8(ascii: ","), 10, 13]
    guard text.utf8.contains(where: special.contains) else { return Array(text.utf8) }
    return [quote] + text.utf8.flatMap { $0 == quote ? [quote, quote] : [$0] } + [quote]
  }
}
