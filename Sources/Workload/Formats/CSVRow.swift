/// The fields of one row that are checked against each other.
struct CSVRow {
  private var time: Int64 = 0
  private var timePosition = 0
  private var promptTokens: Int32 = 0
  private var outputTokens: Int32 = 0
  private var deadline: Int64 = .never
  private var deadlinePosition: Int?
  private var reasoningTokens: Int32 = 0
  private var reasoningPosition: Int?
  private let options: ReadOptions

  init(_ options: ReadOptions) { self.options = options }

  mutating func take(
    _ column: CSVColumn,
    _ range: Range<Int>,
    _ line: Span<UInt8>
  ) throws(Fault) {
    var name: String { column.rawValue }
    switch column {
    case .arrivalSeconds:
      time = try line.seconds(range, name, options)
      timePosition = range.lowerBound
    case .promptTokens: promptTokens = try line.tokens(range, name)
    case .outputTokens: outputTokens = try line.tokens(range, name)
    case .deadline:
      deadline = range.isEmpty ? .never : try line.seconds(range, name, options)
      deadlinePosition = range.lowerBound
    case .reasoningTokens:
      reasoningTokens = try line.count(range, name, empty: 0)
      reasoningPosition = range.lowerBound
    default: break
    }
  }

  func append(to group: inout RowGroup, _ clock: inout ArrivalClock) throws(Fault) {
    group.arrival.append(try clock.arrival(time, at: timePosition))
    group.promptTokens.append(promptTokens)
    group.outputTokens.append(outputTokens)
    if let deadlinePosition {
      guard deadline >= time else {
        throw Fault(at: deadlinePosition, "deadline_seconds is before arrival_seconds")
      }
      let isSet = deadline != .never
      group.deadline.append(isSet ? try clock.instant(deadline, at: deadlinePosition) : .never)
    }
    if let reasoningPosition {
      guard reasoningTokens <= outputTokens else {
        throw Fault(at: reasoningPosition, "reasoning_tokens exceeds output_tokens")
      }
      group.reasoningTokens.append(reasoningTokens)
    }
  }
}
