public import ConfigFiles
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
  /// The parts of a fleet contradict each other.
  case unsound(fleet: String, problem: FleetProblem)
  /// A file does not describe a fleet that can be built.
  case file(ConfigFileError)

  public var description: String {
    switch self {
    case .unknownFleet(let name, let known):
      "unknown fleet '\(name)'\(KnownNames(known).hint(for: name)); "
        + "the path of a fleet file contains '/' or ends in .yaml or .yml"
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
    case .unsound(let fleet, let problem):
      "fleet '\(fleet)': \(problem.text)"
    case .file(let error):
      error.description
    }
  }
}

/// A contradiction between the parts of a fleet, and what to do about it.
public struct FleetProblem: Equatable, Sendable {
  /// The part that has to change.
  public enum Part: Equatable, Sendable {
    case fleet, tick, recompute, handoff, speculation
    /// Positions in the fleet's pools, and in the pairs of its hand-off.
    case pool(Int)
    case pair(Int)
  }

  public var part: Part
  public var text: String

  public init(_ part: Part, _ text: String) {
    self.part = part
    self.text = text
  }
}
