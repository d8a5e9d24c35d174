import Workload

/// Draws which rows of a trace belong together, and which of them wait for which.
enum CaseSessions {
  /// Adds sessions, numbered by first appearance like those of a trace file; in some traces a part of
  /// the rows belongs to none.
  static func add(to rows: inout RowGroup, using random: inout SplitMix64) {
    let hasLoners = random.isOne(in: 4)
    let newSession = random.pick(2, 3, 6)
    var turns: ContiguousArray<Int32> = []
    for _ in 0..<rows.count {
      if hasLoners, random.isOne(in: 4) {
        rows.session.append(-1)
        rows.turn.append(0)
        continue
      }
      let isNew = turns.isEmpty || random.isOne(in: newSession)
      if isNew { turns.append(0) }
      let session = isNew ? turns.count - 1 : Int.random(in: 0..<turns.count, using: &random)
      rows.session.append(Int32(session))
      rows.turn.append(turns[session])
      turns[session] += 1
    }
  }

  /// What the turns of a session look like.
  private enum Shape { case chain, fan, tree, joins }

  /// Lets the turns of each session wait for others of it.
  static func addEdges(to rows: inout RowGroup, using random: inout SplitMix64) {
    let shape: Shape = random.pick(.chain, .fan, .tree, .joins)
    // A source may know a turn whose parent was recorded after it.
    let isShuffled = random.isOne(in: 8)
    var edges = [[TurnEdge]](repeating: [], count: rows.count)
    for session in 0..<Int32(rows.count) {
      var members = rows.session.indices.filter { rows.session[$0] == session }
      if isShuffled { members.shuffle(using: &random) }
      for position in members.indices.dropFirst() {
        // Some later requests of a session wait for nothing.
        if random.isOne(in: 8) { continue }
        for parent in parents(of: position, in: shape, using: &random) {
          let record = rows.record[members[parent]]
          edges[members[position]].append(edge(from: record, using: &random))
        }
      }
    }
    rows.edgeStart = [0]
    for list in edges {
      rows.edges.append(contentsOf: list)
      rows.edgeStart.append(Int32(rows.edges.count))
    }
  }

  /// The positions of the turns that a turn waits for.
  private static func parents(
    of position: Int,
    in shape: Shape,
    using random: inout SplitMix64
  ) -> [Int] {
    switch shape {
    case .chain: return [position - 1]
    case .fan: return [0]
    case .tree: return [Int.random(in: 0..<position, using: &random)]
    case .joins:
      let wanted = random.pick(1, 2, 3)
      return Array((0..<position).shuffled(using: &random).prefix(wanted))
    }
  }

  private static func edge(from parent: Int64, using random: inout SplitMix64) -> TurnEdge {
    TurnEdge(
      parentRecord: parent,
      delay: random.pick(0, 0, 0, 1, 10, 10, 50, 300, 2_000),
      trigger: random.pick(.completion, .completion, .dispatch)
    )
  }
}
