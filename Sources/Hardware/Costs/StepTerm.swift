/// One term of a step's time, for people who ask what binds it.
public struct StepTerm: Sendable, Equatable {
  /// Such as "weights" or "all-reduce".
  public var name: String
  /// What the term alone takes, in seconds.
  public var seconds: Double
  /// What the term adds to the step, in seconds; less than `seconds` where another term hides it.
  public var addedSeconds: Double
  /// How the term follows from the hardware, in words.
  public var rule: String

  public init(_ name: String, seconds: Double, addedSeconds: Double, rule: String) {
    self.name = name
    self.seconds = seconds
    self.addedSeconds = addedSeconds
    self.rule = rule
  }

  /// A term that nothing hides.
  public init(_ name: String, seconds: Double, rule: String) {
    self.init(name, seconds: seconds, addedSeconds: seconds, rule: rule)
  }
}

/// A step's time, term by term.
public struct StepBreakdown: Sendable, Equatable {
  /// What stands one after the other; their added times make up the step.
  public var terms: [StepTerm]

  public init(_ terms: [StepTerm]) { self.terms = terms }

  /// The step's time, before it is rounded.
  public var seconds: Double { terms.reduce(0) { $0 + $1.addedSeconds } }

  /// The term that adds most.
  public var binding: StepTerm? { terms.max { $0.addedSeconds < $1.addedSeconds } }
}

/// Costs that can say what they are made of.
public protocol ExplainedCosts: CostModel {
  /// The terms of `decodeStep` with the same arguments.
  func decodeTerms(batch: Int, kvBytes: Double) -> StepBreakdown

  /// The terms of a pass over one prompt chunk, `prefillPass` and `prefillAttention` together.
  func prefillTerms(newTokens: Int, pastTokens: Int, decodeBatch: Int) -> StepBreakdown
}
