import Workload

/// Sessions that begin with one system prompt and grow by a node of their own every turn, which waits
/// for the one before it: after a tool, a human, or for no reason that the trace gives.
enum AgenticTrace {
  static let sessions = 12
  static let turns = 5
  static let blockTokens = 16
  private static let sharedBlocks: Int32 = 64
  private static let turnBlocks: Int32 = 40

  /// - Parameter hasPrefixes: Whether the rows say what their prompts have in common.
  /// - Returns: The trace, its rows in the order of arrival.
  static func trace(hasPrefixes: Bool = true) -> InMemoryTrace {
    var names = TraceNames()
    if hasPrefixes { names.blockTokens = blockTokens }
    return InMemoryTrace(name: "agentic", names: names, groups: [rows(hasPrefixes: hasPrefixes)])
  }

  private static func rows(hasPrefixes: Bool) -> RowGroup {
    var rows = RowGroup()
    if hasPrefixes { rows.prefixes = nodes }
    rows.edgeStart = [0]
    let places = (0..<turns).flatMap { turn in (0..<sessions).map { (turn: turn, session: $0) } }
    for (record, place) in places.enumerated() {
      let (turn, session) = place
      rows.record.append(Int64(record))
      rows.arrival.append(SimTime(turn) * 2_000_000_000 + SimTime(session) * 20_000_000)
      rows.session.append(Int32(session))
      rows.turn.append(Int32(turn))
      let blocks = sharedBlocks + turnBlocks * Int32(turn + 1)
      rows.promptTokens.append(blocks * Int32(blockTokens) + 7)
      rows.outputTokens.append(Int32(20 + 13 * session))
      rows.gapKind.append(turn == 0 ? .none : [.tool, .human, .none][(turn + session) % 3])
      if hasPrefixes {
        rows.prefixNode.append(node(session, turn))
        rows.prefixBlocks.append(turnBlocks)
      }
      if turn > 0 {
        let parent = Int64(record - sessions)
        rows.edges.append(
          TurnEdge(parentRecord: parent, delay: 700_000_001, trigger: .completion)
        )
      }
      rows.edgeStart.append(Int32(rows.edges.count))
    }
    return rows
  }

  private static func node(_ session: Int, _ turn: Int) -> Int32 {
    Int32(1 + session * turns + turn)
  }

  private static var nodes: PrefixNodes {
    var nodes = PrefixNodes()
    func add(_ id: Int32, behind parent: Int32, offset: Int32, blocks: Int32) {
      nodes.id.append(id)
      nodes.parent.append(parent)
      nodes.offset.append(offset)
      nodes.blocks.append(blocks)
    }
    add(0, behind: -1, offset: 0, blocks: sharedBlocks)
    for session in 0..<sessions {
      for turn in 0..<turns {
        let (parent, offset) =
          turn == 0 ? (0, sharedBlocks) : (node(session, turn - 1), turnBlocks)
        add(node(session, turn), behind: parent, offset: offset, blocks: turnBlocks)
      }
    }
    return nodes
  }
}
