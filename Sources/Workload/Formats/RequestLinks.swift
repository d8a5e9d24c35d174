/// What follows from all requests of a source and their edges: arrivals, sessions and turns.
struct RequestLinks {
  /// On the source's clock, by record.
  private(set) var arrival: ContiguousArray<SimTime>
  /// By record; −1 for a request that is in no group and waits with none.
  private(set) var session: ContiguousArray<Int32>
  /// The number of the session's requests on earlier lines, by record.
  private(set) var turn: ContiguousArray<Int32>
  private var start: ContiguousArray<Int32>
  private var edges: ContiguousArray<Edge>

  struct Edge {
    /// Record of the request that is waited for.
    var parent: Int32
    var delay: SimTime
    var trigger: TurnEdge.Trigger
    /// Where it stands in its line.
    var position: Int32
  }

  typealias Owned = (child: Int32, edge: Edge)

  /// What a request waits for.
  func edges(of record: Int) -> ContiguousArray<Edge>.SubSequence {
    edges[Int(start[record])..<Int(start[record + 1])]
  }

  /// - Parameters:
  ///   - requests: By record.
  ///   - owned: The edges in any order; those of one request keep theirs.
  ///   - id: What errors call a request.
  /// - Throws: The first request that waits for one twice, for itself through others, or for none
  ///   without a time.
  init(
    _ requests: ContiguousArray<RequestGraph.Request>,
    _ owned: ContiguousArray<Owned>,
    id: (Int32) -> String
  ) throws(RecordFault) {
    arrival = ContiguousArray(repeating: 0, count: requests.count)
    session = ContiguousArray(repeating: -1, count: requests.count)
    turn = ContiguousArray(repeating: 0, count: requests.count)
    start = ContiguousArray(repeating: 0, count: requests.count + 1)
    edges = []
    try sortByChild(owned, id)
    let order = try parentsFirst(id)
    for record in order { try findArrival(record, requests) }
    numberSessions(requests)
  }

  private mutating func sortByChild(
    _ owned: ContiguousArray<Owned>,
    _ id: (Int32) -> String
  ) throws(RecordFault) {
    for (child, _) in owned { start[Int(child) + 1] += 1 }
    for record in 1..<max(1, start.count) { start[record] += start[record - 1] }
    var place = start
    let none = Edge(parent: -1, delay: 0, trigger: .completion, position: 0)
    edges = ContiguousArray(repeating: none, count: owned.count)
    for (child, edge) in owned {
      edges[Int(place[Int(child)])] = edge
      place[Int(child)] += 1
    }
    // The child that named a parent last.
    var namedBy = ContiguousArray<Int32>(repeating: -1, count: start.count)
    for record in 0..<start.count - 1 {
      for edge in edges(of: record) {
        let isTwice = namedBy[Int(edge.parent)] == Int32(record)
        namedBy[Int(edge.parent)] = Int32(record)
        if isTwice {
          throw Self.fault(record, edge, "waits for request '\(id(edge.parent))' twice; keep one")
        }
      }
    }
  }

  /// All records, each behind those it waits for.
  private func parentsFirst(_ id: (Int32) -> String) throws(RecordFault) -> ContiguousArray<Int> {
    let count = start.count - 1
    // Where the next child of record `i` goes stands at `i + 1`: in the end, where those of `i + 1`
    // start.
    var childStart = ContiguousArray<Int32>(repeating: 0, count: count + 2)
    for edge in edges { childStart[Int(edge.parent) + 2] += 1 }
    for index in 2..<max(2, childStart.count) { childStart[index] += childStart[index - 1] }
    var children = ContiguousArray<Int32>(repeating: 0, count: edges.count)
    var waiting = ContiguousArray<Int32>(repeating: 0, count: count)
    for record in 0..<count {
      waiting[record] = start[record + 1] - start[record]
      for edge in edges(of: record) {
        let place = Int(edge.parent) + 1
        children[Int(childStart[place])] = Int32(record)
        childStart[place] += 1
      }
    }
    var order = ContiguousArray((0..<count).filter { waiting[$0] == 0 })
    var next = 0
    while next < order.count {
      let record = order[next]
      next += 1
      for child in children[Int(childStart[record])..<Int(childStart[record + 1])] {
        waiting[Int(child)] -= 1
        if waiting[Int(child)] == 0 { order.append(Int(child)) }
      }
    }
    if order.count < count { throw cycle(waiting, id) }
    return order
  }

