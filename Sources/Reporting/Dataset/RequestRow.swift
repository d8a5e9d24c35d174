import Simulation
import Workload

/// What the cells of a request are written from.
struct RequestRow {
  private(set) var record = RequestRecord()
  /// The targets that it was judged by: its own, or those of its class.
  private(set) var objective = ServiceObjective()
  private(set) var judgement = Judgement.none
  /// Arrival to first token, in nanoseconds; −1 without a first token.
  private(set) var ttft: SimTime = -1
  /// In nanoseconds; −1 unless it completed with more than one token.
  private(set) var tpot: SimTime = -1
  /// Arrival to finish, in nanoseconds; −1 unless it completed.
  private(set) var e2e: SimTime = -1
  private(set) var isMeasured = true
  private let window: MeasureWindow?
  private let objectives: ServiceObjectives
  /// By index in the trace: names as cells, and the targets of requests without their own.
  private var classes: [(cell: [UInt8], objective: ServiceObjective)] = []
  private var reasonCells: [[UInt8]] = []

  init(window: MeasureWindow?, objectives: ServiceObjectives) {
    self.window = window
    self.objectives = objectives
  }

  /// Takes the names that rows to come refer to; those before stay as they are.
  mutating func setNames(classes names: [String], reasons: [String]) {
    for name in names.dropFirst(classes.count) { addClass(name) }
    for reason in reasons.dropFirst(reasonCells.count) {
      reasonCells.append(CSVCell.bytes(reason))
    }
  }

  mutating func set(_ record: RequestRecord) {
    while classes.count <= Int(record.requestClass) { addClass("") }
    self.record = record
    isMeasured = window?.contains(record.sessionStart) ?? true
    objective = classes[Int(record.requestClass)].objective.overridden(by: record)
    let isComplete = record.outcome == .completed
    ttft = record.firstToken >= 0 ? record.firstToken - record.arrival : -1
    tpot = isComplete && record.outputTokens > 1 ? RequestMetrics.timePerToken(record) : -1
    e2e = isComplete ? record.finish - record.arrival : -1
    // As `RequestMetrics` does it: a one-token output takes no time per token.
    judgement = Judgement(record, objective: objective, ttft: ttft, tpot: max(tpot, 0))
  }

  private mutating func addClass(_ name: String) {
    classes.append((CSVCell.bytes(name), objectives.objective(forClass: name)))
  }

  var className: [UInt8] { classes[Int(record.requestClass)].cell }

  /// Nothing where there is none.
  var reason: [UInt8] {
    Int(record.reason) < reasonCells.count ? reasonCells[Int(record.reason)] : []
  }

  /// Whether it met its target; nil where it is in no denominator.
  var meetsTTFT: Bool? { objective.ttft > 0 && judgement.counts ? judgement.metTTFT : nil }
  var meetsTPOT: Bool? { objective.tpot > 0 && judgement.counts ? judgement.metTPOT : nil }
  var meetsBoth: Bool? {
    objective.ttft > 0 && objective.tpot > 0 && judgement.counts
      ? judgement.metTTFT && judgement.metTPOT : nil
  }
}

extension Judgement {
  /// Of no request.
  fileprivate static let none = Judgement(
    RequestRecord(),
    objective: ServiceObjective(),
    ttft: -1,
    tpot: 0
  )
}

extension RowBytes {
  private static let falseWord = ShortWord("false")
  private static let trueWord = ShortWord("true")
  private static let outcomes = Outcome.allCases.map { ShortWord("\($0)") }
  private static let handoffs = HandOffKind.allCases.map { ShortWord("\($0)") }

  mutating func append(isTrue: Bool) { append(isTrue ? Self.trueWord : Self.falseWord) }

  /// Leaves the cell empty where neither is true.
  mutating func append(isTrue: Bool?) {
    if let isTrue { append(isTrue: isTrue) }
  }

  mutating func append(_ outcome: Outcome) { append(Self.outcomes[Int(outcome.rawValue)]) }

  mutating func append(_ handoff: HandOffKind) { append(Self.handoffs[Int(handoff.rawValue)]) }
}
