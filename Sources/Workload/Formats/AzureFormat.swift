extension TraceFormat {
  /// Azure LLM inference traces of 2023 and 2024.
  ///
  /// Source: github.com/Azure/AzurePublicDataset. The files differ in time stamps and line ends.
  public static let azure = TraceFormat(
    name: "azure",
    summary: "Azure LLM inference traces, CSV with wall-clock stamps and token counts.",
    example: """
      TIMESTAMP,ContextTokens,GeneratedTokens
      2023-11-16 18:17:03.9799600,4808,10
      2023-11-16 18:17:04.0319600,3180,8
      "2023-11-17T00:00:00Z","110",27
      2023-11-17 01:00:01.001163+01:00,7433,14

      """,
    matches: { $0.contains("TIMESTAMP,") || $0.contains("ContextTokens") },
    open: { lines, options throws(TraceError) in
      try LineTraceReader(lines, AzureScanner(options), options)
    }
  )
}

private struct AzureScanner: RecordScanner {
  var format: TraceFormat { .azure }
  var hasHeader: Bool { true }
  private static let columns = ["TIMESTAMP", "ContextTokens", "GeneratedTokens"]

  let names = TraceNames()
  private(set) var epoch: String?
  private var clock = ArrivalClock()
  private let options: ReadOptions

  init(_ options: ReadOptions) { self.options = options }

  mutating func scanHeader(_ line: Span<UInt8>) throws(Fault) {
    var cursor = CSVCursor()
    for column in Self.columns {
      let field = try cursor.next(of: line, column)
      guard line.text(field) == column else {
        throw Fault(
          at: field.range.lowerBound,
          "column is \(line.quoted(field.range)); expected \(column), the header being "
            + Self.columns.joined(separator: ",")
        )
      }
    }
    try cursor.finish(line)
  }

  mutating func scan(_ line: Span<UInt8>, into group: inout RowGroup) throws(Fault) {
    var cursor = CSVCursor()
    let stamp = try cursor.next(of: line, "TIMESTAMP").range
    let prompt = try cursor.next(of: line, "ContextTokens").range
    let output = try cursor.next(of: line, "GeneratedTokens").range
    try cursor.finish(line)
    let time = try line.civilTime(stamp, "TIMESTAMP", options)
    let promptTokens = try line.tokens(prompt, "ContextTokens")
    let outputTokens = try line.tokens(output, "GeneratedTokens")
    if clock.first == nil { epoch = line.text(CSVField(range: stamp)) }
    group.arrival.append(try clock.arrival(time, at: stamp.lowerBound))
    group.promptTokens.append(promptTokens)
    group.outputTokens.append(outputTokens)
  }
}
