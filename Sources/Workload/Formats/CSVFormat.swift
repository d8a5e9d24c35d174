extension TraceFormat {
  /// This project's own columns, which any tool can write.
  public static let csv = TraceFormat(
    name: "csv",
    summary: "This project's CSV: arrival_seconds, prompt_tokens, output_tokens and more columns.",
    example: """
      arrival_seconds,prompt_tokens,output_tokens,class,deadline_seconds,session,turn,gap_kind,\
      delay_seconds,parents
      0.5,812,96,chat,30,0,0,,,
      0.500000001,1300,7,"code, ""inline""\",,,,,,
      62.25,940,120,chat,90.125,0,1,human,58.5,
      62.25,415,30,agent,,0,2,tool,,2:0.25:dispatch
      64,1480,64,chat,,0,3,tool,,2;3:0.5

      """,
    matches: { line in
      CSVColumn.required.contains { line.contains($0.rawValue) } && !line.contains("{")
        && !TraceFormat.blis.matches(line)
    },
    open: { lines, options throws(TraceError) in
      try LineTraceReader(lines, CSVScanner(options), options)
    }
  )
}

struct CSVScanner: RecordScanner {
  var format: TraceFormat { .csv }
  var hasHeader: Bool { true }

  private var columns = NamedColumns<CSVColumn>()
  private var clock = ArrivalClock()
  private var classes = NameColumn()
  private var tenants = NameColumn()
  private var models = NameColumn()
  private var adapters = NameColumn()
  private var tools = NameColumn()
  /// Where the file has edges; then its last line can be the parent of its first.
  private var hasEdges = false
  private var edges: CSVEdges
  private let options: ReadOptions

  init(_ options: ReadOptions = ReadOptions()) {
    self.options = options
    edges = CSVEdges(options)
  }

  var order: LineOrder { hasEdges ? .linked : .arrivals }

  var names: TraceNames {
    var names = TraceNames()
    names.classes = classes.names
    names.tenants = tenants.names
    names.models = models.names
    names.adapters = adapters.names
    names.tools = tools.names
    return names
  }

  mutating func scanHeader(_ line: Span<UInt8>) throws(Fault) {
    try columns.scanHeader(line, required: CSVColumn.required)
    for (column, needed) in CSVColumn.needs
    where columns.contains(column) && !columns.contains(needed) {
      throw Fault(
        at: line.count,
        "column \(needed.rawValue) is missing; \(column.rawValue) needs it"
      )
    }
    hasEdges = columns.contains(.parents) || columns.contains(.delay)
  }

  mutating func scan(_ line: Span<UInt8>, into group: inout RowGroup) throws(Fault) {
    var cursor = CSVCursor()
    var row = CSVRow(options)
    for column in columns.all {
      let field = try cursor.next(of: line, column.rawValue)
      switch column {
      case .arrivalSeconds, .promptTokens, .outputTokens, .deadline, .reasoningTokens:
        try row.take(column, field.range, line)
      case .requestClass: group.requestClass.append(try classes.index(line, field))
      case .tenant: group.tenant.append(try tenants.index(line, field))
      case .model: group.model.append(try models.index(line, field))
      case .adapter: group.adapter.append(try adapters.index(line, field))
      case .tool: group.tool.append(try tools.index(line, field))
      case .parents: try edges.takeParents(field.range, line)
      case .delay: try edges.takeDelay(field.range, line)
      default: try append(column, field.range, line, &group)
      }
    }
    try cursor.finish(line)
    try row.append(to: &group, &clock)
    if hasEdges { try edges.endRow(session: group.session.last ?? -1, in: &group) }
  }

  mutating func link(
    _ group: inout RowGroup,
    elsewhere: (Int64) -> Int32?
  ) throws(RecordFault) {
    try edges.link(&group, elsewhere: elsewhere)
  }

  /// Appends a value that depends on no other column.
  private func append(
    _ column: CSVColumn,
    _ range: Range<Int>,
    _ line: Span<UInt8>,
    _ group: inout RowGroup
  ) throws(Fault) {
    var name: String { column.rawValue }
    switch column {
    case .maxOutputTokens: group.maxOutputTokens.append(try line.count(range, name, empty: 0))
    case .session: group.session.append(try line.count(range, name, empty: -1))
    case .turn: group.turn.append(try line.count(range, name, empty: 0))
    case .priority:
      let bounds = Int64(Int32.min)...Int64(Int32.max)
      group.priority.append(range.isEmpty ? 0 : Int32(try line.whole(range, name, in: bounds)))
    case .ttftSLO: group.ttftSLO.append(range.isEmpty ? 0 : try line.seconds(range, name, options))
    case .tpotSLO: group.tpotSLO.append(range.isEmpty ? 0 : try line.seconds(range, name, options))
    case .gapKind:
      guard
        let index = GapKind.csvNames.firstIndex(of: line.text(CSVField(range: range)) ?? "?"),
        let kind = GapKind(rawValue: UInt8(index))
      else {
        guard range.isEmpty else {
          throw Fault(
            at: range.lowerBound,
            "\(name) is \(line.quoted(range)); expected "
              + GapKind.csvNames.joined(separator: ", ") + " or nothing"
          )
        }
        group.gapKind.append(.none)
        return
      }
      group.gapKind.append(kind)
    default: break
    }
  }
}

extension Span<UInt8> {
  /// Reads a token count that a request cannot do without, at least 1.
  func tokens(
    _ range: Range<Int>,
    _ name: @autoclosure () -> String
  ) throws(Fault) -> Int32 {
    Int32(try whole(range, name(), in: 1...Int64(Int32.max)))
  }

  /// Reads a count from 0 on; an empty field stands for `empty`.
  func count(
    _ range: Range<Int>,
    _ name: @autoclosure () -> String,
    empty: Int32
  ) throws(Fault) -> Int32 {
    range.isEmpty ? empty : Int32(try whole(range, name(), in: 0...Int64(Int32.max)))
  }
}
