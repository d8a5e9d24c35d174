import Simulation
import Workload

/// Who gives up a pin, and when.
struct TwinUse {
  var now: SimTime
  var session: Int32
}

/// One cached block, and all that an eviction may want to know of it.
struct TwinBlock {
  /// The block before it; nil for a first one.
  let previous: TwinBlockName?
  /// Blocks from the root up to and including it.
  let depth: Int
  var pins = 0
  /// Cached blocks that follow it.
  var followers = 0
  /// The numbers of its first and its latest use, and when the latter was; 0 before the first.
  var firstUse = 0
  var lastUse = 0
  var lastUsedAt: SimTime = 0
  var uses = 0
  /// The sessions that used it.
  var sessions: Set<Int32> = []
}

/// The cached blocks of one instance, one by one.
struct TwinCache {
  let eviction: TwinEviction
  private(set) var blocks: [TwinBlockName: TwinBlock] = [:]
  private(set) var inUse = 0
  private(set) var evicted = 0
  private var uses = 0

  init(_ eviction: TwinEviction) { self.eviction = eviction }

  var idle: Int { blocks.count - inUse }

  func isIdle(_ block: TwinBlockName) -> Bool { blocks[block]?.pins == 0 }

  func isCached(_ block: TwinBlockName) -> Bool { blocks[block] != nil }

  /// How many blocks of a path are cached, from its first on.
  func match(_ path: [TwinBlockName]) -> Int { path.prefix { blocks[$0] != nil }.count }

  /// Pins the blocks of a path behind the first so many, which are pinned already; inserts those
  /// that are not cached.
  mutating func pin(_ path: [TwinBlockName], behind pinned: Int) {
    for index in path.indices.dropFirst(pinned) {
      if blocks[path[index]] == nil {
        let previous = index > 0 ? path[index - 1] : nil
        blocks[path[index]] = TwinBlock(previous: previous, depth: index + 1)
        if let previous { blocks[previous]?.followers += 1 }
      }
      if isIdle(path[index]) { inUse += 1 }
      blocks[path[index]]?.pins += 1
    }
  }

  /// Takes a pin off all blocks of a path, which is a use of each.
  mutating func unpin(_ path: [TwinBlockName], _ use: TwinUse) {
    uses += 1
    for name in path {
      guard var block = blocks[name], block.pins > 0 else {
        preconditionFailure("a pin on a block that is not cached")
      }
      block.pins -= 1
      if block.pins == 0 { inUse -= 1 }
      if block.uses == 0 { block.firstUse = uses }
      block.lastUse = uses
      block.lastUsedAt = use.now
      block.uses += 1
      block.sessions.insert(use.session)
      blocks[name] = block
    }
  }

  /// Whether nothing that is cached follows a block.
  func isLeaf(_ name: TwinBlockName) -> Bool { blocks[name]?.followers == 0 }

  /// Evicts the first idle leaf in the order of the eviction.
  mutating func evictOne() {
    var first: (name: TwinBlockName, rank: [Int])?
    for (name, block) in blocks where block.pins == 0 && block.followers == 0 {
      let rank = eviction.rank(of: block)
      if let known = first, !rank.lexicographicallyPrecedes(known.rank) { continue }
      first = (name, rank)
    }
    guard let first else { preconditionFailure("nothing is left to evict") }
    evict(first.name)
  }

  mutating func evict(_ name: TwinBlockName) {
    precondition(isIdle(name) && isLeaf(name), "a block that is needed is evicted")
    if let previous = blocks[name]?.previous { blocks[previous]?.followers -= 1 }
    blocks[name] = nil
    evicted += 1
  }

  /// Drops idle blocks whose time is over.
  mutating func expire(at now: SimTime) {
    guard let lifetime = eviction.lifetime else { return }
    let over = blocks.filter { $0.value.pins == 0 && $0.value.lastUsedAt + lifetime <= now }
    for (name, _) in over.sorted(by: { $0.value.depth > $1.value.depth }) { evict(name) }
  }
}
