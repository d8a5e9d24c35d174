/// The names that stand for something, to help who typed another.
public struct KnownNames: Sendable, Equatable {
  public let names: [String]

  public init(_ names: [String]) { self.names = names }

  /// The known name with the fewest edits from another one, the first of equals.
  ///
  /// An edit inserts, deletes or replaces a letter or swaps neighbours. Letter case does not count.
  /// Names longer than 64 letters are compared by their first 64, to bound the work on hostile
  /// input.
  ///
  /// - Returns: nil where more than half of the longer name would have to change: then it is not a
  ///   misspelling.
  public func nearest(to name: String) -> String? {
    let wanted = Self.letters(name)
    var best: (name: String, edits: Int)?
    for known in names {
      let letters = Self.letters(known)
      let edits = Self.edits(wanted, letters)
      guard edits * 2 <= max(wanted.count, letters.count), edits < best?.edits ?? .max else {
        continue
      }
      best = (known, edits)
    }
    return best?.name
  }

  /// What follows "unknown fleet 'x'": `; did you mean 'y'? Known: y, z`.
  public func hint(for name: String) -> String {
    let question = nearest(to: name).map { "; did you mean '\($0)'?" } ?? "."
    return "\(question) Known: \(names.joined(separator: ", "))"
  }

  private static func letters(_ name: String) -> [UInt8] {
    name.utf8.prefix(64).map { (65...90).contains($0) ? $0 + 32 : $0 }
  }

  /// The optimal string alignment distance, in bytes.
  private static func edits(_ first: [UInt8], _ second: [UInt8]) -> Int {
    // Rows of the table for the beginnings of `first` with i − 2, i − 1 and i bytes.
    var twoUp: [Int] = []
    var up = Array(0...second.count)
    for i in first.indices {
      var row = [i + 1]
      for j in second.indices {
        let replaced = up[j] + (first[i] == second[j] ? 0 : 1)
        var least = min(replaced, row[j] + 1, up[j + 1] + 1)
        if i > 0, j > 0, first[i] == second[j - 1], first[i - 1] == second[j] {
          least = min(least, twoUp[j - 1] + 1)
        }
        row.append(least)
      }
      (twoUp, up) = (up, row)
    }
    return up[second.count]
  }
}
