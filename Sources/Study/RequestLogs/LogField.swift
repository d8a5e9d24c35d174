import Workload

/// What a log says of a request.
enum LogField: String, CaseIterable {
  case id
  case promptTokens = "prompt_tokens"
  case outputTokens = "output_tokens"
  case arrival
  case queued
  case firstToken = "first_token"
  case finish = "last_token"
  case timeToFirstToken = "ttft"
  case endToEnd = "e2e"

  /// A field under one of the names that logs give it.
  struct Spelling {
    var field: LogField
    /// What turns its values into tokens or seconds.
    var scale = 1.0
  }

  /// The names, which do not depend on letter case: those of `vllm bench`, of the per-request logs of
  /// vLLM and LLMServingSim, and of common gateways. Times are seconds on any clock, or as the name
  /// says.
  private static let spellings: [String: Spelling] = [
    "id": Spelling(field: .id), "request_id": Spelling(field: .id),
    "prompt_tokens": Spelling(field: .promptTokens),
    "input_toks": Spelling(field: .promptTokens),
    "input_tokens": Spelling(field: .promptTokens),
    "prompt_len": Spelling(field: .promptTokens),
    "input_len": Spelling(field: .promptTokens),
    "num_prompt_tokens": Spelling(field: .promptTokens),
    "output_tokens": Spelling(field: .outputTokens),
    "output_toks": Spelling(field: .outputTokens),
    "completion_tokens": Spelling(field: .outputTokens),
    "output_len": Spelling(field: .outputTokens),
    "num_generation_tokens": Spelling(field: .outputTokens),
    "arrival": Spelling(field: .arrival), "arrival_time": Spelling(field: .arrival),
    "start_time": Spelling(field: .arrival), "arrival_ms": Spelling(field: .arrival, scale: 1e-3),
    "queued": Spelling(field: .queued), "queued_ts": Spelling(field: .queued),
    "first_token": Spelling(field: .firstToken),
    "first_token_ts": Spelling(field: .firstToken),
    "first_token_time": Spelling(field: .firstToken),
    "first_token_ms": Spelling(field: .firstToken, scale: 1e-3),
    "last_token": Spelling(field: .finish), "last_token_ts": Spelling(field: .finish),
    "last_token_time": Spelling(field: .finish), "finished_time": Spelling(field: .finish),
    "end_time": Spelling(field: .finish), "last_token_ms": Spelling(field: .finish, scale: 1e-3),
    "ttft": Spelling(field: .timeToFirstToken),
    "ttft_ms": Spelling(field: .timeToFirstToken, scale: 1e-3),
    "e2e": Spelling(field: .endToEnd), "e2e_latency": Spelling(field: .endToEnd),
    "latency": Spelling(field: .endToEnd), "e2el": Spelling(field: .endToEnd),
    "e2e_ms": Spelling(field: .endToEnd, scale: 1e-3),
    "latency_ms": Spelling(field: .endToEnd, scale: 1e-3),
  ]

  /// What a column or key is; nil for those that are passed over.
  static func spelling(_ name: String) -> Spelling? { spellings[name.lowercased()] }
}

/// A request's line, its values in tokens and seconds, before the clocks are set.
struct LogRecord {
  let file: String
  let line: Int
  var id = ""
  private var values = [Value?](repeating: nil, count: LogField.allCases.count)

  private struct Value {
    var number: Double
    var name: String
  }

  init(file: String, line: Int) {
    self.file = file
    self.line = line
  }

  /// Takes a value under the name that it has in the file; nil where it was empty or null.
  ///
  /// - Throws: `MeasuredDataError` where the field was there under another name, or the value is
  ///   none that it can have.
  mutating func set(
    _ spelling: LogField.Spelling,
    _ name: String,
    _ number: Double?,
    shown: String
  ) throws(MeasuredDataError) {
    let index = LogField.allCases.firstIndex(of: spelling.field) ?? 0
    if let earlier = values[index] {
      throw fault(name, nil, "says the same as '\(earlier.name)'; keep one of them")
    }
    let scaled = number.map { $0 * spelling.scale }
    switch spelling.field {
    case .promptTokens, .outputTokens:
      guard let scaled, scaled == scaled.rounded(), (1...Self.mostTokens).contains(scaled) else {
        throw fault(name, shown, "a whole number from 1 to 100000000")
      }
    default:
      guard let scaled, scaled.magnitude <= Self.latestSeconds else {
        throw fault(name, shown, "seconds, from -100000000000 to 100000000000")
      }
    }
    if let scaled { values[index] = Value(number: scaled, name: name) }
  }

  subscript(field: LogField) -> Double? {
    values[LogField.allCases.firstIndex(of: field) ?? 0]?.number
  }

  /// A value that the record has to have.
  func required(_ field: LogField) throws(MeasuredDataError) -> Double {
    guard let value = self[field] else {
      throw fault(field.rawValue, nil, "is missing; expected a value")
    }
    return value
  }

  /// What the file calls a field.
  func name(of field: LogField) -> String {
    values[LogField.allCases.firstIndex(of: field) ?? 0]?.name ?? field.rawValue
  }

  func fault(_ field: String, _ value: String?, _ problem: String) -> MeasuredDataError {
    MeasuredDataError(
      .badData,
      file: file,
      line: line,
      field: field,
      value: value,
      problem: problem
    )
  }

  private static let mostTokens = 1e8
  /// Unix time of the year 5138; beyond it a double no longer tells microseconds apart.
  private static let latestSeconds = 1e11
}
