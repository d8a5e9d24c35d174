/// Spells rows as lines of a Mooncake trace, in the order of the lines, and notes what they lose.
struct MooncakeLines {
  /// What the format has a place for.
  static let items: Set<ExportItem> = [
    .record, .sessionNumbers, .session, .turn, .parents, .requestClass, .priority, .prefixNumbers,
    .prefix,
  ]

  /// Tokens per block, the last of a prompt perhaps partial.
  static let blockTokens = 512

  let file: String
  /// What lines hold. What few of them need all have, since readers want to meet it early.
  let contents: Contents
  var losses: ExportLosses
  private var names: [String] = []
  private var count = 0
  private var text: [UInt8] = []
  private var ids = BlockNumbers()
  private var sessions: [Int32: Turn] = [:]

  struct Contents {
    var sessions: Bool
    var prefixes: Bool
    var classes: Bool
    var priorities: Bool

    init(_ census: TraceCensus, dropping: Set<ExportItem>) {
      sessions = census.holds(.session) && !dropping.contains(.session)
      prefixes = census.holds(.prefixNode) && !dropping.contains(.prefix)
      classes = census.holds(.requestClass) && !dropping.contains(.requestClass)
      priorities = census.holds(.priority) && !dropping.contains(.priority)
    }
  }

  /// The last turn of a session so far.
  private struct Turn {
    var record: Int64
    var arrival: SimTime
    var number: Int32
  }

  init(_ contents: Contents, losses: ExportLosses, file: String) {
    self.file = file
    self.contents = contents
    self.losses = losses
  }

  mutating func takeText() -> [UInt8] {
    defer { text.removeAll(keepingCapacity: true) }
    return text
  }

  /// Takes the names and the prefix nodes of the rows that come next.
  mutating func use(_ names: TraceNames, _ nodes: PrefixNodes) throws(TraceWriteError) {
    if contents.classes { self.names = names.classes }
    guard contents.prefixes, nodes.count > 0 else { return }
    guard names.blockTokens == Self.blockTokens else {
      throw failed(
        "Mooncake blocks are of \(Self.blockTokens) tokens, and those of the trace of "
          + "\(names.blockTokens)"
      )
    }
    ids.define(nodes)
  }

  mutating func append(_ row: Int, of group: borrowing RowGroup) throws(TraceWriteError) {
    text.append(UInt8(ascii: "{"))
    let session = group.session.isEmpty ? -1 : group.session[row]
    if contents.sessions, session >= 0 {
      try appendTurn(row, of: group, session)
    } else {
      if !group.turn.isEmpty, group.turn[row] != 0 {
        losses.note(.turn, "only rows of a session have turns")
      }
      if group.parentCount(row) > 0 { losses.note(.parents, "only rows of a session have them") }
      try appendStamp(row, of: group)
    }
    appendKey("input_length")
    text.append(decimal: Int64(group.promptTokens[row]))
    appendKey("output_length")
    text.append(decimal: Int64(group.outputTokens[row]))
    if contents.prefixes { try appendIds(row, of: group) }
    if contents.priorities {
      appendKey("priority")
      text.append(decimal: group.priority.isEmpty ? 0 : Int64(group.priority[row]))
    }
    if contents.classes {
      appendClass(group.requestClass.isEmpty ? "" : names[Int(group.requestClass[row])])
    }
    text.append(contentsOf: "}\n".utf8)
    count += 1
  }

  private mutating func appendClass(_ name: String) {
    let special = [UInt8(ascii: "\""), UInt8(ascii: "\\")]
    if name.utf8.contains(where: { $0 < 0x20 || special.contains($0) }) {
      losses.note(.requestClass, "a name holds a quote, a backslash or a control character")
    }
    appendKey("policy_class")
    text.append(UInt8(ascii: "\""))
    text.append(contentsOf: name.utf8)
    text.append(UInt8(ascii: "\""))
  }

