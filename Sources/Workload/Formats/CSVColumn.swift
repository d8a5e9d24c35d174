/// The columns of this project's CSV traces, spelled as in a file's header.
///
/// `traces/README.md` documents them for users.
enum CSVColumn: String, CaseIterable {
  case arrivalSeconds = "arrival_seconds"
  case promptTokens = "prompt_tokens"
  case outputTokens = "output_tokens"
  case maxOutputTokens = "max_output_tokens"
  case session
  case turn
  case parents
  case delay = "delay_seconds"
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

  static let required: [CSVColumn] = [.arrivalSeconds, .promptTokens, .outputTokens]

  /// Columns that mean nothing without another one.
  static let needs: [(column: CSVColumn, needed: CSVColumn)] = [
    (.parents, .session), (.delay, .session), (.delay, .turn),
  ]

  /// Whether a group has the column.
  func isPresent(in group: borrowing RowGroup) -> Bool {
    switch self {
    case .arrivalSeconds, .promptTokens, .outputTokens: true
    case .maxOutputTokens: !group.maxOutputTokens.isEmpty
    case .session: !group.session.isEmpty
    case .turn: !group.turn.isEmpty
    // Only rows of a session can have parents.
    case .parents: !group.edgeStart.isEmpty && !group.session.isEmpty
    // A shorter spelling of some parents, for people; written traces spell all alike.
    case .delay: false
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
    }
  }
}

extension GapKind {
  /// The names of the kinds in a CSV trace, by raw value; `none` may also be left empty.
  static let csvNames = ["none", "tool", "human"]
}
