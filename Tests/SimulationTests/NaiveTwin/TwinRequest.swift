import Hardware
import Simulation
import Workload

/// The stages of `Stages`, as a state.
enum TwinStage {
  case gateway, prefillQueue, prefill, transfer, decodeQueue, decode, stall
}

/// One of the requests that a request of a closed loop waits for.
struct TwinEdge {
  let parent: Int
  let delay: SimTime
  let trigger: TurnEdge.Trigger
  /// When the trigger's delay is over; never before the trigger has come.
  var end = SimTime.never
  /// What the time from the session's start to then went into, and how many edges fired before.
  var path = SessionPath()
  var place = 0
}

/// One request: what the results will say of it, and what it still has to do.
struct TwinRequest {
  var row = RequestRecord()
  var maxOutputTokens = 0
  var tenant: UInt16 = 0
  var priority: Int32 = 0

  /// When it arrives if it waits for nobody.
  let plannedArrival: SimTime
  var edges: [TwinEdge] = []
  var isOffered = false
  var isOver = false
  /// How many had ended when it had.
  var place = 0
  /// Whether it was the head of its bridge queue and did not fit.
  var hasWaitedForMemory = false

  /// When it entered the queue in which it stands.
  var queuedAt: SimTime = 0
  /// When the memory that it decodes from was reserved.
  var admittedAt: SimTime = 0
  /// Its decode instance, once chosen.
  var receiver: Int?
  /// Tokens whose KV it needs to decode: the prompt and one per decode step done.
  var contextTokens = 0
  /// How many of them the chunks since its last start have computed, or its hit then had.
  var computedTokens = 0
  /// The whole blocks of its prompt, as far as the trace says what they begin with; nil where there
  /// are none, or no cache.
  var path: [TwinBlockName]?
  /// Tokens of its context that were cached when it last got memory, where it is computed and where it
  /// was only to decode.
  var hitTokens = 0
  var handedHitTokens = 0
  var reasoningTokens: Int32 = 0
  /// Whether its blocks are on their way from a tier.
  var isLoading = false
  /// What the gap before it was spent on, and as retention policies are told.
  let gap: GapKind
  var tool: Int32 = -1

  private var stage = TwinStage.gateway
  /// When the current stage began.
  private var mark: SimTime = 0

  init(rows: RowGroup, index: Int, arrival: SimTime, sessionStart: SimTime) {
    plannedArrival = arrival
    row.record = rows.record[index]
    row.promptTokens = rows.promptTokens[index]
    row.outputTokens = rows.outputTokens[index]
    row.requestClass = Self.value(rows.requestClass, index)
    row.session = rows.session.isEmpty ? -1 : rows.session[index]
    row.sessionStart = sessionStart
    row.ttftSLO = Self.value(rows.ttftSLO, index)
    row.tpotSLO = Self.value(rows.tpotSLO, index)
    maxOutputTokens = Int(Self.value(rows.maxOutputTokens, index))
    tenant = Self.value(rows.tenant, index)
    priority = Self.value(rows.priority, index)
    contextTokens = Int(row.promptTokens)
    reasoningTokens = Self.value(rows.reasoningTokens, index)
    gap = rows.gapKind.isEmpty ? .none : rows.gapKind[index]
    switch gap {
    case .human: tool = -2
    case .tool: tool = rows.tool.isEmpty ? -1 : Int32(rows.tool[index])
    case .none: tool = -1
    }
  }

  /// A column that the source does not have is empty and reads as zero.
  private static func value<T: FixedWidthInteger>(_ column: ContiguousArray<T>, _ index: Int) -> T {
    column.isEmpty ? 0 : column[index]
  }

  /// When what it waits for has come; never while some of it has not.
  var dueAt: SimTime { edges.map(\.end).max() ?? plannedArrival }
  /// What the time from its session's start to its arrival went into: the way over the edge that let it
  /// arrive, of several the one that fired last.
  var pathToArrival: SessionPath {
    var start = SessionPath()
    start.otherGap = plannedArrival - row.sessionStart
    return edges.max { ($0.end, $0.place) < ($1.end, $1.place) }?.path ?? start
  }
  /// The same to its end.
  var pathToEnd: SessionPath {
    var path = pathToArrival
    path.queue += row.stages.gateway + row.stages.prefillQueue + row.stages.decodeQueue
    path.prefill += row.stages.prefill
    path.transfer += row.stages.transfer
    path.decode += row.stages.decode
    path.stall += row.stages.stall
    return path
  }
  var leftTokens: Int { contextTokens - computedTokens }
  var hasEmittedAll: Bool { row.emittedTokens == row.outputTokens }
  /// Whether a computation of its context is a recomputation that emits nothing.
  var hasLeftPrompt: Bool { row.emittedTokens > 0 || contextTokens > Int(row.promptTokens) }

  mutating func offer(at now: SimTime) {
    isOffered = true
    row.arrival = now
    mark = now
  }

  /// Counts the time since the last change for the stage that ends, and begins another.
  mutating func enter(_ next: TwinStage, at now: SimTime) {
    let time = now - mark
    switch stage {
    case .gateway: row.stages.gateway += time
    case .prefillQueue: row.stages.prefillQueue += time
    case .prefill: row.stages.prefill += time
    case .transfer: row.stages.transfer += time
    case .decodeQueue: row.stages.decodeQueue += time
    case .decode: row.stages.decode += time
    case .stall: row.stages.stall += time
    }
    stage = next
    mark = now
  }

  /// It is routed; a stall goes on until the next token.
  mutating func enterPrefillQueue(at now: SimTime) {
    queuedAt = now
    if stage == .gateway { enter(.prefillQueue, at: now) }
  }

  /// The step with its first chunk starts.
  mutating func startPrompt(at now: SimTime) {
    if row.prefillStart < 0 { row.prefillStart = now }
    if stage == .prefillQueue { enter(.prefill, at: now) }
  }

  /// Its KV has been handed off.
  mutating func land(at now: SimTime) {
    if row.transferEnd < 0 { row.transferEnd = now }
    if stage == .transfer { enter(.decodeQueue, at: now) }
  }

  /// A step in which it decodes starts.
  mutating func startDecode(at now: SimTime) {
    if row.decodeStart < 0 { row.decodeStart = now }
    if stage == .decodeQueue { enter(.decode, at: now) }
  }

  /// Emits a token and goes on in the given stage.
  mutating func emitToken(at now: SimTime, then next: TwinStage) {
    row.emittedTokens += 1
    if row.firstToken < 0 { row.firstToken = now }
    enter(next, at: now)
  }

  mutating func end(_ outcome: Outcome, reason: UInt8 = 0, at now: SimTime) {
    enter(stage, at: now)
    row.outcome = outcome
    row.reason = reason
    row.finish = now
    isOver = true
  }

  func view(seed: UInt64) -> RequestView {
    var view = RequestView(
      record: row.record,
      arrival: row.arrival,
      queuedAt: queuedAt,
      promptTokens: Int(row.promptTokens),
      contextTokens: contextTokens,
      emittedTokens: Int(row.emittedTokens),
      maxOutputTokens: maxOutputTokens,
      requestClass: row.requestClass,
      tenant: tenant,
      priority: priority,
      ttftSLO: row.ttftSLO,
      tpotSLO: row.tpotSLO,
      seed: seed
    )
    view.session = row.session
    view.sessionStart = row.session < 0 ? row.arrival : row.sessionStart
    return view
  }
}
