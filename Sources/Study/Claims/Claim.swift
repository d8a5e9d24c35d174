/// A claim made in public about split inference or its hardware, as a scenario that can be run.
struct Claim: Sendable {
  /// How much a claim says.
  enum Scope: Sendable {
    /// That it can be so.
    case upTo
    /// That it is so as described.
    case stated
    /// That it is so whatever the conditions.
    case always
  }

  /// A change of one condition.
  struct Variant: Sendable {
    var condition: String
    var change: @Sendable (inout ClaimAssumptions) -> Void

    init(_ condition: String, _ change: @escaping @Sendable (inout ClaimAssumptions) -> Void) {
      self.condition = condition
      self.change = change
    }
  }

  /// What a scenario comes to.
  struct Outcome: Sendable {
    /// What the claim says is large; nil where one side cannot do it at all.
    var ratio: Double?
    /// Relative error to be expected of it.
    var expectedError: Double
    /// Numbers behind the ratio, in words.
    var facts: [String]
  }

  var number: Int
  /// The claim in our own words.
  var text: String
  var tracedTo: String
  /// What is divided by what.
  var ratioOf: String
  /// The ratio that the claim amounts to.
  var claimed: Double
  var scope = Scope.stated
  var assumptions = ClaimAssumptions()
  var conditions: [String]
  var variants: [Variant]
  /// Anchors that are printed beside the prediction.
  var anchors: [String] = []
  /// What else a reader has to know.
  var remark = ""
  var run: @Sendable (ClaimAssumptions, ClaimBench) throws -> Outcome
}

/// What a claim came to.
public struct ClaimResult: Sendable {
  public enum Verdict: String, Sendable, CaseIterable {
    case holds
    case holdsOnlyIf = "holds only if"
    /// The claimed ratio lies within what the prediction may be off by.
    case undecided = "within the error"
    case doesNotHold = "does not hold"
    case notSimulable = "not simulable"
  }

  /// The ratio under one changed condition.
  public struct Sensitivity: Sendable, Equatable {
    public var condition: String
    public var ratio: Double?
  }

  public var number: Int
  public var text: String
  public var tracedTo: String
  /// What the ratio divides by what; empty where there is none.
  public var ratioOf: String
  public var claimed: Double?
  public var conditions: [String]
  /// Nil where nothing can be simulated.
  public var ratio: Double?
  /// What it may as well be, by the errors that step times are known to have.
  public var range: ClosedRange<Double>?
  public var facts: [String]
  /// What was measured of the same thing.
  public var measured: [String]
  public var sensitivities: [Sensitivity]
  public var verdict: Verdict
  public var verdictText: String
}
