public import Workload

extension TraceProfile {
  /// The profile as one JSON object: times in seconds, lengths in tokens, null for what the trace
  /// does not have.
  ///
  /// - Parameter bytes: The size of the trace's file; nil where it has none.
  /// - Returns: The object.
  public func json(bytes: Int64?) -> JSONValue {
    let bytesPerRow = rows > 0 ? bytes.map { Double($0) / Double(rows) } : nil
    return .object([
      ("name", .string(name)),
      ("rows", .integer(rows)),
      ("digest", .hex(digest)),
      ("epoch", epoch.map { .string($0) } ?? .null),
      ("bytes", bytes.map { .integer($0) } ?? .null),
      ("bytesPerRow", .optional(bytesPerRow)),
      ("arrivals", arrivals.json),
      ("promptTokens", promptTokens.json),
      ("outputTokens", outputTokens.json),
      ("sessions", sessions?.json ?? .null),
      ("prefixes", prefixes?.json ?? .null),
      ("columns", .object(columns.map { ($0.column.rawValue, .integer($0.rows)) })),
      ("classes", Self.json(classes)),
      ("tenants", Self.json(tenants)),
      ("models", Self.json(models)),
      ("adapters", Self.json(adapters)),
      ("tools", Self.json(tools)),
      ("provenance", provenance?.json ?? .null),
    ])
  }

  private static func json(_ names: [NameCount]) -> JSONValue {
    .array(
      names.map { .object([("name", .string($0.name)), ("rows", .integer($0.rows))]) }
    )
  }
}

extension ArrivalProfile {
  fileprivate var json: JSONValue {
    .object([
      ("spanSeconds", .seconds(span)),
      ("perSecond", .optional(perSecond)),
      ("minuteMean", .optional(minuteMean)),
      ("minutePeak", minutePeak.map { .integer($0) } ?? .null),
      ("minutePeakOverMean", .optional(minutePeakOverMean)),
      ("interArrivalCV", .optional(interArrivalCV)),
      ("dispersionAt1s", .number(dispersion)),
    ])
  }
}

extension Distribution {
  fileprivate var json: JSONValue {
    .object([
      ("count", .integer(count)),
      ("mean", .number(mean)),
      ("p50", .number(p50)),
      ("p90", .number(p90)),
      ("p99", .number(p99)),
      ("max", .integer(max)),
    ])
  }

  /// The same of nanoseconds, in seconds.
  fileprivate var secondsJSON: JSONValue {
    .object([
      ("count", .integer(count)),
      ("mean", .number(mean / 1e9)),
      ("p50", .number(p50 / 1e9)),
      ("p90", .number(p90 / 1e9)),
      ("p99", .number(p99 / 1e9)),
      ("max", .seconds(max)),
    ])
  }
}

extension SessionProfile {
  fileprivate var json: JSONValue {
    .object([
      ("sessions", .integer(sessions)),
      ("rowsOfNone", .integer(loneRows)),
      ("turns", turns.json),
      ("gapSeconds", gaps?.secondsJSON ?? .null),
      ("toolGaps", .integer(toolGaps)),
      ("humanGaps", .integer(humanGaps)),
      ("edges", .integer(edges)),
      ("dispatchEdges", .integer(dispatchEdges)),
      ("mostParents", .integer(Int64(mostParents))),
      ("delaySeconds", delays?.secondsJSON ?? .null),
    ])
  }
}

extension PrefixProfile {
  fileprivate var json: JSONValue {
    .object([
      ("blockTokens", .integer(Int64(blockTokens))),
      ("rows", .integer(rows)),
      ("nodes", .integer(nodes)),
      ("blocks", .integer(blocks)),
      ("distinctBlocks", .integer(distinctBlocks)),
      ("hitBlocks", .integer(hitBlocks)),
      ("hitBlockShare", .number(hitBlockShare)),
      ("hitTokens", .integer(hitTokens)),
      ("hitTokenShare", .number(hitTokenShare)),
      ("hitRows", .integer(hitRows)),
    ])
  }
}

extension TraceProvenance {
  fileprivate var json: JSONValue {
    .object([
      ("source", .string(source)),
      ("format", .string(format)),
      ("licence", .string(licence)),
      ("epoch", .string(epoch)),
      ("timeZone", .string(timeZone)),
      ("note", .string(note)),
    ])
  }
}
