/// What a turn waits for, or what stands for a turn to those who wait for it.
///
/// A turn that is left out stands for what it waited for, so that the chain through it holds.
struct TurnWaits {
  /// Nearly all turns wait for one other, which takes no array.
  private var first: TurnEdge?
  private var others: [TurnEdge] = []

  init() {}

  /// The completion of a record.
  init(completionOf record: Int64) {
    first = TurnEdge(parentRecord: record, delay: 0, trigger: .completion)
  }

  /// The moment at which a record is sent.
  init(dispatchOf record: Int64) {
    first = TurnEdge(parentRecord: record, delay: 0, trigger: .dispatch)
  }

  /// All of these; of two delays behind one record the longer one counts.
  init(all waits: [TurnWaits]) {
    if waits.count == 1 {
      self = waits[0]
      return
    }
    var edges: [TurnEdge] = []
    var places: [Int64: Int] = [:]
    for edge in waits.lazy.flatMap(\.edges) {
      if let place = places[edge.parentRecord] {
        edges[place].delay = max(edges[place].delay, edge.delay)
      } else {
        places[edge.parentRecord] = edges.count
        edges.append(edge)
      }
    }
    first = edges.first
    others = Array(edges.dropFirst())
  }

  var isEmpty: Bool { first == nil }

  /// How many others the turn waits for.
  var count: Int { first == nil ? 0 : 1 + others.count }

  private var edges: [TurnEdge] { first.map { [$0] + others } ?? [] }

  /// The same, so much later.
  func later(by delay: SimTime, at position: Int) throws(Fault) -> TurnWaits {
    var waits = self
    waits.first = try first.map { edge throws(Fault) in try Self.later(edge, by: delay, position) }
    for index in others.indices {
      waits.others[index] = try Self.later(others[index], by: delay, position)
    }
    return waits
  }

  private static func later(
    _ edge: TurnEdge,
    by delay: SimTime,
    _ position: Int
  ) throws(Fault) -> TurnEdge {
    let (sum, overflow) = edge.delay.addingReportingOverflow(delay)
    if overflow || sum == .max {
      throw Fault(at: position, "turn waits for more than 292 years")
    }
    return TurnEdge(parentRecord: edge.parentRecord, delay: sum, trigger: edge.trigger)
  }

  fileprivate func append(to edges: inout ContiguousArray<TurnEdge>) {
    if let first { edges.append(first) }
    if !others.isEmpty { edges.append(contentsOf: others) }
  }
}

extension RowGroup {
  /// Gives the row that was appended last its session, turn and edges.
  mutating func appendTurn(
    session: Int32,
    turn: Int32,
    gap: GapKind,
    waits: TurnWaits
  ) throws(Fault) {
    self.session.append(session)
    self.turn.append(turn)
    gapKind.append(gap)
    if edgeStart.isEmpty { edgeStart.append(0) }
    waits.append(to: &edges)
    guard let end = Int32(exactly: edges.count) else {
      throw Fault(at: 0, "a group of rows has more than \(Int32.max) edges")
    }
    edgeStart.append(end)
  }
}

/// Rebases rows that come out sorted, though they were scanned in another order.
struct SortedOrigin {
  private var origin: SimTime?

  /// Subtracts the first arrival of the trace from those of the next group; true for the first one.
  mutating func rebase(_ group: inout RowGroup) -> Bool {
    let isFirst = origin == nil
    let first = origin ?? group.arrival.first ?? 0
    origin = first
    for row in group.arrival.indices { group.arrival[row] -= first }
    for row in group.deadline.indices where group.deadline[row] != .never {
      group.deadline[row] -= first
    }
    return isFirst
  }
}
