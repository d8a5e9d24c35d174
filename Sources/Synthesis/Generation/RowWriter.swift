import Workload

/// Which columns a recipe's rows have, and the row group at hand.
struct RowWriter {
  let hasSessions: Bool
  let hasTools: Bool
  let hasReasoning: Bool
  let hasPrefixes: Bool
  private(set) var group = RowGroup()

  init(_ recipe: Recipe) {
    let plans = recipe.parts.map(\.sessions)
    hasSessions = plans.contains(where: \.hasTurns)
    hasTools = plans.contains { $0.hasTurns && !$0.gaps.tools.isEmpty }
    hasReasoning = plans.contains { $0.reasoning != nil }
    hasPrefixes = recipe.blockTokens > 0
    start()
  }

  var count: Int { group.count }

  private mutating func start() {
    group = RowGroup()
    group.edgeStart = hasSessions ? [0] : []
  }

  mutating func take() -> RowGroup {
    defer { start() }
    return group
  }

  /// Adds an edge of the row that is added next.
  mutating func append(edgeFrom record: Int64, microseconds: Int64) {
    group.edges.append(
      TurnEdge(parentRecord: record, delay: microseconds * 1_000, trigger: .completion)
    )
  }

  mutating func append(
    _ thread: borrowing AgentThread,
    _ model: SessionModel,
    record: Int64,
    turn: Int32,
    output: Int32,
    reasoning: Int32
  ) {
    group.record.append(record)
    group.arrival.append(thread.time * 1_000)
    group.promptTokens.append(thread.context)
    group.outputTokens.append(output)
    group.requestClass.append(model.requestClass)
    if hasReasoning { group.reasoningTokens.append(reasoning) }
    guard hasSessions else { return }
    group.session.append(model.hasTurns ? thread.session : -1)
    group.turn.append(turn)
    group.gapKind.append(thread.gapKind)
    if hasTools { group.tool.append(thread.tool) }
    group.edgeStart.append(Int32(group.edges.count))
  }

  /// Adds where the last row's prompt ends.
  mutating func append(_ node: Int32, blocks: Int32, _ nodes: inout LiveNodes) {
    group.prefixNode.append(node < 0 ? -1 : nodes.number(node))
    group.prefixBlocks.append(node < 0 ? 0 : blocks)
    nodes.state(node, in: &group.prefixes)
  }
}
