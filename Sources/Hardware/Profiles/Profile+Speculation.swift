/// Rows of a stack that were measured with one version of the engine, on one day, on one layout.
public struct MeasuredRun: Sendable, Hashable {
  public var stack: Stack
  /// Empty where they were not recorded.
  public var engineVersion: String
  public var measuredOn: String
  /// As `ReplicaLayout.text`.
  public var layout: String

  public init(stack: Stack, engineVersion: String, measuredOn: String, layout: String) {
    self.stack = stack
    self.engineVersion = engineVersion
    self.measuredOn = measuredOn
    self.layout = layout
  }
}

extension Profile {
  /// Whether a run of a stack was found to speculate.
  public struct Run: Sendable, Equatable {
    public var engineVersion: String
    public var measuredOn: String
    public var layout: String
    public var speculates: Bool

    public init(engineVersion: String, measuredOn: String, layout: String, speculates: Bool) {
      self.engineVersion = engineVersion
      self.measuredOn = measuredOn
      self.layout = layout
      self.speculates = speculates
    }
  }

  /// Whether a run is taken to speculate: as it was found to, else as most of those that are most like
  /// it; not where none are.
  public func speculates(_ run: MeasuredRun) -> Bool {
    let known: [(stack: Stack, run: Run)] = levels.flatMap { level in
      guard case .stack(let stack) = level.scope else { return [(stack: Stack, run: Run)]() }
      return level.runs.map { (stack, $0) }
    }
    for likeness in Likeness.allCases {
      let like = known.filter { likeness.holds(of: run, $0.stack, $0.run) }
      if !like.isEmpty { return 2 * like.count { $0.run.speculates } > like.count }
    }
    return false
  }

  /// What runs have in common, the most first.
  private enum Likeness: CaseIterable {
    case all, stackAndDay, modelAndLayout, modelAndDay, modelAndVersion, engineAndDay

    func holds(of run: MeasuredRun, _ stack: Stack, _ other: Run) -> Bool {
      let isSameVersion =
        run.stack.engine == stack.engine && run.engineVersion == other.engineVersion
      guard isSameVersion else { return false }
      let isSameDay = run.measuredOn == other.measuredOn
      let isSameModel = run.stack.model == stack.model
      return switch self {
      case .all: run.stack == stack && isSameDay && run.layout == other.layout
      case .stackAndDay: run.stack == stack && isSameDay
      case .modelAndLayout: isSameModel && isSameDay && run.layout == other.layout
      case .modelAndDay: isSameModel && isSameDay
      case .modelAndVersion: isSameModel
      case .engineAndDay: isSameDay
      }
    }
  }
}
