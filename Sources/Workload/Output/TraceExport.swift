/// What a text format may be unable to hold of a trace, and its writer may be told to leave out.
public enum ExportItem: String, CaseIterable, Sendable {
  /// The rows' numbers; left out, rows are numbered anew by their lines.
  case record
  case maxOutputTokens = "max_output_tokens"
  /// Left out, sessions are numbered anew in the order of their first rows.
  case sessionNumbers = "session_numbers"
  case session
  case turn
  case parents
  case requestClass = "class"
  case tenant
  case priority
  case model
  case adapter
  case ttftSLO = "ttft_slo_seconds"
  case tpotSLO = "tpot_slo_seconds"
  case deadline = "deadline_seconds"
  case reasoningTokens = "reasoning_tokens"
  case gapKind = "gap_kind"
  case tool
  /// Left out, the trie's nodes are cut and numbered anew; what prompts share stays.
  case prefixNumbers = "prefix_numbers"
  case prefix

  /// The column whose values go with it; nil for numbers alone.
  var column: TraceColumn? {
    switch self {
    case .record, .sessionNumbers, .prefixNumbers: nil
    case .prefix: .prefixNode
    default: TraceColumn(rawValue: rawValue)
    }
  }
}

/// What would be lost of a trace in a text format.
public struct ExportLoss: Error, Equatable, Sendable, CustomStringConvertible {
  public struct Item: Equatable, Sendable {
    public var item: ExportItem
    /// Why, or nil where the format has no place for it.
    public var reason: String?
  }

  public var file: String
  public var format: String
  /// In the order of `ExportItem`.
  public var items: [Item]

  public var description: String {
    let list = items.map { item in
      item.item.rawValue + (item.reason.map { " (\($0))" } ?? "")
    }
    return "\(file): the format \(format) cannot hold \(list.joined(separator: ", "))"
  }
}

/// Writes traces in text formats so that reading them back gives the same content, by
/// `ContentDigest`.
public enum TraceExport: String, CaseIterable, Sendable {
  case csv
  case mooncake

  /// Writes to a file to which nothing has been written, and completes it.
  ///
  /// - Parameters:
  ///   - trace: Read twice.
  ///   - dropping: What is left out on purpose.
  ///   - file: The file to write.
  /// - Returns: The number of rows.
  /// - Throws: `ExportLoss` for what the format cannot hold and is not dropped; `TraceError` from
  ///   the trace; `TraceWriteError` where the file cannot be written or the format has no words
  ///   for such a trace at all. The file is then never complete.
  @discardableResult
  public func write(
    _ trace: some Trace,
    dropping: Set<ExportItem> = [],
    to file: TextFileWriter
  ) throws -> Int {
    let census = try TraceCensus(reading: trace)
    switch self {
    case .csv:
      var losses = ExportLosses(dropping)
      if !census.isNumberedByPosition {
        losses.note(.record, "rows are numbered by their lines, in the order of arrival")
      }
      if census.holds(.prefixNode) { losses.note(.prefix) }
      if dropping.contains(.session), census.holds(.parents) {
        losses.note(.parents, "only a row of a session can have some")
      }
      try losses.expectNone(file.path, rawValue)
      return try CSVTraceWriter.write(
        trace,
        census,
        dropping: Set(dropping.compactMap(\.column)),
        to: file
      )
    case .mooncake:
      return try MooncakeTraceWriter.write(trace, census, dropping: dropping, to: file)
    }
  }
}

/// Collects what would be lost.
struct ExportLosses {
  let dropped: Set<ExportItem>
  private var reasons: [ExportItem: String?] = [:]

  init(_ dropped: Set<ExportItem>) { self.dropped = dropped }

  /// Notes a loss, which is none where it is on purpose; the first reason stands.
  mutating func note(_ item: ExportItem, _ reason: @autoclosure () -> String? = nil) {
    if dropped.contains(item) || reasons[item] != nil { return }
    reasons[item] = .some(reason())
  }

  func expectNone(_ file: String, _ format: String) throws(ExportLoss) {
    let items = ExportItem.allCases.compactMap { item in
      reasons[item].map { ExportLoss.Item(item: item, reason: $0) }
    }
    if !items.isEmpty { throw ExportLoss(file: file, format: format, items: items) }
  }
}
