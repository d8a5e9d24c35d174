import Workload

/// Traces of random sessions in any order, with every column there is.
struct RandomRows {
  private var random: SplitMix64
  private var record: Int64 = 0
  private var nodes = PrefixNodes()

  init(seed: UInt64) { random = SplitMix64(seed: seed) }

  private mutating func draw(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }

  /// Groups of up to `largest` rows; arrivals repeat, and so do sessions.
  mutating func groups(_ count: Int, largest: Int) -> [RowGroup] {
    (0..<count).map { _ in group(1 + draw(largest)) }
  }

  private mutating func group(_ rows: Int) -> RowGroup {
    var group = RowGroup()
    group.edgeStart = [0]
    for _ in 0..<rows {
      group.record.append(record)
      group.arrival.append(SimTime(draw(400)) * 1_000_000_007)
      group.promptTokens.append(Int32(1 + draw(9_000)))
      group.outputTokens.append(Int32(1 + draw(900)))
      group.maxOutputTokens.append(Int32(draw(2_000)))
      // A third of the rows belongs to no session; some numbers are far from the others.
      let session = Int32(draw(60)) - 20
      group.session.append(session > 36 ? 2_000_000_000 + session : max(session, -1))
      group.turn.append(Int32(draw(9)))
      group.requestClass.append(UInt16(draw(5)))
      group.tenant.append(UInt16(draw(500)))
      group.priority.append(Int32(draw(9)) - 4)
      group.model.append(UInt16(draw(3)))
      group.adapter.append(UInt16(draw(3)))
      group.ttftSLO.append(SimTime(draw(1_000)))
      group.tpotSLO.append(SimTime(draw(1_000)))
      group.deadline.append(draw(2) == 0 ? .never : SimTime(draw(1_000)))
      group.reasoningTokens.append(Int32(draw(2)))
      group.gapKind.append(GapKind(rawValue: UInt8(draw(3))) ?? .none)
      group.tool.append(UInt16(draw(3)))
      appendPrefix(to: &group)
      for _ in 0..<draw(3) {
        group.edges.append(
          TurnEdge(
            parentRecord: Int64(draw(1_000)),
            delay: SimTime(draw(1_000)),
            trigger: draw(2) == 0 ? .completion : .dispatch
          )
        )
      }
      group.edgeStart.append(Int32(group.edges.count))
      record += 1
    }
    group.prefixes = nodes
    return group
  }

  /// Ends the row's path in a node, which may be new and then hangs below an older one.
  private mutating func appendPrefix(to group: inout RowGroup) {
    if nodes.count == 0 || draw(20) == 0 {
      let parent = nodes.count == 0 ? -1 : draw(nodes.count)
      nodes.parent.append(parent < 0 ? -1 : nodes.id[parent])
      nodes.offset.append(parent < 0 ? 0 : nodes.blocks[parent])
      // Numbers go down, so that they do not tell parents from children.
      nodes.id.append(Int32(10_000 - nodes.count))
      nodes.blocks.append(Int32(1 + draw(9)))
    }
    let node = draw(nodes.count)
    group.prefixNode.append(nodes.id[node])
    group.prefixBlocks.append(nodes.blocks[node])
  }
}
