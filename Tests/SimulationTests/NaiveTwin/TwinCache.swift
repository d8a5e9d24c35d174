import Simulation
import Workload

/// Who gives up a pin, and when.
struct TwinUse {
  var now: SimTime
  var session: Int32
  var requestClass: UInt16
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
  /// The numbers of its first and its latest use, when the latter was, and whose; 0 before the first.
  var firstUse = 0
  var lastUse = 0
  var lastUsedAt: SimTime = 0
  var lastClass: UInt16 = 0
  var uses = 0
  /// The sessions that used it.
  var sessions: Set<Int32> = []
  /// The largest that its uses, or those who spared it, were given.
  var stamp = 0
  /// Whether it is in the main queue of `s3fifo`.
  var isPromoted = false
}

/// The cached blocks of one instance, or of one tier, one by one.
struct TwinCache {
  let eviction: TwinEviction
  /// Blocks that it is meant to have room for, as an eviction is told.
  let capacity: Int
  /// What computing the block at a depth costs.
  let cost: (Int) -> SimTime
  var blocks: [TwinBlockName: TwinBlock] = [:]
  private(set) var inUse = 0
  private(set) var evicted = 0
  var uses = 0
  var clock = 0
  /// What `s3fifo` remembers of what left its small queue, the oldest first.
  var memory: [TwinBlockName] = []
  /// Times between uses by class, and how many, of `workloadAware`.
  var reuses: [UInt16: (sum: Int128, count: Int)] = [:]
  /// The paths up to the blocks that have left since the tiers were told, in order.
  private(set) var departures: [[TwinBlockName]] = []

  init(_ eviction: TwinEviction, capacity: Int, cost: @escaping (Int) -> SimTime) {
    self.eviction = eviction
    self.capacity = capacity
    self.cost = cost
  }

  var idle: Int { blocks.count - inUse }

  func isIdle(_ block: TwinBlockName) -> Bool { blocks[block]?.pins == 0 }

  func isCached(_ block: TwinBlockName) -> Bool { blocks[block] != nil }

  /// How many blocks of a path are cached, from its first on.
  func match(_ path: [TwinBlockName]) -> Int { path.prefix { blocks[$0] != nil }.count }

  /// The path up to a cached block.
  func path(to name: TwinBlockName) -> [TwinBlockName] {
    guard let previous = blocks[name]?.previous else { return [name] }
    return path(to: previous) + [name]
  }

  /// Somebody comes back to a path that is cached, before pinning it.
  mutating func comeBack(to path: [TwinBlockName], at now: SimTime) {
    guard let end = path.last.flatMap({ blocks[$0] }), end.followers == 0, end.uses > 0 else {
      return
    }
    let known = reuses[end.lastClass] ?? (0, 0)
    reuses[end.lastClass] = (known.sum + Int128(now - end.lastUsedAt), known.count + 1)
  }

  /// Pins the blocks of a path behind the first so many, which are pinned already; inserts those
  /// that are not cached.
  mutating func pin(_ path: [TwinBlockName], behind pinned: Int) {
    let new = path.dropFirst(pinned).filter { blocks[$0] == nil }
    for index in path.indices.dropFirst(pinned) {
      if blocks[path[index]] == nil {
        let previous = index > 0 ? path[index - 1] : nil
        blocks[path[index]] = TwinBlock(previous: previous, depth: index + 1)
        if let previous { blocks[previous]?.followers += 1 }
      }
      if isIdle(path[index]) { inUse += 1 }
      blocks[path[index]]?.pins += 1
    }
    if let known = new.last(where: memory.contains) { promote(known) }
    memory.removeAll(where: new.contains)
  }

  /// Takes a pin off all blocks of a path, which is a use of each.
  mutating func unpin(_ path: [TwinBlockName], _ use: TwinUse) {
    guard !path.isEmpty else { return }
    uses += 1
    for name in path {
      guard var block = blocks[name], block.pins > 0 else {
        preconditionFailure("a pin on a block that is not cached")
      }
      block.pins -= 1
      if block.pins == 0 { inUse -= 1 }
      if block.firstUse == 0 { block.firstUse = uses }
      block.lastUse = uses
      block.lastUsedAt = use.now
      block.lastClass = use.requestClass
      block.uses += 1
      block.sessions.insert(use.session)
      block.stamp = max(block.stamp, clock)
      blocks[name] = block
    }
  }

  /// Whether nothing that is cached follows a block.
  func isLeaf(_ name: TwinBlockName) -> Bool { blocks[name]?.followers == 0 }

  mutating func evict(_ name: TwinBlockName) {
    precondition(isIdle(name) && isLeaf(name), "a block that is needed is evicted")
    departures.append(path(to: name))
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

  /// What has left since this was asked, for the tiers below.
  mutating func takeDepartures() -> [[TwinBlockName]] {
    defer { departures = [] }
    return departures
  }
}
