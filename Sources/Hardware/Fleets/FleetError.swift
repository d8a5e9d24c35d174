/// Why a fleet cannot be built.
public enum FleetError: Error, Equatable, Sendable, CustomStringConvertible {
  /// No built-in fleet has the name.
  case unknownFleet(name: String, known: [String], nearest: String)
  /// The weights, and the KV of one token, do not fit into the usable memory of the chips.
  case modelDoesNotFit(
    model: String,
    chip: String,
    chips: Int,
    neededBytes: Int64,
    availableBytes: Int64,
    sufficientChips: Int
  )
  /// The chip has no rate for the precision in the catalogue.
  case unsupportedPrecision(chip: String, precision: Precision, supported: [Precision])

  public var description: String {
    switch self {
    case .unknownFleet(let name, let known, let nearest):
      "no fleet is called '\(name)'; did you mean '\(nearest)'? Known fleets: "
        + known.joined(separator: ", ")
    case .modelDoesNotFit(
      let model,
      let chip,
      let chips,
      let needed,
      let available,
      let sufficient
    ):
      "\(model) needs \(needed) bytes and \(chips) × \(chip) can hold \(available); "
        + "use at least \(sufficient) × \(chip), or weights of fewer bits"
    case .unsupportedPrecision(let chip, let precision, let supported):
      "\(chip) does not compute in \(precision.rawValue); it does in "
        + supported.map(\.rawValue).joined(separator: ", ")
    }
  }
}

/// Finds the name that a mistyped one most likely meant.
enum NearestName {
  /// The first candidate with the fewest edits from `name`; empty if there are no candidates.
  static func nearest(to name: String, among candidates: [String]) -> String {
    candidates.min { edits(name, $0) < edits(name, $1) } ?? ""
  }

  /// Levenshtein distance in UTF-8 bytes, row by row.
  static func edits(_ from: String, _ to: String) -> Int {
    let target = Array(to.utf8)
    var row = Array(0...target.count)
    for (line, byte) in from.utf8.enumerated() {
      var diagonal = row[0]
      row[0] = line + 1
      for column in target.indices {
        let substitution = diagonal + (target[column] == byte ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(substitution, min(row[column], diagonal) + 1)
      }
    }
    return row[target.count]
  }
}
