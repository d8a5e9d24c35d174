public import Simulation
public import Workload

/// Runs side by side, a table per trace, with the change of each column against the first.
public struct ComparisonReport: Sendable {
  public var tables: [ComparisonTable]

  public init(_ tables: [ComparisonTable]) { self.tables = tables }

  /// Aligned text for a terminal.
  public var text: String { tables.map(\.text).joined(separator: "\n") }

  /// Tables as GitHub renders them.
  public var markdown: String { tables.map(\.markdown).joined(separator: "\n") }

  /// Every metric of every run. Times are in seconds.
  public var json: JSONValue { .object([("traces", .array(tables.map(\.json)))]) }
}

/// The runs of one trace.
public struct ComparisonTable: Sendable {
  public var trace: String
  /// The first is the base of the changes.
  public var columns: [ComparisonColumn]

  public init(trace: String, columns: [ComparisonColumn]) {
    self.trace = trace
    self.columns = columns
  }
}

/// The runs of one trace on one fleet under one set of policies, which differ in their seeds.
public struct ComparisonColumn: Sendable {
  public var fleet: String
  public var policy: String
  /// What the policies know; a bound is not a contender.
  public var clairvoyance: Clairvoyance
  public var objectives: ServiceObjectives
  /// Of the first seed; the others differ in nothing else.
  public var options: RunOptionsText
  public var window: MeasureWindow?
  public var seeds: [UInt64]
  /// The rows of every seed's summary.
  public var runs: [[MetricRow]]

  public init(
    fleet: String,
    policy: String,
    clairvoyance: Clairvoyance,
    objectives: ServiceObjectives,
    options: RunOptionsText,
    window: MeasureWindow?,
    seeds: [UInt64],
    runs: [[MetricRow]]
  ) {
    self.fleet = fleet
    self.policy = policy
    self.clairvoyance = clairvoyance
    self.objectives = objectives
    self.options = options
    self.window = window
    self.seeds = seeds
    self.runs = runs
  }
}
