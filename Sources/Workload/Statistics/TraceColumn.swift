/// A column of a trace, by the name that options and the headers of CSV files give it.
public enum TraceColumn: String, CaseIterable, Sendable {
  case record
  case arrivalSeconds = "arrival_seconds"
  case promptTokens = "prompt_tokens"
  case outputTokens = "output_tokens"
  case maxOutputTokens = "max_output_tokens"
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
  case prefixNode = "prefix_node"
  case prefixBlocks = "prefix_blocks"

  /// Whether a group has the column, be it with nothing but defaults.
  public func isPresent(in group: borrowing RowGroup) -> Bool {
    switch self {
    case .record, .arrivalSeconds, .promptTokens, .outputTokens: true
    case .maxOutputTokens: !group.maxOutputTokens.isEmpty
    case .session: !group.session.isEmpty
    case .turn: !group.turn.isEmpty
    // Only rows of a session can have parents.
    case .parents: !group.edgeStart.isEmpty && !group.session.isEmpty
    case .requestClass: !group.requestClass.isEmpty
    case .tenant: !group.tenant.isEmpty
    case .priority: !group.priority.isEmpty
    case .model: !group.model.isEmpty
    case .adapter: !group.adapter.isEmpty
    case .ttftSLO: !group.ttftSLO.isEmpty
    case .tpotSLO: !group.tpotSLO.isEmpty
    case .deadline: !group.deadline.isEmpty
    case .reasoningTokens: !group.reasoningTokens.isEmpty
    case .gapKind: !group.gapKind.isEmpty
    case .tool: !group.tool.isEmpty
    case .prefixNode: !group.prefixNode.isEmpty
    case .prefixBlocks: !group.prefixBlocks.isEmpty
    }
  }

  /// How many rows of a group hold something else than the column's default.
  ///
  /// The default is what a source without the column says: 0, the empty name, no session, no
  /// parents, no deadline, no prefix.
  func valuedRows(in group: borrowing RowGroup, _ names: borrowing TraceNames) -> Int {
    switch self {
    case .record, .arrivalSeconds, .promptTokens, .outputTokens: group.count
    case .maxOutputTokens: group.maxOutputTokens.count { $0 != 0 }
    case .session: group.session.count { $0 >= 0 }
    case .turn: group.turn.count { $0 != 0 }
    case .parents: zip(group.edgeStart, group.edgeStart.dropFirst()).count { $0 < $1 }
    case .requestClass: Self.named(group.requestClass, names.classes)
    case .tenant: Self.named(group.tenant, names.tenants)
    case .priority: group.priority.count { $0 != 0 }
    case .model: Self.named(group.model, names.models)
    case .adapter: Self.named(group.adapter, names.adapters)
    case .ttftSLO: group.ttftSLO.count { $0 != 0 }
    case .tpotSLO: group.tpotSLO.count { $0 != 0 }
    case .deadline: group.deadline.count { $0 != .never }
    case .reasoningTokens: group.reasoningTokens.count { $0 != 0 }
    case .gapKind: group.gapKind.count { $0 != .none }
    case .tool: Self.named(group.tool, names.tools)
    case .prefixNode: group.prefixNode.count { $0 >= 0 }
    case .prefixBlocks: group.prefixBlocks.count { $0 != 0 }
    }
  }

  private static func named(_ column: ContiguousArray<UInt16>, _ names: [String]) -> Int {
    guard names.contains("") else { return column.count }
    let isNamed = names.map { !$0.isEmpty }
    return column.count { isNamed[Int($0)] }
  }
}
