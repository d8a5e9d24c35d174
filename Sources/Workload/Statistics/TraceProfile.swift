/// What a trace holds, as far as numbers say it.
///
/// Read in one pass, in memory for the distinct values, names, sessions and prefix nodes, not for
/// the rows.
public struct TraceProfile: Sendable, Equatable {
  public var name: String
  /// Date and time of the first arrival as the source spells it; nil where it does not say.
  public var epoch: String?
  /// Where the trace comes from, as far as its source says; nil where it is from no file.
  public var provenance: TraceProvenance?
  public var rows: Int64
  public var arrivals: ArrivalProfile
  public var promptTokens: Distribution
  public var outputTokens: Distribution
  /// nil in a trace without sessions.
  public var sessions: SessionProfile?
  /// nil in a trace without prefixes.
  public var prefixes: PrefixProfile?
  /// The columns in which rows hold something else than the default, beside those that every trace
  /// has, and how many rows do.
  public var columns: [ColumnCount]
  public var classes: [NameCount]
  public var tenants: [NameCount]
  public var models: [NameCount]
  public var adapters: [NameCount]
  public var tools: [NameCount]
  /// `ContentDigest` of the trace.
  public var digest: UInt128

  public struct ColumnCount: Sendable, Equatable {
    public var column: TraceColumn
    public var rows: Int64
  }

  public struct NameCount: Sendable, Equatable {
    public var name: String
    public var rows: Int64
  }

  /// Reads a trace to its end. All numbers of a trace without rows are 0.
  ///
  /// - Throws: What its reader throws.
  public init(reading trace: some Trace) throws(TraceError) {
    let reader = try trace.makeReader()
    var sums = ProfileSums()
    while let group = try reader.next() { sums.add(group, reader.names) }
    name = trace.name
    epoch = reader.epoch
    provenance = reader.provenance
    rows = sums.census.rows
    arrivals = sums.arrivals.profile
    promptTokens = sums.promptTokens.distribution ?? Distribution()
    outputTokens = sums.outputTokens.distribution ?? Distribution()
    sessions = sums.sessions.profile
    prefixes = sums.prefixes.result
    let alwaysThere: [TraceColumn] = [.record, .arrivalSeconds, .promptTokens, .outputTokens]
    columns = sums.census.values.filter { !alwaysThere.contains($0.column) }
      .map { ColumnCount(column: $0.column, rows: $0.rows) }
    let names = reader.names
    classes = sums.classes.counts(names.classes)
    tenants = sums.tenants.counts(names.tenants)
    models = sums.models.counts(names.models)
    adapters = sums.adapters.counts(names.adapters)
    tools = sums.tools.counts(names.tools)
    digest = sums.digest.value
  }
}

private struct ProfileSums {
  var census = TraceCensus()
  var arrivals = ArrivalSums()
  var promptTokens = CountHistogram()
  var outputTokens = CountHistogram()
  var sessions = SessionSums()
  var prefixes = PrefixSums()
  var classes = NameCounts()
  var tenants = NameCounts()
  var models = NameCounts()
  var adapters = NameCounts()
  var tools = NameCounts()
  var digest = ContentDigest()

  mutating func add(_ group: RowGroup, _ names: TraceNames) {
    census.add(group, names)
    arrivals.add(group.arrival)
    for tokens in group.promptTokens { promptTokens.add(Int64(tokens)) }
    for tokens in group.outputTokens { outputTokens.add(Int64(tokens)) }
    sessions.add(group)
    prefixes.add(group, blockTokens: names.blockTokens)
    classes.add(group.requestClass)
    tenants.add(group.tenant)
    models.add(group.model)
    adapters.add(group.adapter)
    tools.add(group.tool)
    digest.add(group, names)
  }
}

/// How many rows have each name of a column.
private struct NameCounts {
  private var rows: [Int64] = []

  mutating func add(_ column: ContiguousArray<UInt16>) {
    for index in column {
      while rows.count <= index { rows.append(0) }
      rows[Int(index)] += 1
    }
  }

  /// The names that some row has, in their order; no name is nothing to count.
  func counts(_ names: [String]) -> [TraceProfile.NameCount] {
    zip(names, rows).filter { $1 > 0 && !$0.isEmpty }
      .map { TraceProfile.NameCount(name: $0, rows: $1) }
  }
}