  private mutating func appendTurn(
    _ row: Int,
    of group: borrowing RowGroup,
    _ session: Int32
  ) throws(TraceWriteError) {
    guard !sessions.isEmpty || count < RowGroup.preferredRows else {
      throw failed(
        "the first request of a session is on line \(count + 1); readers know of sessions from the "
          + "first \(RowGroup.preferredRows) lines"
      )
    }
    appendKey("session_id")
    text.append(UInt8(ascii: "\""))
    text.append(decimal: Int64(session))
    text.append(UInt8(ascii: "\""))
    let turn = Turn(
      record: group.record[row],
      arrival: group.arrival[row],
      number: group.turn.isEmpty ? 0 : group.turn[row]
    )
    let before = sessions.updateValue(turn, forKey: session)
    guard let before else {
      if session != sessions.count - 1 {
        losses.note(.sessionNumbers, "sessions are numbered in the order of their first lines")
      }
      if group.parentCount(row) > 0 || turn.number != 0 { noteNoChain(turn.record) }
      return try appendStamp(row, of: group)
    }
    guard group.parentCount(row) == 1 else { return noteNoChain(turn.record) }
    let edge = group.edges[Int(group.edgeStart[row])]
    guard edge.parentRecord == before.record, edge.trigger == .completion,
      Int64(turn.number) == Int64(before.number) + 1, turn.arrival >= before.arrival
    else { return noteNoChain(turn.record) }
    // A turn without a stamp arrives its delay after the turn before.
    if turn.arrival - before.arrival != edge.delay { try appendStamp(row, of: group) }
    appendKey("delay")
    text.append(milliseconds: edge.delay)
  }

  private mutating func noteNoChain(_ record: Int64) {
    losses.note(
      .session,
      "a turn waits for the completion of the one before, turns being counted from 0; record "
        + "\(record) does otherwise"
    )
  }

  private mutating func appendStamp(
    _ row: Int,
    of group: borrowing RowGroup
  ) throws(TraceWriteError) {
    let arrival = group.arrival[row]
    guard arrival % 1_000_000 == 0 else {
      throw failed(
        "record \(group.record[row]) arrives at \(seconds(arrival)) s; Mooncake time stamps are "
          + "whole milliseconds"
      )
    }
    appendKey("timestamp")
    text.append(decimal: arrival / 1_000_000)
  }

  private mutating func appendIds(
    _ row: Int,
    of group: borrowing RowGroup
  ) throws(TraceWriteError) {
    let end = group.prefixNode.isEmpty ? -1 : group.prefixNode[row]
    let blocks = (Int64(group.promptTokens[row]) - 1) / Int64(Self.blockTokens) + 1
    // Compared before they are spelled: a path may claim billions.
    let found = end < 0 ? 0 : ids.blocks(upTo: end, group.prefixBlocks[row]) ?? 0
    guard found == blocks else {
      throw failed(
        "record \(group.record[row]) has \(found) prefix blocks; in a Mooncake trace its "
          + "\(group.promptTokens[row]) prompt tokens have \(blocks)"
      )
    }
    appendKey("hash_ids")
    text.append(UInt8(ascii: "["))
    if !ids.append(end, group.prefixBlocks[row], to: &text) {
      losses.note(.prefixNumbers, "nodes are numbered, and cut, as lines first name their blocks")
    }
    text.append(UInt8(ascii: "]"))
  }

  private mutating func appendKey(_ key: StaticString) {
    if text.last != UInt8(ascii: "{") { text.append(contentsOf: ", ".utf8) }
    text.append(UInt8(ascii: "\""))
    text.append(contentsOf: key.description.utf8)
    text.append(contentsOf: "\": ".utf8)
  }

  private func failed(_ problem: String) -> TraceWriteError {
    TraceWriteError(file: file, problem: problem)
  }
}

extension RowGroup {
  /// How many requests a row waits for.
  fileprivate func parentCount(_ row: Int) -> Int {
    edgeStart.isEmpty ? 0 : Int(edgeStart[row + 1] - edgeStart[row])
  }
}

extension [UInt8] {
  /// Appends nanoseconds as milliseconds, with as many decimals as they have.
  fileprivate mutating func append(milliseconds nanoseconds: SimTime) {
    append(decimal: nanoseconds / 1_000_000)
    let fraction = nanoseconds % 1_000_000
    guard fraction > 0 else { return }
    // A leading 1 keeps the zeros behind the point.
    var digits = String(1_000_000 + fraction).dropFirst()
    while digits.last == "0" { digits.removeLast() }
    append(UInt8(ascii: "."))
    append(contentsOf: digits.utf8)
  }
}
