import Hardware
import Simulation
import Workload

/// A second engine, written from `Semantics.md` alone and for nothing but clarity.
///
/// It keeps plain arrays, visits every boundary of every instance, looks for the next instant by
/// scanning everything that could happen, and shares the network anew from nothing each time.
/// It has no code in common with the engine, so what both get right is what the page says.
struct NaiveTwin {
  let options: RunOptions
  let firstToken: FirstToken
  let tick: Int64
  let signals: Signals
  var policies: PolicySet
  var requests: [TwinRequest]
  var instances: [TwinInstance] = []
  /// Hand-offs with memory reserved and not landed.
  var transfers: [TwinTransfer] = []
  /// Prompts that were completed at this instant and have no decode instance yet.
  var toPlace: [Int] = []
  var linksChanged = false
  /// Reasons of rejections and failures; the first three are the engine's own.
  var reasons = [
    "",
    "prompt exceeds the KV capacity of every instance",
    "outgrew the KV capacity of an empty instance",
  ]
  var nextArrival = 0
  var now: SimTime = -1
  var census = TwinCensus()

  /// Replays `rows` and returns a record for each offered request, by record number.
  static func run(
    rows: RowGroup,
    fleet: Fleet,
    policies: PolicySet,
    options: RunOptions
  ) -> [RequestRecord] {
    runCounting(rows: rows, fleet: fleet, policies: policies, options: options).records
  }

  /// The same, and what was met on the way.
  static func runCounting(
    rows: RowGroup,
    fleet: Fleet,
    policies: PolicySet,
    options: RunOptions
  ) -> (records: [RequestRecord], census: TwinCensus) {
    var twin = NaiveTwin(rows: rows, fleet: fleet, policies: policies, options: options)
    while true {
      let next = twin.nextInstant()
      guard next < .never, next <= options.horizon else { break }
      twin.process(next)
    }
    return (twin.finish(), twin.census)
  }

  private init(rows: RowGroup, fleet: Fleet, policies: PolicySet, options: RunOptions) {
    self.options = options
    self.policies = policies
    firstToken = fleet.firstToken
    tick = fleet.tick
    signals = policies.signals
    requests = Self.offered(rows, options)
    for pool in fleet.pools {
      let times = TwinDecodeTimes(kind: pool.kind)
      for _ in 0..<pool.count {
        instances.append(TwinInstance(role: pool.role, kind: pool.kind, decodeTimes: times))
      }
    }
  }

  /// The requests within the limit, which counts sessions, and each row without one as its own.
  private static func offered(_ rows: RowGroup, _ options: RunOptions) -> [TwinRequest] {
    var requests: [TwinRequest] = []
    var sessions: Set<Int32> = []
    var count: Int64 = 0
    for index in 0..<rows.count {
      let session = rows.session.isEmpty ? -1 : rows.session[index]
      if session < 0 || !sessions.contains(session) {
        guard count < options.limit else { continue }
        count += 1
        sessions.insert(session)
      }
      let recorded = rows.arrival[index]
      let arrival =
        options.rateScale == 1 ? recorded : SimTime(Double(recorded) / options.rateScale)
      guard arrival <= options.horizon else { continue }
      requests.append(TwinRequest(rows: rows, index: index, arrival: arrival))
    }
    return requests
  }

  private func nextInstant() -> SimTime {
    var next = SimTime.never
    if nextArrival < requests.count { next = requests[nextArrival].row.arrival }
    for i in instances.indices {
      if instances[i].step != nil {
        next = min(next, instances[i].boundary)
      } else {
        next = min(next, instances[i].timer)
      }
    }
    for transfer in transfers { next = min(next, transfer.nextInstant) }
    return next
  }

  /// One instant, phase by phase.
  private mutating func process(_ instant: SimTime) {
    publishGrid(before: instant)
    now = instant
    countKinds()
    for i in instances.indices where instances[i].boundary == now { finishStep(at: i) }
    moveTransfers()
    fireTimers()
    placeArrivals()
    placeCompletedPrompts()
    serveBridges()
    if linksChanged { shareLinks() }
    for i in instances.indices where instances[i].step == nil { startStep(at: i) }
    publishChanges()
  }

  private mutating func fireTimers() {
    for i in instances.indices where instances[i].step == nil {
      let fired = instances[i].fireReviews { $0.fire(at: now) }
      census.count(fired, isStepping: false)
    }
  }

  private mutating func finish() -> [RequestRecord] {
    let end = options.horizon == .never ? now : options.horizon
    for r in requests.indices where !requests[r].isOver { requests[r].end(.unfinished, at: end) }
    return requests.map(\.row).sorted { $0.record < $1.record }
  }
}
