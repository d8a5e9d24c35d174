import KVCache
import Testing
import Workload

@Suite struct PrefixTrieTests {
  private func nodes(_ rows: [(id: Int32, parent: Int32, offset: Int32, blocks: Int32)])
    -> PrefixNodes
  {
    var nodes = PrefixNodes()
    for row in rows {
      nodes.id.append(row.id)
      nodes.parent.append(row.parent)
      nodes.offset.append(row.offset)
      nodes.blocks.append(row.blocks)
    }
    return nodes
  }

  private func point(
    _ id: Int32,
    _ blocks: Int32,
    in trie: borrowing PrefixTrie
  ) throws -> PrefixPoint {
    let point = trie.point(id: id, blocks: blocks)
    return try #require(point)
  }

  @Test func `points are found, cut and compared`() throws {
    var trie = PrefixTrie()
    try trie.add(nodes([(7, -1, 0, 5), (9, 7, 3, 4), (2, 9, 1, 1), (3, -1, 0, 2)]))
    #expect(trie.liveNodes == 4)
    let end = try point(2, 1, in: trie)
    #expect(end.depth == 5)
    #expect(trie.point(id: 2, blocks: 2) == nil && trie.point(id: 2, blocks: 0) == nil)
    #expect(trie.point(id: 8, blocks: 1) == nil)
    #expect(trie.point(id: -1, blocks: 0) == .root)
    #expect(trie.ancestor(of: end, depth: 5) == end)
    #expect(trie.ancestor(of: end, depth: 4) == trie.point(id: 9, blocks: 1))
    #expect(trie.ancestor(of: end, depth: 3) == trie.point(id: 7, blocks: 3))
    #expect(trie.ancestor(of: end, depth: 0) == .root)
    let first = try point(7, 3, in: trie)
    let beside = try point(7, 4, in: trie)
    let other = try point(3, 1, in: trie)
    #expect(trie.isPrefix(first, of: end) && trie.isPrefix(.root, of: end))
    #expect(!trie.isPrefix(beside, of: end) && !trie.isPrefix(other, of: end))
    #expect(!trie.isPrefix(end, of: first) && trie.isPrefix(end, of: end))
  }

  @Test func `a node lives while somebody holds it or one behind it`() throws {
    var trie = PrefixTrie()
    try trie.add(nodes([(0, -1, 0, 2), (1, 0, 2, 2), (2, 0, 1, 2)]))
    let held = try point(1, 2, in: trie)
    trie.retain(held.node)
    trie.releaseGroup()
    #expect(trie.liveNodes == 2 && trie.point(id: 2, blocks: 1) == nil)
    try trie.add(nodes([(0, -1, 0, 2), (2, 0, 1, 2), (5, 2, 2, 9)]))
    #expect(trie.liveNodes == 4 && trie.point(id: 1, blocks: 2) == held)
    trie.releaseGroup()
    trie.release(held.node)
    #expect(trie.liveNodes == 0)
    trie.release(-1)
    trie.retain(-1)
  }

  @Test(
    arguments: [
      ([(0, -1, 0, 2), (0, -1, 0, 3)], 1, "is stated in two ways"),
      ([(0, -1, 0, 2), (1, 0, 1, 1), (1, 0, 2, 1)], 2, "is stated in two ways"),
      ([(1, 0, 1, 1)], 0, "comes before its parent 0"),
      ([(0, -1, 0, 2), (1, 0, 3, 1)], 1, "follows 3 of the 2 blocks of its parent 0"),
      ([(0, -1, 0, 2), (1, 0, 0, 1)], 1, "follows 0 of the 2 blocks of its parent 0"),
      ([(0, -1, 0, 0)], 0, "has 0 blocks; expected at least 1"),
      ([(-2, -1, 0, 1)], 0, "has a negative number"),
      (
        [(0, -1, 0, .max), (1, 0, .max, 1)], 1,
        "ends more than 2147483647 blocks from the root"
      ),
    ] as [([(Int32, Int32, Int32, Int32)], Int, String)]
  )
  func `contradictions are faults`(
    rows: [(Int32, Int32, Int32, Int32)],
    index: Int,
    problem: String
  ) throws {
    var trie = PrefixTrie()
    var fault: PrefixFault?
    do {
      try trie.add(nodes(rows.map { (id: $0.0, parent: $0.1, offset: $0.2, blocks: $0.3) }))
    } catch {
      fault = error
    }
    #expect(fault == PrefixFault(index: index, id: rows[index].0, problem: problem))
    trie.releaseGroup()
    #expect(trie.liveNodes == 0)
  }
}
