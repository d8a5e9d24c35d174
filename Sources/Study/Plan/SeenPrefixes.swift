import Workload

/// The part of each prompt that some earlier prompt of the trace began with.
///
/// What a cache of the whole fleet would hit that never forgets and sees a prompt's blocks at once: an
/// upper bound for prompts, since instances have caches of their own, which evict. The KV of generated
/// tokens counts as new where a later prompt goes on from it, as it does where it stays on decode
/// instances. Grows with the nodes of the trace, of which even a long prompt has tens.
struct SeenPrefixes {
  /// Hits are whole multiples of so many tokens.
  private let hitTokens: Int64
  private var blockTokens: Int64 = 0
  /// Dense numbers of the nodes by those in the trace; only looked up.
  private var numbers: [Int32: Int32] = [:]
  private var parent = ContiguousArray<Int32>()
  /// Blocks of the path before a node's first, and through its last.
  private var before = ContiguousArray<Int64>()
  private var end = ContiguousArray<Int64>()
  /// How deep prompts have gone through a node, in blocks from the root; 0 where none has. What is
  /// before a node that one has gone through has been gone through too.
  private var depth = ContiguousArray<Int64>()

  /// - Parameter hitTokens: Tokens per block of KV memory, at least 1.
  init(hitTokens: Int) { self.hitTokens = Int64(hitTokens) }

  /// Takes the nodes that a group restates. What is no node is left out: the run refuses its trace.
  mutating func add(_ nodes: PrefixNodes, blockTokens: Int) {
    self.blockTokens = Int64(blockTokens)
    for index in 0..<nodes.count where numbers[nodes.id[index]] == nil {
      var (above, first) = (Int32(-1), Int64(0))
      if nodes.parent[index] >= 0 {
        guard let known = numbers[nodes.parent[index]] else { continue }
        above = known
        first = before[Int(known)] + Int64(nodes.offset[index])
        guard first > before[Int(known)], first <= end[Int(known)] else { continue }
      }
      guard nodes.blocks[index] >= 1 else { continue }
      numbers[nodes.id[index]] = Int32(parent.count)
      parent.append(above)
      before.append(first)
      end.append(first + Int64(nodes.blocks[index]))
      depth.append(0)
    }
  }

  /// Takes the prompt of a row, and returns how many of its tokens need not be computed.
  ///
  /// - Complexity: O(nodes of the path that no prompt has gone through before).
  mutating func meet(row: Int, of group: borrowing RowGroup) -> Int {
    guard blockTokens > 0, !group.prefixNode.isEmpty,
      let number = numbers[group.prefixNode[row]]
    else { return 0 }
    let promptTokens = Int64(group.promptTokens[row])
    var node = Int(number)
    // Only full blocks are shared.
    let last = before[node] + max(0, Int64(group.prefixBlocks[row]))
    var through = min(last, end[node], promptTokens / blockTokens)
    while node >= 0, before[node] >= through { node = Int(parent[node]) }
    var seen: Int64 = 0
    while node >= 0, seen == 0 {
      seen = min(depth[node], through)
      depth[node] = max(depth[node], through)
      through = before[node]
      node = Int(parent[node])
    }
    return Int(min(seen * blockTokens, promptTokens - 1) / hitTokens * hitTokens)
  }
}
