import Hardware
import Workload

/// Constants of a stack, in logarithms, and how far they can be trusted.
struct FittedStack: Sendable {
  var stack: Stack
  var values: [Double]
  /// Rows that they were fitted to.
  var rows: Int
  /// Median of the errors on these.
  var error: Double
}

/// Stacks that resemble another one, and what their constants suggest for it.
///
/// A weighted median per constant: the more two stacks have in common, the more rows one has and the
/// better the formulas explain them, the more it counts. So one that they explain badly hardly moves
/// others.
struct Relatives {
  private let weights: [(values: [Double], weight: Double)]

  /// Below this much in all, relatives are too distant to say anything: a fiftieth of a stack that
  /// differs in the chip alone.
  private static let leastWeight = 0.01
  /// Rows at which a stack counts half, and the error at which it does.
  private static let halfRows = 20.0
  private static let halfError = 0.05

  init(_ fitted: [FittedStack], of stack: Stack) {
    weights = fitted.filter { $0.stack != stack && $0.rows > 0 }.map { other in
      let rows = Double(other.rows)
      let trust = other.error / Self.halfError
      let weight =
        DeterministicMath.exp(-Self.distance(stack, other.stack)) * rows / (rows + Self.halfRows)
        / (1 + trust * trust)
      return (other.values, weight)
    }
  }

  /// How little two stacks have in common.
  private static func distance(_ one: Stack, _ other: Stack) -> Double {
    (one.isMixtureOfExperts == other.isMixtureOfExperts ? 0 : 3)
      + (one.model == other.model ? 0 : 1.2) + (one.engine == other.engine ? 0 : 1.2)
      + (one.precision == other.precision ? 0 : 1.3)
      + (generation(one.chip) == generation(other.chip) ? 0 : 1)
      + (one.chip == other.chip ? 0 : 0.5)
  }

  /// Chips of one generation begin with the same letter, but for those that a CPU is joined to.
  private static func generation(_ chip: String) -> Character? {
    (chip.hasPrefix("gb") || chip.hasPrefix("gh") ? chip.dropFirst() : chip[...]).first
  }

  /// What they suggest; nil where none are near.
  var constants: [Double]? {
    let total = weights.reduce(0) { $0 + $1.weight }
    guard total >= Self.leastWeight, let count = weights.first?.values.count else { return nil }
    return (0..<count).map { index in
      let ordered = weights.map { ($0.values[index], $0.weight) }.sorted { $0.0 < $1.0 }
      return Self.median(of: ordered, half: total / 2)
    }
  }

  /// Where the weights up to the middle of an entry come to a half, interpolated between entries.
  private static func median(of ordered: [(value: Double, weight: Double)], half: Double) -> Double
  {
    var (sum, before) = (0.0, (value: 0.0, middle: -1.0))
    for (value, weight) in ordered {
      let middle = sum + weight / 2
      if middle >= half {
        guard before.middle >= 0 else { return value }
        let share = (half - before.middle) / (middle - before.middle)
        return before.value + share * (value - before.value)
      }
      (sum, before) = (sum + weight, (value, middle))
    }
    return before.value
  }
}
