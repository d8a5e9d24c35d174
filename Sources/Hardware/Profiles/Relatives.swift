/// Stacks that resemble another one, and what their constants suggest for it.
///
/// A weighted median per constant, interpolated between the two stacks around the middle: the more two
/// stacks have in common, the more rows one was fitted to and the better the formulas explain them, the
/// more it counts. So one that they explain badly hardly moves others. The weights were chosen by leaving
/// out groups, models and chips of InferenceX rows.
public struct Relatives: Sendable {
  /// Constants of a stack, in whatever form, and how far they can be trusted.
  public struct Member: Sendable {
    public var stack: Stack
    public var values: [Double]
    /// Rows that they were fitted to.
    public var rows: Int
    /// Median of |predicted ÷ measured − 1| of these.
    public var error: Double

    public init(stack: Stack, values: [Double], rows: Int, error: Double) {
      self.stack = stack
      self.values = values
      self.rows = rows
      self.error = error
    }
  }

  private let weights: [(values: [Double], weight: Double)]

  /// Below this much in all, relatives are too distant to say anything: a fiftieth of a stack that
  /// differs in the chip alone.
  private static let leastWeight = 0.01
  /// Rows at which a stack counts half, and the error at which it does.
  private static let halfRows = 20.0
  private static let halfError = 0.05

  /// - Parameters:
  ///   - members: Stacks with equally many values each; those without rows, and the stack itself, say
  ///     nothing.
  ///   - stack: The stack whose relatives they may be.
  public init(_ members: [Member], of stack: Stack) {
    weights = members.filter { $0.stack != stack && $0.rows > 0 }.map { other in
      let rows = Double(other.rows)
      let trust = other.error / Self.halfError
      let weight =
        Self.likeness(stack, other.stack) * rows / (rows + Self.halfRows) / (1 + trust * trust)
      return (other.values, weight)
    }
  }

  /// How much two stacks have in common, from 0 to 1: a factor for each thing in which they differ.
  private static func likeness(_ one: Stack, _ other: Stack) -> Double {
    (one.isMixtureOfExperts == other.isMixtureOfExperts ? 1 : 0.05)
      * (one.model == other.model ? 1 : 0.3) * (one.engine == other.engine ? 1 : 0.3)
      * (one.precision == other.precision ? 1 : 0.27)
      * (generation(one.chip) == generation(other.chip) ? 1 : 0.37)
      * (one.chip == other.chip ? 1 : 0.6)
  }

  /// Chips of one generation begin with the same letter, but for those that a CPU is joined to.
  private static func generation(_ chip: String) -> Character? {
    (chip.hasPrefix("gb") || chip.hasPrefix("gh") ? chip.dropFirst() : chip[...]).first
  }

  /// What they suggest; nil where none are near.
  public var values: [Double]? {
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

extension Profile {
  /// The constants that the stacks of the profile suggest for one that it does not have; nil where none
  /// are near, or they do not state how well they fit. A constant that not all have is left out.
  func relatives(of stack: Stack) -> FittedConstants? {
    let fitted = levels.compactMap { level -> (level: Level, stack: Stack, error: Double)? in
      guard case .stack(let other) = level.scope, let error = level.fitError else { return nil }
      return (level, other, error)
    }
    let shared = FittedConstant.allCases.filter { constant in
      fitted.allSatisfy { $0.level.constants[constant] != nil }
    }
    let members = fitted.map { fitted in
      Relatives.Member(
        stack: fitted.stack,
        values: shared.compactMap { fitted.level.constants[$0] },
        rows: fitted.level.rows,
        error: fitted.error
      )
    }
    guard !shared.isEmpty, let values = Relatives(members, of: stack).values else { return nil }
    var constants = FittedConstants()
    for (constant, value) in zip(shared, values) { constants[constant] = value }
    return constants
  }
}
