/// What a trace holds, as far as numbers say it.
///
/// Read in one pass, in memory for the distinct values, names, sessions and prefix nodes, not for
/// the rows.
public struct TraceProfile: Sendable, Equatable {
  /// What result tables call the trace.
  public var name: String
  /// Date and time of the first arrival as the source spells it; nil where it does not say.
  public var epoch: String?
  /// Where the trace comes from, as far as its source says; nil where it is from no file.
  public var provenance: TraceProvenance?
  /// Requests.
  public var rows: Int64
  /// How requests arrive.
  public var arrivals: ArrivalProfile
  /// Tokens of whole prompts, per request.
  public var promptTokens: Distribution
  /// Generated tokens, per request.
  public var outputTokens: Distribution
  /// nil in a trace without sessions.
  public var sessions: SessionProfile?
  /// nil in a trace without prefixes.
  public var prefixes: PrefixProfile?
  /// The columns in which rows hold something else than the default, beside those that every trace
  /// has, and how many rows do.
  public var columns: [ColumnCount]
  /// Request classes in order of first appearance; empty where no request has one.
  public var classes: [NameCount]
  /// As `classes`.
  public var tenants: [NameCount]
  /// As `classes`.
  public var models: [NameCount]
  /// As `classes`.
  public var adapters: [NameCount]
  /// Tools that the gaps before requests were spent on, as `classes`.
  public var tools: [NameCount]
  /// `ContentDigest` of the trace.
  public var digest: UInt128

  /// How many requests say something in a column.
  public struct ColumnCount: Sendable, Equatable {
    /// The column.
    public var column: TraceColumn
    /// Requests with another value than the default, at least 1.
    public var rows: Int64
  }

  /// How many requests have a name.
  public struct NameCount: Sendable, Equatable {
    /// The name as the source spells it.
    public var name: String
    /// Requests, from 0 on.
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