  /// The error of requests that wait for each other, found from the first one that is never due.
  private func cycle(
    _ waiting: ContiguousArray<Int32>,
    _ id: (Int32) -> String
  ) -> RecordFault {
    var place: [Int: Int] = [:]
    var path: [(record: Int, edge: Edge)] = []
    var record = waiting.firstIndex { $0 > 0 } ?? 0
    while place[record] == nil {
      place[record] = path.count
      guard let edge = edges(of: record).first(where: { waiting[Int($0.parent)] > 0 }) else {
        break
      }
      path.append((record, edge))
      record = Int(edge.parent)
    }
    let members = path[(place[record] ?? 0)...]
    let first = members.min { $0.record < $1.record } ?? (record, edges[0])
    var names = members.prefix(8).map { "'\(id(Int32($0.record)))'" }
    names.append(members.count > 8 ? "…" : "'\(id(Int32(record)))'")
    return Self.fault(
      first.record,
      first.edge,
      "waits for itself: \(names.joined(separator: " waits for ")); expected no cycle"
    )
  }

  /// A request without a fixed time comes when all that it waits for has fired, on the recorded
  /// service times, but not before its own time.
  private mutating func findArrival(
    _ record: Int,
    _ requests: ContiguousArray<RequestGraph.Request>
  ) throws(RecordFault) {
    let request = requests[record]
    arrival[record] = request.time ?? 0
    if request.isTimeFixed { return }
    guard request.time != nil || start[record] < start[record + 1] else {
      throw RecordFault(
        record: Int64(record),
        fault: Fault(at: 0, "request waits for none and has no time; give it a timestamp")
      )
    }
    for edge in edges(of: record) {
      let service = edge.trigger == .completion ? requests[Int(edge.parent)].service : 0
      do throws(Fault) {
        let position = Int(edge.position)
        let fired = try arrival[Int(edge.parent)].later(by: service, at: position)
          .later(by: edge.delay, at: position)
        arrival[record] = max(arrival[record], fired)
      } catch {
        throw RecordFault(record: Int64(record), fault: error)
      }
    }
  }

  /// Requests of one group, and those that wait for each other, are of one session.
  private mutating func numberSessions(_ requests: ContiguousArray<RequestGraph.Request>) {
    var sets = ContiguousArray(0..<Int32(requests.count))
    func find(_ record: Int32) -> Int32 {
      var root = record
      while sets[Int(root)] != root {
        sets[Int(root)] = sets[Int(sets[Int(root)])]
        root = sets[Int(root)]
      }
      return root
    }
    /// The smaller record stands for a set.
    func join(_ first: Int32, _ second: Int32) {
      let (a, b) = (find(first), find(second))
      sets[Int(max(a, b))] = min(a, b)
    }
    var firstOfGroup = ContiguousArray<Int32>()
    for record in 0..<Int32(requests.count) {
      let group = Int(requests[Int(record)].group)
      if group >= 0 {
        while firstOfGroup.count <= group { firstOfGroup.append(-1) }
        if firstOfGroup[group] < 0 { firstOfGroup[group] = record }
        join(firstOfGroup[group], record)
      }
      for edge in edges(of: Int(record)) { join(edge.parent, record) }
    }
    var sizes = ContiguousArray<Int32>(repeating: 0, count: requests.count)
    for record in 0..<Int32(requests.count) {
      let first = find(record)
      turn[Int(record)] = sizes[Int(first)]
      sizes[Int(first)] += 1
    }
    var count: Int32 = 0
    for record in 0..<Int32(requests.count) {
      let first = find(record)
      if first != record {
        session[Int(record)] = session[Int(first)]
      } else if sizes[Int(record)] > 1 || requests[Int(record)].group >= 0 {
        session[Int(record)] = count
        count += 1
      }
    }
  }

  private static func fault(_ record: Int, _ edge: Edge, _ problem: String) -> RecordFault {
    RecordFault(
      record: Int64(record),
      fault: Fault(at: Int(edge.position), "the request \(problem)")
    )
  }
}
