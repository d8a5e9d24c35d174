import Hardware
import Policies
import Simulation
import Workload

/// Which rows a fit does not see, to be judged on them.
struct HeldOut: Sendable, Equatable {
  /// What is left out, such as `fold 1` or a model.
  var name: String
  /// Positions of the rows, ascending.
  var rows: [Int]
}

/// Ways to part rows into those that are fitted to and those that are judged on.
enum Partition: Sendable {
  /// A share of the measured groups: rows of one stack, layout aside, with the same lengths stay
  /// together.
  case folds(Int, seed: UInt64)
  case models
  case chips

  /// The parts, each row of which is in exactly one; in the order of their names.
  func parts(of rows: [MeasuredRow], stacks: [Stack?]) -> [HeldOut] {
    var parts: [String: [Int]] = [:]
    for (index, row) in rows.enumerated() {
      parts[name(of: row, stacks[index]), default: []].append(index)
    }
    return parts.map { HeldOut(name: $0.key, rows: $0.value) }.sorted { $0.name < $1.name }
  }

  private func name(of row: MeasuredRow, _ stack: Stack?) -> String {
    switch self {
    case .models: stack?.model ?? row.model
    case .chips: stack?.chip ?? row.chip
    case .folds(let count, let seed):
      {
        let group = "\(seed) \(stack?.text ?? row.model) \(row.lengths)"
        return "fold \(UInt64(hashing: group) % UInt64(count) + 1)"
      }()
    }
  }
}
