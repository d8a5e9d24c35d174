extension TraceFormat {
  /// Traces of the splitwise-sim simulator.
  ///
  /// Source: github.com/Mutinifni/splitwise-sim, traces/. An application becomes a tenant; request
  /// ids are checked and not kept, rows being known by their number.
  public static let splitwise = TraceFormat(
    name: "splitwise",
    summary: "splitwise-sim traces, CSV with seconds and token counts of LLM requests.",
    example: """
      request_id,request_type,application_id,arrival_timestamp,batch_size,prompt_size,token_size
      0,2,0,1,1,4096,32
      1,2,0,3.25,1,2048,8
      2,2,1,4.0001,1,2048,16

      """,
    matches: { $0.contains("arrival_timestamp") || $0.contains("prompt_size") },
    open: { lines, options throws(TraceError) in
      try LineTraceReader(lines, SplitwiseScanner(options), options)
    }
  )
}

private enum SplitwiseColumn: String, CaseIterable {
  case requestId = "request_id"
  case requestType = "request_type"
  case applicationId = "application_id"
  case arrivalTimestamp = "arrival_timestamp"
  case batchSize = "batch_size"
  case promptSize = "prompt_size"
  case tokenSize = "token_size"
}

private struct SplitwiseScanner: RecordScanner {
  var format: TraceFormat { .splitwise }

  private var columns = NamedColumns<SplitwiseColumn>()
  private let options: ReadOptions
  private var clock = ArrivalClock()
  private var applications = NameColumn()

  var hasHeader: Bool { true }

  var names: TraceNames {
    var names = TraceNames()
    names.tenants = applications.names
    return names
  }

  init(_ options: ReadOptions) { self.options = options }

  mutating func scanHeader(_ line: Span<UInt8>) throws(Fault) {
    try columns.scanHeader(line, required: SplitwiseColumn.allCases)
  }

  mutating func scan(_ line: Span<UInt8>, into group: inout RowGroup) throws(Fault) {
    var cursor = CSVCursor()
    for column in columns.all {
      let field = try cursor.next(of: line, column.rawValue)
      let range = field.range
      switch column {
      case .requestId: _ = try line.whole(range, column.rawValue, in: 0...Int64.max)
      case .requestType:
        guard line.spells("2", range) else {
          throw Fault(
            at: range.lowerBound,
            "request_type is \(line.quoted(range)); expected 2, an LLM request: take others out"
          )
        }
      case .applicationId:
        _ = try line.whole(range, column.rawValue, in: 0...Int64.max)
        group.tenant.append(try applications.index(line, field))
      case .arrivalTimestamp:
        let time = try line.seconds(range, column.rawValue, options, exponents: true)
        group.arrival.append(try clock.arrival(time, at: range.lowerBound))
      case .batchSize:
        guard line.spells("1", range) else {
          throw Fault(
            at: range.lowerBound,
            "batch_size is \(line.quoted(range)); expected 1: write each request on its own line"
          )
        }
      case .promptSize: group.promptTokens.append(try line.tokens(range, column.rawValue))
      case .tokenSize: group.outputTokens.append(try line.tokens(range, column.rawValue))
      }
    }
    try cursor.finish(line)
  }
}
