/// What every row of a trace file keeps, beyond the types of its columns.
///
/// The writer checks it too, so that what it writes can be read.
enum RowGroupRules {
  /// Checks a group of a trace with prefix blocks of so many tokens.
  static func check(
    _ group: borrowing RowGroup,
    blockTokens: Int
  ) throws(GroupFault) {
    try checkLength(rows: group.count, group.session)
    try checkRanges(group)
    try checkReasoning(group)
    try checkDeadlines(group)
    try checkNodes(group.prefixes)
    try checkPaths(group, blockTokens)
    try checkEdges(group)
  }

  /// Checks the number of rows, of which a group has many only if they are of one session: a column
  /// of equal values takes no room in a file, but does in memory.
  static func checkLength(
    rows: Int,
    _ session: borrowing ContiguousArray<Int32>
  ) throws(GroupFault) {
    let last = ArchiveFormat.mostRowsOfSessions - 1
    if rows <= last + 1 { return }
    guard rows <= ArchiveFormat.mostRows, session.count == rows, session[last] >= 0,
      session[last...].allSatisfy({ [number = session[last]] in $0 == number })
    else {
      throw GroupFault(
        problem: "has \(rows) rows; expected at most \(last + 1), or \(ArchiveFormat.mostRows) "
          + "if those behind are of one session"
      )
    }
  }

  private static func checkRanges(_ group: borrowing RowGroup) throws(GroupFault) {
    try expect(.record, group.record, 0...(.max))
    try expect(.arrival, group.arrival, 0...(.max - 1))
    try expect(.promptTokens, group.promptTokens, 1...(.max))
    try expect(.outputTokens, group.outputTokens, 1...(.max))
    try expect(.maxOutputTokens, group.maxOutputTokens, 0...(.max))
    try expect(.session, group.session, -1...(.max))
    try expect(.turn, group.turn, 0...(.max))
    try expect(.ttftSLO, group.ttftSLO, 0...(.max))
    try expect(.tpotSLO, group.tpotSLO, 0...(.max))
    try expect(.reasoningTokens, group.reasoningTokens, 0...(.max))
    try expect(.prefixNode, group.prefixNode, -1...(.max))
    try expect(.prefixBlocks, group.prefixBlocks, 0...(.max))
    try expect(.nodeID, group.prefixes.id, 0...(.max))
    try expect(.nodeBlocks, group.prefixes.blocks, 1...(.max))
    try expect(.nodeOffset, group.prefixes.offset, 0...(.max))
  }

  /// Without a branch per value, since this is asked of every row.
  private static func expect<Value: FixedWidthInteger>(
    _ column: ArchiveColumn,
    _ values: borrowing ContiguousArray<Value>,
    _ range: ClosedRange<Value>
  ) throws(GroupFault) {
    var (least, most) = (range.lowerBound, range.lowerBound)
    let span = values.span
    for row in 0..<span.count {
      least = min(least, span[row])
      most = max(most, span[row])
    }
    if least == range.lowerBound, most <= range.upperBound { return }
    for row in 0..<span.count where !range.contains(span[row]) {
      throw fault(column, row, span[row], "\(range.lowerBound) to \(range.upperBound)")
    }
  }

  private static func checkReasoning(_ group: borrowing RowGroup) throws(GroupFault) {
    for row in group.reasoningTokens.indices
    where group.reasoningTokens[row] > group.outputTokens[row] {
      throw fault(
        .reasoningTokens,
        row,
        group.reasoningTokens[row],
        "at most the \(group.outputTokens[row]) output tokens"
      )
    }
  }

  private static func checkDeadlines(_ group: borrowing RowGroup) throws(GroupFault) {
    for row in group.deadline.indices where group.deadline[row] < group.arrival[row] {
      throw fault(
        .deadline,
        row,
        group.deadline[row],
        "at least the arrival, \(group.arrival[row])"
      )
    }
  }

