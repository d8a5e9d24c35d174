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
}

extension GapKind {
  /// The names of the kinds in a CSV trace, by raw value; `none` may also be left empty.
  static let csvNames = ["none", "tool", "human"]
}
