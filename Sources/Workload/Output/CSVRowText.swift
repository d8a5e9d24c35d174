/// Spells rows of a trace as lines of a CSV table.
struct CSVRowText {
  let columns: [TraceColumn]
  /// Finds the positions of parents, where a row is called by its position instead of its record.
  let parents: ParentTable?
  private var names = QuotedNames()

  init(_ columns: [TraceColumn], parents: ParentTable? = nil) {
    self.columns = columns
    self.parents = parents
  }

  var header: [UInt8] { Array((columns.map(\.rawValue).joined(separator: ",") + "\n").utf8) }

  /// Takes the names that a trace has met.
  mutating func use(_ names: TraceNames) { self.names.extend(by: names) }

  /// Appends a row as a line. A column that its group lacks is left empty.
  func append(
    _ row: Int,
    of group: borrowing RowGroup,
    position: Int,
    to text: inout [UInt8]
  ) {
    for (index, column) in columns.enumerated() {
      if index > 0 { text.append(UInt8(ascii: ",")) }
      guard column.isPresent(in: group) else { continue }
      switch column {
      case .record: text.append(decimal: group.record[row])
      case .arrivalSeconds: text.append(seconds: group.arrival[row])
      case .promptTokens: text.append(decimal: Int64(group.promptTokens[row]))
      case .outputTokens: text.append(decimal: Int64(group.outputTokens[row]))
      case .maxOutputTokens: text.append(decimal: Int64(group.maxOutputTokens[row]))
      case .session:
        if group.session[row] >= 0 { text.append(decimal: Int64(group.session[row])) }
      case .turn: text.append(decimal: Int64(group.turn[row]))
      case .parents: appendParents(row, of: group, position: position, to: &text)
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
      case .prefixNode:
        if group.prefixNode[row] >= 0 { text.append(decimal: Int64(group.prefixNode[row])) }
      case .prefixBlocks:
        if group.prefixBlocks[row] > 0 { text.append(decimal: Int64(group.prefixBlocks[row])) }
      }
    }
    text.append(UInt8(ascii: "\n"))
  }

  private func appendParents(
    _ row: Int,
    of group: borrowing RowGroup,
    position: Int,
    to text: inout [UInt8]
  ) {
    let edges = Int(group.edgeStart[row])..<Int(group.edgeStart[row + 1])
    for index in edges {
      let edge = group.edges[index]
      if index > edges.lowerBound { text.append(UInt8(ascii: ";")) }
      let parent = parents.map { $0.parent[Int($0.edgeStart[position]) + index - edges.lowerBound] }
      text.append(decimal: parent.map(Int64.init) ?? edge.parentRecord)
      if edge.delay == 0, edge.trigger == .completion { continue }
      text.append(UInt8(ascii: ":"))
      text.append(seconds: edge.delay)
      if edge.trigger == .dispatch { text.append(contentsOf: ":dispatch".utf8) }
    }
  }
}

/// The names of a trace as CSV cells.
private struct QuotedNames {
  private(set) var classes: [[UInt8]] = []
  private(set) var tenants: [[UInt8]] = []
  private(set) var models: [[UInt8]] = []
  private(set) var adapters: [[UInt8]] = []
  private(set) var tools: [[UInt8]] = []

  mutating func extend(by names: TraceNames) {
    Self.extend(&classes, names.classes)
    Self.extend(&tenants, names.tenants)
    Self.extend(&models, names.models)
    Self.extend(&adapters, names.adapters)
    Self.extend(&tools, names.tools)
  }

  private static func extend(_ cells: inout [[UInt8]], _ names: [String]) {
    cells.append(contentsOf: names.dropFirst(cells.count).map(CSVCell.bytes))
  }
}
