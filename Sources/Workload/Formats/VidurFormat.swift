extension TraceFormat {
  /// Traces of the Vidur simulator and its forks.
  ///
  /// Source: github.com/microsoft/vidur, data/processed_traces. Files that hold lengths alone have
  /// no `arrived_at`; `num_total_tokens` and `pd_ratio` follow from the other columns.
  public static let vidur = TraceFormat(
    name: "vidur",
    summary: "Vidur traces, CSV with seconds, prefill and decode tokens.",
    example: """
      arrived_at,num_prefill_tokens,num_decode_tokens,num_total_tokens,pd_ratio
      0.0,4808,10,4818,480.8
      9.8e-05,3180,8,3188,397.5
      4.314579,110,27,137,4.074074074074074

      """,
    matches: { $0.contains("num_prefill_tokens") || $0.contains("num_decode_tokens") },
    open: { lines, options throws(TraceError) in
      try LineTraceReader(lines, VidurScanner(options), options)
    }
  )
}

private enum VidurColumn: String, CaseIterable {
  case arrivedAt = "arrived_at"
  case prefillTokens = "num_prefill_tokens"
  case decodeTokens = "num_decode_tokens"
  case totalTokens = "num_total_tokens"
  case ratio = "pd_ratio"
}

private struct VidurScanner: RecordScanner {
  var format: TraceFormat { .vidur }

  private var columns = NamedColumns<VidurColumn>()
  private let options: ReadOptions
  private let starts: EvenStarts
  private var clock = ArrivalClock()
  private var rows = 0

  let names = TraceNames()
  private(set) var hasStartTimes = true
  var hasHeader: Bool { true }

  init(_ options: ReadOptions) {
    self.options = options
    starts = EvenStarts(options)
  }

  mutating func scanHeader(_ line: Span<UInt8>) throws(Fault) {
    try columns.scanHeader(line, required: [.prefillTokens, .decodeTokens])
    hasStartTimes = columns.contains(.arrivedAt)
  }

  mutating func scan(_ line: Span<UInt8>, into group: inout RowGroup) throws(Fault) {
    var cursor = CSVCursor()
    var (prompt, output): (Int32, Int32) = (0, 0)
    var total: (tokens: Int64, position: Int)?
    var ratio: Range<Int>?
    for column in columns.all {
      let field = try cursor.next(of: line, column.rawValue).range
      switch column {
      case .arrivedAt:
        let time = try line.seconds(field, column.rawValue, options, exponents: true)
        group.arrival.append(try clock.arrival(time, at: field.lowerBound))
      case .prefillTokens: prompt = try line.tokens(field, column.rawValue)
      case .decodeTokens: output = try line.tokens(field, column.rawValue)
      case .totalTokens:
        let tokens = try line.whole(field, column.rawValue, in: 2...2 * Int64(Int32.max))
        total = (tokens, field.lowerBound)
      case .ratio: ratio = field
      }
    }
    try cursor.finish(line)
    if let total, total.tokens != Int64(prompt) + Int64(output) {
      throw Fault(
        at: total.position,
        "num_total_tokens is \(total.tokens); prefill and decode tokens sum to "
          + "\(Int64(prompt) + Int64(output))"
      )
    }
    if let ratio { try expect(ratio, line, prompt, output) }
    if !hasStartTimes { group.arrival.append(try starts.start(of: rows, at: 0)) }
    group.promptTokens.append(prompt)
    group.outputTokens.append(output)
    rows += 1
  }

  /// Checks the ratio of prefill to decode tokens to nine decimals.
  private func expect(
    _ range: Range<Int>,
    _ line: Span<UInt8>,
    _ prompt: Int32,
    _ output: Int32
  ) throws(Fault) {
    let read = ScaledDecimal(line, range, places: 9, exponents: true)?.rounded
    if let read {
      let difference = Int128(read) * Int128(output) - Int128(prompt) * 1_000_000_000
      if difference.magnitude <= Int128(output).magnitude { return }
    }
    throw Fault(
      at: range.lowerBound,
      "pd_ratio is \(line.quoted(range)); expected \(prompt) / \(output) to nine decimals"
    )
  }
}
