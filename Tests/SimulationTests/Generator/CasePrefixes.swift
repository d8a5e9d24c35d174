import Workload

/// Draws what the prompts of a trace share: system prompts, documents, and the context of the turns
/// before.
struct CasePrefixes {
  private let blockTokens: Int
  private var nodes = PrefixNodes()
  /// The paths of the rows so far, each block by its node and its place there.
  private var paths: [[(node: Int32, place: Int32)]] = []

  /// Gives the rows of a trace prefixes, and sessions something to keep; returns the tokens per
  /// block.
  static func add(to rows: inout RowGroup, using random: inout SplitMix64) -> Int {
    let blockTokens = random.pick(1, 2, 2, 3, 4, 4, 5, 8)
    var prefixes = CasePrefixes(blockTokens: blockTokens)
    if rows.session.isEmpty, !random.isOne(in: 6) {
      CaseSessions.add(to: &rows, using: &random)
      CaseSessions.addEdges(to: &rows, using: &random)
    }
    addGaps(to: &rows, using: &random)
    let longestPrompt: Int32 = random.pick(40, 60, 60, 80)
    for row in 0..<rows.count {
      let parent = parent(of: row, in: rows)
      if let parent, !random.isOne(in: 6) {
        let context = rows.promptTokens[parent] + rows.outputTokens[parent]
        rows.promptTokens[row] = min(longestPrompt, context + random.pick(0, 1, 3, 8))
      }
      prefixes.addPath(of: row, behind: parent, in: &rows, using: &random)
    }
    rows.prefixes = prefixes.nodes
    return blockTokens
  }

  private static func addGaps(to rows: inout RowGroup, using random: inout SplitMix64) {
    let thinks = random.isOne(in: 3)
    // What is kept for slow tools is in the way of others.
    if random.isOne(in: 2) {
      for edge in rows.edges.indices { rows.edges[edge].delay += random.pick(300, 1_000, 3_000) }
    }
    for row in 0..<rows.count {
      rows.gapKind.append(random.pick(.none, .tool, .human))
      rows.tool.append(random.pick(0, 1))
      let isReasoning = thinks && random.isOne(in: 4)
      rows.reasoningTokens.append(isReasoning ? rows.outputTokens[row] / 2 : 0)
    }
  }

  /// The first row before this one that it waits for.
  private static func parent(of row: Int, in rows: RowGroup) -> Int? {
    guard !rows.edgeStart.isEmpty else { return nil }
    let edges = rows.edges[Int(rows.edgeStart[row])..<Int(rows.edgeStart[row + 1])]
    let parents = edges.compactMap { edge in
      rows.record[..<row].firstIndex(of: edge.parentRecord)
    }
    return parents.first
  }

  /// Some rows know more blocks than their prompt fills, or fewer; some have no prefix.
  private mutating func addPath(
    of row: Int,
    behind parent: Int?,
    in rows: inout RowGroup,
    using random: inout SplitMix64
  ) {
    let full = Int(rows.promptTokens[row]) / blockTokens
    let count = max(0, full + random.pick(0, 0, 0, 0, 1, -1, -2))
    var path: [(node: Int32, place: Int32)] = []
    if count > 0, !random.isOne(in: 12) {
      path = start(behind: parent, using: &random)
      path = Array(path.prefix(count))
      extend(&path, to: count, using: &random)
    }
    paths.append(path)
    rows.prefixNode.append(path.last?.node ?? -1)
    rows.prefixBlocks.append((path.last?.place ?? -1) + 1)
  }

  /// What a prompt begins with: the context of its parent, of which a compaction leaves a part, or
  /// that of any other, or nothing known.
  private func start(
    behind parent: Int?,
    using random: inout SplitMix64
  ) -> [(node: Int32, place: Int32)] {
    if let parent, !random.isOne(in: 5) {
      let path = paths[parent]
      return random.isOne(in: 6) ? Array(path.prefix(path.count / 2)) : path
    }
    guard !paths.isEmpty, !random.isOne(in: 6) else { return [] }
    let path = paths[Int.random(in: 0..<paths.count, using: &random)]
    return random.isOne(in: 3) ? path : Array(path.prefix(random.pick(1, 2, 4)))
  }

  /// Adds blocks that are new, or that follow in the node in which the path ends.
  private mutating func extend(
    _ path: inout [(node: Int32, place: Int32)],
    to count: Int,
    using random: inout SplitMix64
  ) {
    if let end = path.last, random.isOne(in: 2) {
      let rest = end.place + 1..<max(end.place + 1, nodes.blocks[Int(end.node)])
      path += rest.prefix(count - path.count).map { (end.node, $0) }
    }
    guard path.count < count else { return }
    let node = Int32(nodes.count)
    nodes.id.append(node)
    nodes.parent.append(path.last?.node ?? -1)
    nodes.offset.append((path.last?.place ?? -1) + 1)
    nodes.blocks.append(Int32(count - path.count))
    path += (0..<Int32(count - path.count)).map { (node, $0) }
  }

  private init(blockTokens: Int) { self.blockTokens = blockTokens }
}
