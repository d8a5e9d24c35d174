/// Suggests what a mistyped name was meant to be.
public enum Spelling {
  /// Returns the known name with the fewest single-letter edits, the first of equals.
  ///
  /// Letter case does not count, so `TTFT` finds `ttft`. Names longer than 64 letters are compared
  /// by their first 64, to bound the work on hostile input.
  public static func nearest(to name: String, among known: [String]) -> String? {
    let wanted = letters(name)
    return known.min { distance(wanted, letters($0)) < distance(wanted, letters($1)) }
  }

  private static func letters(_ name: String) -> [UInt8] {
    name.utf8.prefix(64).map { (65...90).contains($0) ? $0 + 32 : $0 }
  }

  /// Levenshtein distance.
  private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var row = Array(0...b.count)
    for (i, byte) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, other) in b.enumerated() {
        let substituted = diagonal + (byte == other ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(substituted, row[j] + 1, diagonal + 1)
      }
    }
    return row[b.count]
  }
}
