/// The columns of a BLIS trace, as its header spells them.
enum BLISColumn: String, CaseIterable {
  case requestId = "request_id"
  case clientId = "client_id"
  case tenantId = "tenant_id"
  case sloClass = "slo_class"
  case sessionId = "session_id"
  case roundIndex = "round_index"
  case prefixGroup = "prefix_group"
  case prefixLength = "prefix_length"
  case streaming
  case inputTokens = "input_tokens"
  case outputTokens = "output_tokens"
  case textTokens = "text_tokens"
  case imageTokens = "image_tokens"
  case audioTokens = "audio_tokens"
  case videoTokens = "video_tokens"
  case reasonRatio = "reason_ratio"
  case model
  case deadline = "deadline_us"
  case serverInputTokens = "server_input_tokens"
  case arrivalTime = "arrival_time_us"
  case sendTime = "send_time_us"
  case firstChunkTime = "first_chunk_time_us"
  case lastChunkTime = "last_chunk_time_us"
  case chunkCount = "num_chunks"
  case status
  case errorMessage = "error_message"
  case finishReason = "finish_reason"
  case priority = "vllm_priority"
  case sloTarget = "slo_target_us"
  case serverRequestId = "x_request_id"
  case adapter
  case thinkTime = "think_time_us"

  static let required: [BLISColumn] = [.inputTokens, .outputTokens, .arrivalTime]
}

/// One line of a BLIS trace, with the byte at which each value stands.
struct BLISFields {
  private(set) var arrival: SimTime = 0
  /// When the response was complete; 0 where the source does not say.
  private(set) var finish: SimTime = 0
  private(set) var thinkTime: SimTime = 0
  private(set) var thinkTimePosition = 0
  /// On the clock of the arrivals; `never` for none.
  private(set) var deadline: SimTime = .never
  private(set) var sloTarget: SimTime = 0
  private(set) var priority: Int32 = 0
  private(set) var session: CSVField?
  private(set) var round: Int64 = 0
  private(set) var roundPosition = 0
  private(set) var prefixGroup: CSVField?
  private(set) var prefixLength: Int64 = 0
  private(set) var prefixPosition = 0
  private(set) var sloClass: CSVField?
  private(set) var tenant: CSVField?
  private(set) var model: CSVField?
  private(set) var adapter: CSVField?
  private(set) var statusPosition = 0
  private var inputTokens: Int64 = 0
  private var outputCount: Int64 = 0
  /// The share of the output that was reasoning, in billionths.
  private var reasonRatio: Int64 = 0
  private var status: Range<Int>?

  var promptTokens: Int32 { Int32(max(1, inputTokens)) }
  var outputTokens: Int32 { Int32(max(1, outputCount)) }

  /// The reasoning share of the output, to the nearest token, halves up.
  var reasoningTokens: Int32 {
    Int32((outputCount * reasonRatio + 500_000_000) / 1_000_000_000)
  }

  init(
    _ line: Span<UInt8>,
    _ columns: NamedColumns<BLISColumn>,
    _ options: ReadOptions
  ) throws(Fault) {
    var cursor = CSVCursor()
    var deadlinePosition = 0
    var outputPosition = 0
    for column in columns.all {
      let field = try cursor.next(of: line, column.rawValue)
      let range = field.range
      // Asked for by errors alone.
      var name: String { column.rawValue }
      switch column {
      case .arrivalTime: arrival = try line.time(range, name, in: .microseconds, options)
      case .inputTokens: inputTokens = try line.whole(range, name, in: Self.tokens)
      case .outputTokens:
        outputCount = try line.whole(range, name, in: Self.tokens)
        outputPosition = range.lowerBound
      case .sessionId: session = range.isEmpty ? nil : field
      case .prefixGroup: prefixGroup = range.isEmpty ? nil : field
      case .sloClass: sloClass = field
      case .tenantId: tenant = field
      case .model: model = field
      case .adapter: adapter = field
      case .status:
        status = range
        statusPosition = range.lowerBound
      case .deadline:
        deadlinePosition = range.lowerBound
        try take(column, range, line, options)
      case .errorMessage, .finishReason, .requestId, .clientId, .serverRequestId, .streaming: break
      default: if !range.isEmpty { try take(column, range, line, options) }
      }
    }
    try cursor.finish(line)
    if status == nil { statusPosition = outputPosition }
    guard deadline >= arrival else {
      throw Fault(at: deadlinePosition, "deadline_us is before arrival_time_us")
    }
    guard prefixLength <= inputTokens || inputTokens == 0 else {
      throw Fault(
        at: prefixPosition,
        "prefix_length exceeds input_tokens, which include the prefix"
      )
    }
  }

  private static let tokens = 0...Int64(Int32.max)

  /// Takes a value that an empty field leaves as it is.
  private mutating func take(
    _ column: BLISColumn,
    _ range: Range<Int>,
    _ line: Span<UInt8>,
    _ options: ReadOptions
  ) throws(Fault) {
    if range.isEmpty { return }
    var name: String { column.rawValue }
    switch column {
    case .roundIndex:
      round = try line.whole(range, name, in: Self.tokens)
      roundPosition = range.lowerBound
    case .prefixLength:
      prefixLength = try line.whole(range, name, in: Self.tokens)
      prefixPosition = range.lowerBound
    case .lastChunkTime: finish = try line.time(range, name, in: .microseconds, options)
    case .sendTime, .firstChunkTime:
      _ = try line.time(range, name, in: .microseconds, options)
    case .thinkTime:
      thinkTime = try line.time(range, name, in: .microseconds, options)
      thinkTimePosition = range.lowerBound
    case .deadline:
      let time = try line.time(range, name, in: .microseconds, options)
      deadline = time == 0 ? .never : time
    case .sloTarget: sloTarget = try line.time(range, name, in: .microseconds, options)
    case .priority:
      let bounds = -Int64(Int32.max)...Int64(Int32.max)
      priority = Int32(try line.whole(range, name, in: bounds))
    case .reasonRatio:
      let ratio = ScaledDecimal(line, range, places: 9, exponents: true)?.rounded
      guard let ratio, ratio <= 1_000_000_000 else {
        throw Fault(
          at: range.lowerBound,
          "reason_ratio is \(line.quoted(range)); expected a share of 0 to 1"
        )
      }
      reasonRatio = ratio
    default: _ = try line.whole(range, name, in: 0...Int64.max)
    }
  }

  /// Why the request counts as failed; nil where it does not.
  func failure(_ line: Span<UInt8>) -> String? {
    if let status, !status.isEmpty, !line.spells("ok", status) {
      return "status is \(line.quoted(status))"
    }
    if inputTokens > 0, outputCount > 0 { return nil }
    return "the request has \(inputTokens) prompt and \(outputCount) output tokens"
  }
}
