import KVCache
import Testing
import Workload

struct DriveTally {
  var hits = 0
  var evicted = 0
  var expired = 0
  var discarded = 0

  mutating func add(_ other: DriveTally) {
    hits += other.hits
    evicted += other.evicted
    expired += other.expired
    discarded += other.discarded
  }
}

/// Overlapping requests that pin, extend in chunks and let go, in the cache and in its twin.
struct CacheDrive: ~Copyable {
  /// A request that has a pin.
  private struct Active {
    var row: Int
    var end: PrefixPoint
    var pinned: PrefixPoint
    var use: CacheUse
  }

  private let seed: UInt64
  private let capacity: Int
  private let group: RowGroup
  private let isUnbounded: Bool
  /// The blocks of each row's path.
  private let rowBlocks: [[Int]]
  private var trie = PrefixTrie()
  private var cache: PrefixCache
  private var twin: TwinPrefixCache
  private var random: SplitMix64
  private var active: [Active] = []
  private var now: SimTime = 0
  private(set) var tally = DriveTally()

  init(
    _ trace: CacheTrace,
    seed: UInt64,
    eviction: any Eviction,
    rule: any TwinRule
  ) throws {
    self.seed = seed
    capacity = trace.capacity
    group = trace.group
    isUnbounded = rule.isUnbounded
    let paths = TwinPaths(group.prefixes)
    rowBlocks = trace.group.record.indices.map { [group = trace.group] row in
      group.prefixNode[row] < 0
        ? [] : paths.path(to: paths.block(group.prefixNode[row], group.prefixBlocks[row]))
    }
    cache = PrefixCache(eviction: eviction)
    cache.recordsEvictions = true
    twin = TwinPrefixCache(paths, rule: rule)
    random = SplitMix64(seed: seed ^ 0x5EED)
    try trie.add(group.prefixes)
  }

  mutating func run() throws {
    for row in group.record.indices where group.prefixNode[row] >= 0 {
      now += SimTime(draw(4)) * 100_000
      try require(cache.expire(now: now, in: &trie), twin.expire(now: now)) { $0.expired += $1 }
      try start(row)
      while active.count > draw(4) { try advance(draw(active.count)) }
      if draw(3) == 0 { try discard(draw(group.count)) }
      try check()
    }
    while !active.isEmpty { try advance(draw(active.count)) }
    try check()
    #expect(cache.blocksInUse == 0)
    try empty()
  }

  /// With nothing in use everything can leave, and then nobody holds a node but the group.
  private mutating func empty() throws {
    for row in group.record.indices { try discard(row) }
    let total = cache.idleBlocks
    _ = cache.evict(.max, now: now, in: &trie)
    #expect(cache.idleBlocks == (isUnbounded ? total : 0))
    if isUnbounded { return }
    cache.clearEvictions(in: &trie)
    cache.forgetMemory(in: &trie)
    trie.releaseGroup()
    #expect(trie.liveNodes == 0)
  }

  private mutating func start(_ row: Int) throws {
    let id = (group.prefixNode[row], group.prefixBlocks[row])
    guard let end = trie.point(id: id.0, blocks: id.1) else {
      Issue.record("row \(row) has no path")
      return
    }
    let use = CacheUse(
      now: now,
      session: Int32(draw(4)) - 1,
      requestClass: UInt16(draw(3))
    )
    var pinned = cache.match(end, in: trie)
    let path = blocks(row)
    try #require(Int(pinned.depth) == twin.match(path), "seed \(seed), row \(row)")
    tally.hits += Int(pinned.depth)
    if draw(3) == 0, pinned.depth == end.depth {
      pinned = trie.ancestor(of: pinned, depth: pinned.depth - 1)
    }
    let idle = cache.idleBlocks(upTo: pinned, in: trie)
    try require(
      cache.pin(pinned, use, in: &trie),
      twin.pin(Array(path.prefix(Int(pinned.depth))), now: now)
    ) {
      #expect($1 == idle); _ = $0
    }
    active.append(Active(row: row, end: end, pinned: pinned, use: use))
  }

  /// Computes a chunk of a request, or ends it.
  private mutating func advance(_ index: Int) throws {
    var request = active[index]
    request.use.now = now
    let path = blocks(request.row)
    let left = Int(request.end.depth - request.pinned.depth)
    let chunk = min(left, 1 + draw(6))
    let target = trie.ancestor(of: request.end, depth: request.pinned.depth + Int32(chunk))
    let known = max(cache.match(target, in: trie).depth, request.pinned.depth)
    let held = Int(cache.blocksInUse + cache.idleBlocks)
    let excess = held + Int(target.depth - known) - capacity
    var fits = true
    if excess > 0 {
      let evicted = cache.evict(excess, now: now, in: &trie)
      try require(evicted, twin.evict(excess, now: now)) { $0.evicted += $1 }
      fits = evicted == excess
    }
    if left > 0, fits || draw(2) == 0 {
      try require(
        cache.extend(request.pinned, to: target, request.use, in: &trie),
        twin.extend(path, from: Int(request.pinned.depth), to: Int(target.depth))
      ) { _, _ in }
      request.pinned = target
      active[index] = request
      if draw(8) > 0 { return }
    }
    active.remove(at: index)
    try require(
      cache.unpin(request.pinned, request.use, in: &trie),
      twin.unpin(Array(path.prefix(Int(request.pinned.depth))), request.use)
    ) { _, _ in }
  }

  private mutating func discard(_ row: Int) throws {
    let id = (group.prefixNode[row], group.prefixBlocks[row])
    guard id.0 >= 0, let end = trie.point(id: id.0, blocks: id.1) else { return }
    let session = Int32(draw(4)) - 1
    try require(
      cache.discard(end, session: session, in: &trie),
      twin.discard(blocks(row), session: session)
    ) { $0.discarded += $1 }
  }

  private mutating func require(
    _ seen: Int,
    _ expected: Int,
    count: (inout DriveTally, Int) -> Void
  ) throws {
    try #require(seen == expected, "seed \(seed) at \(now)")
    count(&tally, seen)
  }

  private mutating func check() throws {
    try #require(cache.blocksInUse == twin.blocksInUse, "seed \(seed) at \(now)")
    try #require(cache.idleBlocks == twin.idleBlocks, "seed \(seed) at \(now)")
    for _ in 0..<4 {
      let row = draw(group.count)
      if group.prefixNode[row] < 0 { continue }
      let end = trie.point(id: group.prefixNode[row], blocks: group.prefixBlocks[row])
      let depth = end.map { Int(cache.match($0, in: trie).depth) }
      try #require(depth == twin.match(blocks(row)), "seed \(seed) at \(now), row \(row)")
    }
  }

  private func blocks(_ row: Int) -> [Int] { rowBlocks[row] }

  private mutating func draw(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
}
