import KVCache
import Workload

/// A prefix cache by its definition: every block by itself, with the list of its uses.
struct TwinPrefixCache {
  struct Use {
    var order: Int64
    var time: SimTime
    var requestClass: UInt16
    var session: Int32
    var stamp: Int64
  }

  struct Block {
    var isCached = false
    var pins = 0
    var uses: [Use] = []
    /// Uses that the eviction has taken off.
    var forgiven: Int64 = 0
    var stamp: Int64 = 0
    var isPromoted = false

    var useCount: Int64 { Int64(uses.count) - forgiven }
    var last: Use { uses.last ?? Use(order: 0, time: 0, requestClass: 0, session: -1, stamp: 0) }
    var largestStamp: Int64 { max(stamp, uses.map(\.stamp).max() ?? 0) }
  }

  let paths: TwinPaths
  var blocks: [Block]
  var rule: any TwinRule
  var order: Int64 = 0
  /// Blocks that left lately, the oldest first.
  var ghosts: [Int] = []
  var evicted: [Int] = []

  init(_ paths: TwinPaths, rule: any TwinRule) {
    self.paths = paths
    self.rule = rule
    blocks = Array(repeating: Block(), count: paths.parent.count)
  }

  var blocksInUse: Int { blocks.count { $0.isCached && $0.pins > 0 } }
  var idleBlocks: Int { blocks.count { $0.isCached && $0.pins == 0 } }

  func match(_ path: [Int]) -> Int { path.prefix { blocks[$0].isCached }.count }

  func isLeaf(_ block: Int) -> Bool {
    !paths.children[block].contains { blocks[$0].isCached }
  }

  var idleLeaves: [Int] {
    blocks.indices.filter { blocks[$0].isCached && blocks[$0].pins == 0 && isLeaf($0) }
  }

  mutating func pin(_ path: [Int], now: SimTime) -> Int {
    guard let end = path.last else { return 0 }
    if isLeaf(end), !blocks[end].uses.isEmpty { rule.reused(blocks[end], now: now) }
    return hold(path)
  }

  mutating func extend(_ path: [Int], from pinned: Int, to end: Int) -> Int {
    let new = path[pinned..<end].filter { !blocks[$0].isCached }
    let remembered = new.filter { ghosts.contains($0) }
    ghosts.removeAll { new.contains($0) }
    for block in new {
      blocks[block] = Block(isCached: true)
    }
    if let deepest = remembered.last {
      for block in path {
        blocks[block].isPromoted = true
        if block == deepest { break }
      }
    }
    return hold(Array(path[pinned..<end]))
  }

  private mutating func hold(_ path: [Int]) -> Int {
    var newlyUsed = 0
    for block in path {
      if blocks[block].pins == 0 { newlyUsed += 1 }
      blocks[block].pins += 1
    }
    return newlyUsed
  }

  mutating func unpin(_ path: [Int], _ use: CacheUse) -> Int {
    guard !path.isEmpty else { return 0 }
    order += 1
    var released = 0
    for block in path {
      blocks[block].pins -= 1
      if blocks[block].pins == 0 { released += 1 }
      blocks[block].uses.append(
        Use(
          order: order,
          time: use.now,
          requestClass: use.requestClass,
          session: use.session,
          stamp: rule.stamp
        )
      )
    }
    if rule.keepsNothing { while let block = idleLeaves.first { leave(block) } }
    return released
  }

  mutating func evict(_ count: Int, now: SimTime) -> Int {
    var evicted = 0
    while evicted < count, !rule.isUnbounded, let victim = nextVictim(now: now) {
      leave(victim)
      if rule.memoryBlocks > 0, !blocks[victim].isPromoted {
        ghosts.append(victim)
        if ghosts.count > rule.memoryBlocks { ghosts.removeFirst() }
      }
      evicted += 1
    }
    return evicted
  }

  private mutating func nextVictim(now: SimTime) -> Int? {
    while true {
      let leaves = idleLeaves
      if leaves.isEmpty { return nil }
      let scene = TwinScene(
        leaves: leaves.map {
          TwinLeaf(number: $0, depth: paths.depth[$0], block: blocks[$0])
        },
        unpromoted: blocks.count { $0.isCached && !$0.isPromoted },
        now: now,
        order: order
      )
      switch rule.next(scene) {
      case .evict(let block): return block
      case .spare(let block, let uses, let stamp, let isPromoting):
        let forgiven = blocks[block].useCount - uses
        for above in paths.path(to: block) {
          blocks[above].forgiven += forgiven
          blocks[above].stamp = max(blocks[above].stamp, stamp)
          if isPromoting { blocks[above].isPromoted = true }
        }
      }
    }
  }

  mutating func expire(now: SimTime) -> Int {
    guard let lifetime = rule.lifetime else { return 0 }
    var evicted = 0
    while let old = idleLeaves.first(where: { now - blocks[$0].last.time >= lifetime }) {
      leave(old)
      evicted += 1
    }
    return evicted
  }

  mutating func discard(_ path: [Int], session: Int32) -> Int {
    var dropped = 0
    for block in path.prefix(match(path)).reversed() {
      guard session >= 0, isLeaf(block), blocks[block].pins == 0,
        blocks[block].uses.allSatisfy({ $0.session == session })
      else { break }
      leave(block)
      dropped += 1
    }
    return dropped
  }

  private mutating func leave(_ block: Int) {
    blocks[block].isCached = false
    evicted.append(block)
  }
}

/// The blocks of a trace by number, and what stands before each.
struct TwinPaths {
  /// −1 at a root.
  private(set) var parent: [Int] = []
  /// Blocks of the path up to the block, itself included.
  private(set) var depth: [Int] = []
  private(set) var children: [[Int]] = []
  private var first: [Int32: Int] = [:]

  init(_ nodes: PrefixNodes) {
    for index in 0..<nodes.count {
      var above =
        nodes.parent[index] < 0
        ? -1 : (first[nodes.parent[index]] ?? 0) + Int(nodes.offset[index]) - 1
      first[nodes.id[index]] = parent.count
      for _ in 0..<nodes.blocks[index] {
        depth.append(above < 0 ? 1 : depth[above] + 1)
        parent.append(above)
        children.append([])
        if above >= 0 { children[above].append(parent.count - 1) }
        above = parent.count - 1
      }
    }
  }

  /// The number of a node's block, counted from 1.
  func block(_ node: Int32, _ count: Int32) -> Int { (first[node] ?? 0) + Int(count) - 1 }

  func path(to block: Int) -> [Int] {
    var path: [Int] = []
    var next = block
    while next >= 0 {
      path.append(next)
      next = parent[next]
    }
    return path.reversed()
  }
}
