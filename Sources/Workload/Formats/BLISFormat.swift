extension TraceFormat {
  /// Traces, version 2, of the BLIS simulator.
  ///
  /// Source: github.com/inference-sim/inference-sim. A file is CSV with microseconds; its YAML header is
  /// a file beside it, or the lines in front.
  public static let blis = TraceFormat(
    name: "blis",
    summary:
      "BLIS (inference-sim) traces, version 2: CSV with microseconds, SLO classes, sessions.",
    example: """
      trace_version: 2
      time_unit: microseconds
      request_id,client_id,tenant_id,slo_class,session_id,round_index,prefix_group,prefix_length,\
      input_tokens,output_tokens,reason_ratio,model,deadline_us,arrival_time_us,\
      last_chunk_time_us,status,vllm_priority,slo_target_us,adapter,think_time_us
      0,c0,gold,standard,s1,0,sys,576,700,90,0.25,m,90000000,1000,950000,ok,1,250000,,0
      1,c1,free,batch,,0,sys,576,600,20,0,m,0,2500,990000,ok,0,0,lora,0
      2,c0,gold,standard,s1,1,sys,576,900,10,0,m,0,1950000,2900000,ok,1,250000,,1000000

      """,
    matches: { line in
      !line.contains("{")
        && (line.hasPrefix("trace_version:") || line.hasPrefix("time_unit:")
          || line.contains("arrival_time_us"))
    },
    open: { lines, options throws(TraceError) in
      try BLISHeader.check(besides: lines.file)
      return try LineTraceReader(lines, BLISScanner(options), options)
    }
  )
}

struct BLISScanner: RecordScanner {
  var format: TraceFormat { .blis }
  var order: LineOrder { .unsorted }
  var failures: FailureCount? { failed.count }

  static let blockTokens: Int32 = 16

  private let options: ReadOptions
  /// The columns, once their line has come.
  private var columns: NamedColumns<BLISColumn>?
  private var failed: FailureRule
  private var classes = NameColumn()
  private var tenants = NameColumn()
  private var models = NameColumn()
  private var adapters = NameColumn()
  private var sessions = BLISSessions()
  private var prefixes = BLISPrefixes()
  private var origin = SortedOrigin()
  private var rows: Int64 = 0

  init(_ options: ReadOptions) {
    self.options = options
    failed = FailureRule(options)
  }

  var names: TraceNames {
    var names = TraceNames()
    names.classes = classes.names
    names.tenants = tenants.names
    names.models = models.names
    names.adapters = adapters.names
    names.blockTokens = prefixes.isEmpty ? 0 : Int(Self.blockTokens)
    return names
  }

  mutating func scan(_ line: Span<UInt8>, into group: inout RowGroup) throws(Fault) {
    guard let columns else {
      if try BLISHeader.entry(line) != nil { return }
      var found = NamedColumns<BLISColumn>()
      try found.scanHeader(line, required: BLISColumn.required)
      columns = found
      return
    }
    let fields = try BLISFields(line, columns, options)
    if let problem = fields.failure(line) {
      guard try failed.keeps(at: fields.statusPosition, problem) else {
        try sessions.drop(fields, line)
        return
      }
    }
    try appendNames(fields, line, to: &group)
    if columns.contains(.prefixGroup) { try prefixes.append(fields, line, to: &group) }
    if columns.contains(.sessionId) {
      try sessions.append(
        fields,
        record: rows,
        line,
        hasThinkTimes: columns.contains(.thinkTime),
        to: &group
      )
    }
    group.arrival.append(fields.arrival)
    group.promptTokens.append(fields.promptTokens)
    group.outputTokens.append(fields.outputTokens)
    if columns.contains(.reasonRatio) { group.reasoningTokens.append(fields.reasoningTokens) }
    if columns.contains(.deadline) { group.deadline.append(fields.deadline) }
    // vLLM takes the smallest first.
    if columns.contains(.priority) { group.priority.append(-fields.priority) }
    if columns.contains(.sloTarget) { group.ttftSLO.append(fields.sloTarget) }
    rows += 1
  }

  mutating func scanEnd(into group: inout RowGroup) throws(Fault) {
    if columns == nil {
      throw Fault(at: 0, "is a header without columns; name the CSV file of the trace")
    }
  }

  private mutating func appendNames(
    _ fields: BLISFields,
    _ line: Span<UInt8>,
    to group: inout RowGroup
  ) throws(Fault) {
    if let field = fields.sloClass { group.requestClass.append(try classes.index(line, field)) }
    if let field = fields.tenant { group.tenant.append(try tenants.index(line, field)) }
    if let field = fields.model { group.model.append(try models.index(line, field)) }
    if let field = fields.adapter { group.adapter.append(try adapters.index(line, field)) }
  }

  mutating func finish(_ group: inout RowGroup) {
    _ = origin.rebase(&group)
    prefixes.finish(&group)
  }
}
