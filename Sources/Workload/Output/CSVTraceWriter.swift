/// Writes a trace as this project's CSV, the format that `TraceFormat.csv` reads.
///
/// The columns are those that the first row group has. Rows are numbered anew by their lines. A trace
/// with edges is held in memory, because a row's parent may stand behind it.
public struct CSVTraceWriter: Sendable {
  public enum Compression: Equatable, Sendable {
    case none
    /// One zstd frame of the given level, 1 to 22; decompression is as fast at any level.
    case zstd(level: Int32)

    /// For traces that are kept: slow to write, small.
    public static let archive = Compression.zstd(level: 19)
  }

  public let path: String
  public let compression: Compression

  public init(path: String, compression: Compression = .archive) {
    self.path = path
    self.compression = compression
  }

  /// Writes beside the path, then renames, so that a failure leaves nothing under the final name.
  ///
  /// - Returns: The number of rows.
  /// - Throws: `TraceError` from the trace; `TraceWriteError` where the file cannot be written or
  ///   the trace has what the format cannot hold: prefixes, or names with line breaks.
  @discardableResult
  public func write(_ trace: some Trace) throws -> Int {
    try Self.write(trace, to: TextFileWriter(path: path, compression: compression))
  }

  /// Writes to a file to which nothing has been written, and completes it.
  ///
  /// - Returns: The number of rows.
  /// - Throws: As the other `write` does; the file is then never complete.
  @discardableResult
  public static func write(_ trace: some Trace, to file: TextFileWriter) throws -> Int {
    let reader = try trace.makeReader()
    var text: [UInt8] = []
    var columns: [CSVColumn] = []
    var rows = 0
    var groups = try LinkedGroups(reader, of: trace.name)
    while let group = try groups.next() {
      let present = CSVColumn.allCases.filter { $0.isPresent(in: group) }
      if rows == 0 {
        columns = present
        text.append(contentsOf: columns.map(\.rawValue).joined(separator: ",").utf8)
        text.append(UInt8(ascii: "\n"))
      }
      guard present == columns, group.prefixNode.isEmpty else {
        throw TraceWriteError(
          file: file.path,
          problem: "CSV traces hold the same columns in every row, and no prefixes"
        )
      }
      let names = try quotedNames(reader.names, file.path)
      for row in 0..<group.count {
        append(row, of: group, columns, names, groups.parents, position: rows + row, to: &text)
      }
      rows += group.count
      try file.append(text)
      text.removeAll(keepingCapacity: true)
    }
    try file.complete()
    return rows
  }

  private static func quotedNames(
    _ names: TraceNames,
    _ path: String
  ) throws(TraceWriteError) -> QuotedNames {
    let all = names.classes + names.tenants + names.models + names.adapters + names.tools
    if all.contains(where: { $0.utf8.contains { $0 == 10 || $0 == 13 } }) {
      throw TraceWriteError(file: path, problem: "a name holds a line break; rename it")
    }
    return QuotedNames(names)
  }

  private static func append(
    _ row: Int,
    of group: borrowing RowGroup,
    _ columns: [CSVColumn],
    _ names: QuotedNames,
    _ parents: ParentTable?,
    position: Int,
    to text: inout [UInt8]
  ) {
    for (index, column) in columns.enumerated() {
      if index > 0 { text.append(UInt8(ascii: ",")) }
      switch column {
      case .arrivalSeconds: text.append(seconds: group.arrival[row])
      case .promptTokens: text.append(decimal: Int64(group.promptTokens[row]))
      case .outputTokens: text.append(decimal: Int64(group.outputTokens[row]))
      case .maxOutputTokens: text.append(decimal: Int64(group.maxOutputTokens[row]))
      case .session:
        if group.session[row] >= 0 { text.append(decimal: Int64(group.session[row])) }
      case .turn: text.append(decimal: Int64(group.turn[row]))
      case .parents: parents?.spell(position, row, of: group, to: &text)
      case .delay: break
      case .requestClass: text.append(contentsOf: names.classes[Int(group.requestClass[row])])
      case .tenant: text.append(contentsOf: names.tenants[Int(group.tenant[row])])
      case .priority: text.append(decimal: Int64(group.priority[row]))
      case .model: text.append(contentsOf: names.models[Int(group.model[row])])
      case .adapter: text.append(contentsOf: names.adapters[Int(group.adapter[row])])
      case .ttftSLO: text.append(seconds: group.ttftSLO[row])
      case .tpotSLO: text.append(seconds: group.tpotSLO[row])
      case .deadline:
        if group.deadline[row] != .never { text.append(seconds: group.deadline[row]) }
      case .reasoningTokens: text.append(decimal: Int64(group.reasoningTokens[row]))
      case .gapKind:
        let kind = Int(group.gapKind[row].rawValue)
        text.append(contentsOf: GapKind.csvNames[kind].utf8)
      case .tool: text.append(contentsOf: names.tools[Int(group.tool[row])])
      }
    }
    text.append(UInt8(ascii: "\n"))
  }
}

/// The groups of a trace, read ahead to the end where rows have parents, for those may stand behind.
private struct LinkedGroups {
  /// nil in a trace without edges.
  let parents: ParentTable?
  private let reader: any TraceReader
  private var held: [RowGroup] = []
  private var position = 0

  init(_ reader: any TraceReader, of name: String) throws(TraceError) {
    self.reader = reader
    guard let first = try reader.next() else {
      parents = nil
      return
    }
    held.append(first)
    let hasEdges = CSVColumn.parents.isPresent(in: first)
    while hasEdges, let group = try reader.next() { held.append(group) }
    parents = hasEdges ? try ParentTable(held, of: name) : nil
  }

  mutating func next() throws(TraceError) -> RowGroup? {
    guard position < held.count else { return try reader.next() }
    defer { position += 1 }
    return held[position]
  }
}

extension ParentTable {
  /// Spells the parents of a row; the positions of the trace are the records of the written file.
  fileprivate func spell(
    _ position: Int,
    _ row: Int,
    of group: borrowing RowGroup,
    to text: inout [UInt8]
  ) {
    guard !parent.isEmpty else { return }
    let edges = group.edges[Int(group.edgeStart[row])..<Int(group.edgeStart[row + 1])]
    for (edge, parent) in zip(edges, parent[Int(edgeStart[position])...]) {
      if text.last != UInt8(ascii: ",") { text.append(UInt8(ascii: ";")) }
      text.append(decimal: Int64(parent))
      if edge.delay == 0, edge.trigger == .completion { continue }
      text.append(UInt8(ascii: ":"))
      text.append(seconds: edge.delay)
      if edge.trigger == .dispatch { text.append(contentsOf: ":dispatch".utf8) }
    }
  }
}

/// The names of a trace as CSV fields.
private struct QuotedNames {
  let classes, tenants, models, adapters, tools: [[UInt8]]

  init(_ names: TraceNames) {
    classes = names.classes.map(CSVCell.bytes)
    tenants = names.tenants.map(CSVCell.bytes)
    models = names.models.map(CSVCell.bytes)
    adapters = names.adapters.map(CSVCell.bytes)
    tools = names.tools.map(CSVCell.bytes)
  }
}
