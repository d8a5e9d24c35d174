import KVCache
import Workload

// What the rows of a trace in memory say of a turn before it arrives.
extension SessionArrivals {
  /// The prefix nodes of the next group that has some.
  mutating func takeNodes() -> LoadedNodes? {
    while nextNodes < trace.groups.count {
      let group = nextNodes
      nextNodes += 1
      guard trace.groups[group].prefixes.count > 0 else { continue }
      return LoadedNodes(
        table: trace.groups[group].prefixes,
        blockTokens: trace.names.blockTokens
      )
    }
    return nil
  }

  /// Turns that wait for the one at a position and have not been dispatched.
  func waitingChildren(of position: Int) -> ContiguousArray<Int32> {
    guard isClosed else { return [] }
    var waiting: ContiguousArray<Int32> = []
    for edge in graph.children(of: position) {
      let child = Int(edge.child)
      if !isOffered[child], missing[child] < .max { waiting.append(edge.child) }
    }
    return waiting
  }

  func pathEnd(of position: Int) -> PrefixPoint {
    let (group, row) = (graph.group(of: position), graph.row(of: position))
    guard !trace.groups[group].prefixNode.isEmpty else { return .root }
    return PrefixPoint(
      node: trace.groups[group].prefixNode[row],
      depth: trace.groups[group].prefixBlocks[row]
    )
  }

  func promptTokens(of position: Int) -> Int64 {
    Int64(trace.groups[graph.group(of: position)].promptTokens[graph.row(of: position)])
  }

  func gapKind(of position: Int) -> GapKind {
    let group = graph.group(of: position)
    guard !trace.groups[group].gapKind.isEmpty else { return .none }
    return trace.groups[group].gapKind[graph.row(of: position)]
  }

  /// As `RetentionView.tool`.
  func tool(of position: Int) -> Int32 {
    switch gapKind(of: position) {
    case .human: return -2
    case .none: return -1
    case .tool:
      let group = graph.group(of: position)
      guard !trace.groups[group].tool.isEmpty else { return -1 }
      return Int32(trace.groups[group].tool[graph.row(of: position)])
    }
  }

  func gap(of position: Int, at now: SimTime) -> (length: SimTime, tool: Int32)? {
    guard isClosed, case let last = paths.lastCompletion(before: position), last >= 0 else {
      return nil
    }
    return (now - last, tool(of: position))
  }

  mutating func addRetained(_ position: Int, _ byteTime: Int128) {
    tallies[Int(graph.session[position])].retainedByteTime += byteTime
  }
}
