/// What a turn waits for, or what stands for a turn to those who wait for it.
///
/// A turn that is left out stands for what it waited for, so that the chain through it holds.
struct TurnWaits {
  private(set) var edges: [TurnEdge] = []

  init() {}

  /// The completion of a record.
  init(completionOf record: Int64) {
    edges = [TurnEdge(parentRecord: record, delay: 0, trigger: .completion)]
  }

  /// The moment at which a record is sent.
  init(dispatchOf record: Int64) {
    edges = [TurnEdge(parentRecord: record, delay: 0, trigger: .dispatch)]
  }

  /// All of these; of two delays behind one record the longer one counts.
  init(all waits: [TurnWaits]) {
    if waits.count == 1 {
      edges = waits[0].edges
      return
    }
    var places: [Int64: Int] = [:]
    for edge in waits.lazy.flatMap(\.edges) {
      if let place = places[edge.parentRecord] {
        edges[place].delay = max(edges[place].delay, edge.delay)
      } else {
        places[edge.parentRecord] = edges.count
        edges.append(edge)
      }
    }
  }

  var isEmpty: Bool { edges.isEmpty }

  /// The same, so much later.
  func later(by delay: SimTime, at position: Int) throws(Fault) -> TurnWaits {
    var waits = self
    for index in edges.indices {
      let (sum, overflow) = edges[index].delay.addingReportingOverflow(delay)
      if overflow || sum == .max {
        throw Fault(at: position, "turn waits for more than 292 years")
      }
      waits.edges[index].delay = sum
    }
    return waits
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
    edges.append(contentsOf: waits.edges)
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
