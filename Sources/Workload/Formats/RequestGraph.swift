/// Requests known by ids of their source, and what they wait for; a line can name a request of a
/// later one, so that arrivals, sessions and edges follow when all have been read.
struct RequestGraph {
  /// Requests by record.
  private var requests = ContiguousArray<Request>()
  private var waits = ContiguousArray<Wait>()
  private var branches = ContiguousArray<Branch>()
  private var ids = RequestIds()
  private var links: RequestLinks?

  /// A request as its line gives it.
  struct Request {
    /// When it is sent, if that is fixed, else the earliest moment; on the source's clock.
    var time: SimTime?
    /// Whether it is sent at `time`, whatever it waits for.
    var isTimeFixed = false
    /// How long the recorded service took; 0 where the source does not say.
    var service: SimTime = 0
    /// What it waits behind those whose branch it is.
    var delay: SimTime = 0
    /// The source's own group of requests, such as a session; −1 for none.
    var group: Int32 = -1
  }

  private struct Wait {
    var child: Int32
    /// Number of the parent's id.
    var parent: Int32
    var edge: RequestLinks.Edge
  }

  private struct Branch {
    var parent: Int32
    /// Number of the child's id.
    var child: Int32
    var position: Int32
  }

  /// Adds the next request. An id has a scope, in which no other request may have it.
  mutating func add(
    _ request: Request,
    id: Range<Int>,
    _ line: Span<UInt8>,
    scope: Int32
  ) throws(Fault) {
    guard let record = Int32(exactly: requests.count), record < .max else {
      throw Fault(at: id.lowerBound, "trace has more than \(Int32.max) requests")
    }
    guard try ids.define(id, line, scope, as: record) else {
      let text = line.text(CSVField(range: id)) ?? ""
      throw Fault(
        at: id.lowerBound,
        "request_id '\(text)' is on an earlier line too; expected another"
      )
    }
    requests.append(request)
  }

  /// The record of the request added last.
  var last: Int32 { Int32(requests.count - 1) }

  /// Lets the request added last wait for the completion of an earlier one.
  mutating func wait(for record: Int32, delay: SimTime) {
    let edge = RequestLinks.Edge(parent: -1, delay: delay, trigger: .completion, position: 0)
    waits.append(Wait(child: last, parent: ids.number(of: record), edge: edge))
  }

  /// Lets the request added last wait for another one.
  mutating func wait(
    for id: Range<Int>,
    _ line: Span<UInt8>,
    scope: Int32,
    delay: SimTime,
    _ trigger: TurnEdge.Trigger
  ) throws(Fault) {
    let parent = try ids.number(of: id, line, scope)
    let position = Int32(id.lowerBound)
    let edge = RequestLinks.Edge(parent: -1, delay: delay, trigger: trigger, position: position)
    waits.append(Wait(child: last, parent: parent, edge: edge))
  }

  /// Lets another request wait for the completion of the one added last, unless it says itself how it
  /// waits for it.
  mutating func branch(to id: Range<Int>, _ line: Span<UInt8>, scope: Int32) throws(Fault) {
    let child = try ids.number(of: id, line, scope)
    branches.append(Branch(parent: last, child: child, position: Int32(id.lowerBound)))
  }

  /// Gives rows, which have their records, what only the whole source tells.
  mutating func complete(_ group: inout RowGroup) throws(RecordFault) {
    let links = try found()
    group.session.removeAll()
    group.turn.removeAll()
    group.edgeStart = [0]
    group.edges.removeAll()
    for row in 0..<group.count {
      let record = Int(group.record[row])
      group.arrival[row] = links.arrival[record]
      group.session.append(links.session[record])
      group.turn.append(links.turn[record])
      for edge in links.edges(of: record) {
        group.edges.append(
          TurnEdge(parentRecord: Int64(edge.parent), delay: edge.delay, trigger: edge.trigger)
        )
      }
      group.endEdges()
    }
  }

  private mutating func found() throws(RecordFault) -> RequestLinks {
    if let links { return links }
    let found = try RequestLinks(requests, edgesByChild()) { [ids] in ids.name(of: $0) }
    links = found
    waits = []
    branches = []
    return found
  }

  /// All edges, with the record that each one belongs to.
  private func edgesByChild() throws(RecordFault) -> ContiguousArray<RequestLinks.Owned> {
    var edges = ContiguousArray<RequestLinks.Owned>()
    edges.reserveCapacity(waits.count + branches.count)
    var known: Set<UInt64> = []
    for wait in waits {
      let parent = ids.record(of: wait.parent)
      guard parent >= 0 else {
        throw Self.fault(wait.child, wait.edge.position, "waits for", ids.text(of: wait.parent))
      }
      var edge = wait.edge
      edge.parent = parent
      edges.append((wait.child, edge))
      if !branches.isEmpty { known.insert(Self.pair(parent, wait.child)) }
    }
    for branch in branches {
      let child = ids.record(of: branch.child)
      guard child >= 0 else {
        throw Self.fault(branch.parent, branch.position, "branches to", ids.text(of: branch.child))
      }
      guard known.insert(Self.pair(branch.parent, child)).inserted else { continue }
      let edge = RequestLinks.Edge(
        parent: branch.parent,
        delay: requests[Int(child)].delay,
        trigger: .completion,
        position: branch.position
      )
      edges.append((child, edge))
    }
    return edges
  }

  private static func pair(_ parent: Int32, _ child: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: parent)) << 32 | UInt64(UInt32(bitPattern: child))
  }

  private static func fault(
    _ record: Int32,
    _ position: Int32,
    _ verb: String,
    _ id: String
  ) -> RecordFault {
    RecordFault(
      record: Int64(record),
      fault: Fault(
        at: Int(position),
        "the request \(verb) request '\(id)', which the file does not have"
      )
    )
  }
}

/// The ids of requests: numbered as they are met, and the records that have them.
private struct RequestIds {
  private var names = ByteNames()
  /// By number; −1 where no line so far has the id.
  private var records = ContiguousArray<Int32>()
  /// By record.
  private var numberByRecord = ContiguousArray<Int32>()

  mutating func number(
    of id: Range<Int>,
    _ line: Span<UInt8>,
    _ scope: Int32
  ) throws(Fault) -> Int32 {
    guard line.isASCII(id) || line.text(CSVField(range: id)) != nil else {
      throw Fault(at: id.lowerBound, "request id \(line.quoted(id)) is not UTF-8 text")
    }
    guard let found = names.number(of: id, line, scope: scope) else {
      throw Fault(at: id.lowerBound, "trace has more than \(Int32.max) request ids")
    }
    if found.isNew { records.append(-1) }
    return found.number
  }

  /// Gives an id to the next record; false where another record has it.
  mutating func define(
    _ id: Range<Int>,
    _ line: Span<UInt8>,
    _ scope: Int32,
    as record: Int32
  ) throws(Fault) -> Bool {
    let number = try number(of: id, line, scope)
    guard records[Int(number)] < 0 else { return false }
    records[Int(number)] = record
    numberByRecord.append(number)
    return true
  }

  func number(of record: Int32) -> Int32 { numberByRecord[Int(record)] }
  func record(of number: Int32) -> Int32 { records[Int(number)] }
  func text(of number: Int32) -> String { names.text(of: number) }
  func name(of record: Int32) -> String { text(of: number(of: record)) }
}
