public import Hardware

/// One published measurement beside what the kit says of it.
public struct AnchorLine: Sendable, Equatable {
  /// What the measurement has to do with the constants behind the prediction.
  public enum Role: String, Sendable, CaseIterable {
    /// No constant was chosen by it.
    case test
    /// Constants were chosen by hand with this measurement among others in view.
    case inView = "in view"
    /// A constant was set so as to meet it.
    case set
    /// It was taken under speculation whose acceptance is not published; predicted without.
    case bound
  }

  /// Where a prediction comes from.
  public enum Method: String, Sendable, CaseIterable {
    /// A replay in the engine.
    case engine
    /// Step costs, to which a request alone adds nothing.
    case costs
    /// A figure of the catalogue.
    case catalogue
  }

  public var group: AnchorGroup
  /// Of the anchor, with a point where one anchor is measured at several.
  public var id: String
  public var what: String
  public var predicted: Double
  public var measured: Double
  public var unit: String
  public var role: Role
  public var method: Method
  /// How it was measured.
  public var conditions: String
  /// What was assumed where the conditions say nothing; empty for nothing.
  public var note: String
  /// Key of the bibliography.
  public var source: String

  /// Predicted ÷ measured − 1.
  public var error: Double { predicted / measured - 1 }

  init(
    _ group: AnchorGroup,
    _ anchor: Anchor,
    predicted: Double,
    role: Role,
    by method: Method,
    note: String = ""
  ) {
    self.group = group
    id = anchor.id
    what = anchor.what
    self.predicted = predicted
    measured = anchor.value
    unit = anchor.unit
    self.role = role
    self.method = method
    conditions = anchor.conditions
    self.note = note
    source = anchor.source
  }
}

/// Measurements of one kind, whose errors are summed up together.
public enum AnchorGroup: String, Sendable, CaseIterable {
  case splitwisePrompts = "Splitwise prompts"
  case splitwiseTokens = "Splitwise tokens"
  case distServe = "DistServe"
  case mooncake = "Mooncake TTFT"
  case trainiumFirst = "Trainium TTFT"
  case trainiumTokens = "Trainium TPOT"
  case inferenceX = "InferenceX TPOT"
  case mlEnergyTokens = "ML.ENERGY latency"
  case mlEnergyPower = "ML.ENERGY power"
  case wafers = "Cerebras endpoints"
  case lpus = "Groq endpoints"
  case transfers = "transfers"
  case kernels = "kernels"
}

/// A published measurement that nothing predicts, and why.
public struct UnreplayedAnchor: Sendable, Equatable {
  public var anchor: Anchor
  public var reason: String
}
