import Workload

/// A small random trace of prompts that branch off each other, and a cache that is too small for it.
struct CacheTrace {
  let trace: InMemoryTrace
  let group: RowGroup
  let capacity: Int

  static let blockTokens = 4

  init(seed: UInt64, rows: ClosedRange<Int> = 20...59) {
    var random = SplitMix64(seed: seed)
    func draw(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
    var group = RowGroup()
    var now: SimTime = 0
    var nodes = PrefixNodes()
    // Paths as (node, blocks), of which later prompts take a part and go on.
    var ends: [(node: Int32, blocks: Int32)] = []
    for row in 0..<rows.lowerBound + draw(rows.count) {
      var end: (node: Int32, blocks: Int32) = (-1, 0)
      if !ends.isEmpty, draw(8) > 0 {
        let known = ends[draw(ends.count)]
        end = (known.node, Int32(1 + draw(Int(known.blocks))))
      }
      if end.node < 0 || draw(2) == 0 {
        nodes.id.append(Int32(nodes.count))
        nodes.parent.append(end.node)
        nodes.offset.append(end.blocks)
        nodes.blocks.append(Int32(1 + draw(9)))
        end = (Int32(nodes.id.count - 1), nodes.blocks[nodes.blocks.count - 1])
      }
      ends.append(end)
      group.record.append(Int64(row))
      // Some arrive together.
      now += SimTime(draw(3)) * 1_000
      group.arrival.append(now)
      group.requestClass.append(UInt16(draw(3)))
      group.session.append(Int32(draw(4)) - 1)
      group.outputTokens.append(1)
      group.prefixNode.append(end.node)
      group.prefixBlocks.append(end.blocks)
      let blocks = Self.pathBlocks(end, nodes)
      group.promptTokens.append(Int32(blocks * Self.blockTokens - draw(Self.blockTokens)))
    }
    group.prefixes = nodes
    var names = TraceNames()
    names.blockTokens = Self.blockTokens
    self.group = group
    trace = InMemoryTrace(name: "cache-\(seed)", names: names, groups: [group])
    capacity = 1 + draw(30)
  }

  private static func pathBlocks(_ end: (node: Int32, blocks: Int32), _ nodes: PrefixNodes) -> Int {
    var (node, blocks, sum) = (end.node, end.blocks, 0)
    while node >= 0 {
      sum += Int(blocks)
      blocks = nodes.offset[Int(node)]
      node = nodes.parent[Int(node)]
    }
    return sum
  }
}
