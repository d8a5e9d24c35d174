import Spelling

/// Why a fleet cannot be built.
public enum FleetError: Error, Equatable, Sendable, CustomStringConvertible {
  /// No built-in fleet has the name.
  case unknownFleet(name: String, known: [String])
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
    case .unknownFleet(let name, let known):
      "unknown fleet '\(name)'\(KnownNames(known).hint(for: name))"
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
