/// The columns of a row group in a trace file, by their ids there.
enum ArchiveColumn: UInt16, CaseIterable {
  case record = 1
  case arrival, promptTokens, outputTokens, maxOutputTokens, session, turn, requestClass, tenant
  case priority, model, adapter, ttftSLO, tpotSLO, deadline, reasoningTokens, gapKind, tool
  case prefixNode, prefixBlocks, edgeCount
  case edgeParent = 32
  case edgeDelay, edgeTrigger
  case nodeID = 40
  case nodeParent, nodeOffset, nodeBlocks
  case classNames = 48
  case tenantNames, modelNames, adapterNames, toolNames

  /// What a column has one value of.
  enum Domain: UInt8 { case rows, edges, nodes, names }

  /// What values are; those of a column of names are texts.
  enum ValueType: UInt8 { case uint8, uint16, int32, int64, text }

  enum Encoding: UInt8 { case planes, deltaPlanes, text }

  enum Unit: UInt8 { case none, nanoseconds, tokens, blocks }

  /// What errors and `traces/FORMAT.md` call it.
  var name: String {
    switch self {
    case .record: "record"
    case .arrival: "arrival"
    case .promptTokens: "prompt_tokens"
    case .outputTokens: "output_tokens"
    case .maxOutputTokens: "max_output_tokens"
    case .session: "session"
    case .turn: "turn"
    case .requestClass: "class"
    case .tenant: "tenant"
    case .priority: "priority"
    case .model: "model"
    case .adapter: "adapter"
    case .ttftSLO: "ttft_slo"
    case .tpotSLO: "tpot_slo"
    case .deadline: "deadline"
    case .reasoningTokens: "reasoning_tokens"
    case .gapKind: "gap_kind"
    case .tool: "tool"
    case .prefixNode: "prefix_node"
    case .prefixBlocks: "prefix_blocks"
    case .edgeCount: "edge_count"
    case .edgeParent: "edge_parent"
    case .edgeDelay: "edge_delay"
    case .edgeTrigger: "edge_trigger"
    case .nodeID: "node_id"
    case .nodeParent: "node_parent"
    case .nodeOffset: "node_offset"
    case .nodeBlocks: "node_blocks"
    case .classNames: "class_names"
    case .tenantNames: "tenant_names"
    case .modelNames: "model_names"
    case .adapterNames: "adapter_names"
    case .toolNames: "tool_names"
    }
  }

  var domain: Domain {
    switch rawValue {
    case Self.classNames.rawValue...: .names
    case Self.nodeID.rawValue...: .nodes
    case Self.edgeParent.rawValue...: .edges
    default: .rows
    }
  }

  var type: ValueType {
    switch self {
    case .record, .arrival, .ttftSLO, .tpotSLO, .deadline, .edgeParent, .edgeDelay: .int64
    case .promptTokens, .outputTokens, .maxOutputTokens, .session, .turn, .priority,
      .reasoningTokens, .prefixNode, .prefixBlocks, .edgeCount, .nodeID, .nodeParent, .nodeOffset,
      .nodeBlocks:
      .int32
    case .requestClass, .tenant, .model, .adapter, .tool: .uint16
    case .gapKind, .edgeTrigger: .uint8
    case .classNames, .tenantNames, .modelNames, .adapterNames, .toolNames: .text
    }
  }

  var unit: Unit {
    switch self {
    case .arrival, .ttftSLO, .tpotSLO, .deadline, .edgeDelay: .nanoseconds
    case .promptTokens, .outputTokens, .maxOutputTokens, .reasoningTokens: .tokens
    case .prefixBlocks, .nodeOffset, .nodeBlocks: .blocks
    default: .none
    }
  }

  /// Whether a reader that does not know the column would misread the trace.
  var isRequired: Bool {
    switch self {
    case .record, .arrival, .promptTokens, .outputTokens, .session, .prefixNode, .prefixBlocks,
      .edgeCount:
      true
    default: domain == .edges || domain == .nodes
    }
  }

  /// Columns that every group has.
  static let always: [ArchiveColumn] = [.record, .arrival, .promptTokens, .outputTokens]
}

/// An entry of a row group's column directory.
struct ColumnEntry: Equatable {
  static let bytes = 40

  var id: UInt16
  var domain: UInt8
  var type: UInt8
  var encoding: UInt8
  var unit: UInt8
  /// Bit 0: a reader that does not know the column must refuse the trace.
  var flags: UInt8
  /// Bytes of a packed value, 0 to 8.
  var width: UInt8
  /// What the first value of delta planes is added to.
  var first: Int64 = 0
  var base: Int64 = 0
  var scale: UInt64 = 0
  /// Bytes of the column's data.
  var dataBytes: UInt64 = 0

  init(_ column: ArchiveColumn, _ encoding: ArchiveColumn.Encoding, width: UInt8 = 0) {
    id = column.rawValue
    domain = column.domain.rawValue
    type = column.type.rawValue
    self.encoding = encoding.rawValue
    unit = column.unit.rawValue
    flags = column.isRequired ? 1 : 0
    self.width = width
  }

  /// - Precondition: 40 bytes stand at the offset.
  init(_ bytes: [UInt8], at offset: Int) {
    id = bytes.littleEndian(at: offset, as: UInt16.self)
    domain = bytes[offset + 2]
    type = bytes[offset + 3]
    encoding = bytes[offset + 4]
    unit = bytes[offset + 5]
    flags = bytes[offset + 6]
    width = bytes[offset + 7]
    first = bytes.littleEndian(at: offset + 8, as: Int64.self)
    base = bytes.littleEndian(at: offset + 16, as: Int64.self)
    scale = bytes.littleEndian(at: offset + 24, as: UInt64.self)
    dataBytes = bytes.littleEndian(at: offset + 32, as: UInt64.self)
  }

  func append(to bytes: inout [UInt8]) {
    bytes.append(littleEndian: id)
    bytes.append(contentsOf: [domain, type, encoding, unit, flags, width])
    bytes.append(littleEndian: first)
    bytes.append(littleEndian: base)
    bytes.append(littleEndian: scale)
    bytes.append(littleEndian: dataBytes)
  }

  var isRequired: Bool { flags & 1 != 0 }
}