  private static func checkNodes(_ nodes: borrowing PrefixNodes) throws(GroupFault) {
    let index = NodeIndex(nodes.id)
    if let repeated = index.repeated {
      throw fault(.nodeID, repeated, nodes.id[repeated], "each node once")
    }
    for node in 0..<nodes.count {
      let parent = nodes.parent[node]
      var blocks: Int32 = 0
      if parent != -1 {
        guard let place = index[parent], place < node else {
          throw fault(.nodeParent, node, parent, "−1 or a node of the group in front of it")
        }
        blocks = nodes.blocks[place]
      }
      guard nodes.offset[node] <= blocks else {
        throw fault(.nodeOffset, node, nodes.offset[node], "at most the parent's \(blocks) blocks")
      }
    }
  }

  /// Checks where paths end, and that every block of a path begins within the prompt.
  private static func checkPaths(
    _ group: borrowing RowGroup,
    _ blockTokens: Int
  ) throws(GroupFault) {
    guard group.prefixNode.count == group.prefixBlocks.count else {
      throw GroupFault(
        column: ArchiveColumn.prefixBlocks.name,
        problem: "does not stand beside prefix_node; expected both or neither"
      )
    }
    let mostTokens = ArchiveFormat.mostBlockTokens
    guard group.prefixes.count == 0 || (1...mostTokens).contains(blockTokens) else {
      throw GroupFault(
        column: ArchiveColumn.nodeID.name,
        problem: "is there in a trace with blocks of \(blockTokens) tokens; expected 1 to "
          + "\(mostTokens)"
      )
    }
    if group.prefixNode.isEmpty { return }
    let index = NodeIndex(group.prefixes.id)
    let before = blocksInFront(of: group.prefixes, index)
    for row in group.prefixNode.indices {
      let (node, blocks) = (group.prefixNode[row], group.prefixBlocks[row])
      if node == -1 {
        if blocks != 0 { throw fault(.prefixBlocks, row, blocks, "0 where there is no prefix") }
        continue
      }
      guard let place = index[node] else {
        throw fault(.prefixNode, row, node, "−1 or a node of the group")
      }
      guard (1...group.prefixes.blocks[place]).contains(blocks) else {
        throw fault(.prefixBlocks, row, blocks, "1 to the node's \(group.prefixes.blocks[place])")
      }
      let most = Int64((Int(group.promptTokens[row]) - 1) / blockTokens + 1)
      let path = before[place] + Int64(blocks)
      guard path <= most else {
        throw fault(
          .prefixBlocks,
          row,
          blocks,
          "a path of at most \(most) blocks, as many as begin within the prompt, not of \(path)"
        )
      }
    }
  }

  /// Blocks between the root and each node. Their sum fits: a group has few nodes of 32-bit offsets.
  private static func blocksInFront(
    of nodes: borrowing PrefixNodes,
    _ index: borrowing NodeIndex
  ) -> ContiguousArray<Int64> {
    var before = ContiguousArray<Int64>()
    before.reserveCapacity(nodes.count)
    for node in 0..<nodes.count {
      let parent = nodes.parent[node] < 0 ? nil : index[nodes.parent[node]]
      before.append((parent.map { before[$0] } ?? 0) + Int64(nodes.offset[node]))
    }
    return before
  }

  /// Sessions are whole in a group, so an edge's parent is too.
  private static func checkEdges(_ group: borrowing RowGroup) throws(GroupFault) {
    if group.edges.isEmpty { return }
    do throws(EdgeFault) {
      _ = try ParentTable([copy group])
    } catch {
      throw GroupFault(
        column: ArchiveColumn.edgeParent.name,
        row: error.row,
        problem: "names \(error.problem)"
      )
    }
  }

  static func fault(
    _ column: ArchiveColumn,
    _ row: Int,
    _ value: some FixedWidthInteger,
    _ expected: String
  ) -> GroupFault {
    GroupFault(column: column.name, row: row, problem: "holds \(value); expected \(expected)")
  }
}
