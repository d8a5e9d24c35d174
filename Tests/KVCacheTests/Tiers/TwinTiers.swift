import KVCache
import Workload

/// A device and the tiers below it, block by block.
struct TwinTiers {
  let capacities: [Int]
  let tiers: [CacheTier]
  let write: TierWrite
  let context: EvictionContext
  let blockBytes: Int64
  /// The device first.
  var caches: [TwinPrefixCache]
  /// How often each block was found in the device since it came there.
  var found: [Int]
  var readBlocks: [Int]
  var writtenBlocks: [Int]

  init(
    _ paths: TwinPaths,
    context: EvictionContext,
    tiers: [CacheTier],
    write: TierWrite,
    blockBytes: Int64,
    rule: (Int) -> any TwinRule
  ) {
    self.tiers = tiers
    self.write = write
    self.context = context
    self.blockBytes = blockBytes
    capacities = [context.capacityBlocks] + tiers.map(\.capacityBlocks)
    caches = capacities.map { TwinPrefixCache(paths, rule: rule($0)) }
    found = Array(repeating: 0, count: paths.parent.count)
    readBlocks = tiers.map { _ in 0 }
    writtenBlocks = readBlocks
  }

  mutating func step(_ path: [Int], _ use: CacheUse) -> (blocks: Int, hits: Int, reads: [TierRead])
  {
    if path.isEmpty { return (0, 0, []) }
    _ = caches[0].expire(now: use.now)
    settle(isForGood: true, use)
    let cached = caches[0].match(path)
    let reads = read(path, beyond: cached, use)
    let kept = cut(path, 0)
    _ = caches[0].pin(Array(path.prefix(cached)), now: use.now)
    makeRoom(0, for: kept.count - cached, use)
    settle(isForGood: false, use)
    _ = caches[0].extend(kept, from: cached, to: kept.count)
    let hit = path.prefix(cached)
    switch write {
    case .back: break
    case .through: for tier in tiers.indices { put(kept, tier, use) }
    case .hit(let count):
      let due = hit.prefix { found[$0] + 1 >= count }
      for tier in tiers.indices { put(Array(due), tier, use) }
    }
    for block in hit { found[block] += 1 }
    _ = caches[0].unpin(kept, use)
    settle(isForGood: false, use)
    return (path.count, cached, reads)
  }

  private mutating func read(_ path: [Int], beyond cached: Int, _ use: CacheUse) -> [TierRead] {
    var reads: [TierRead] = []
    var covered = cached
    for tier in tiers.indices {
      _ = caches[tier + 1].expire(now: use.now)
      caches[tier + 1].evicted = []
      let held = caches[tier + 1].match(path)
      let blocks = held - covered
      guard blocks > 0 else { continue }
      let rate = tiers[tier].bytesPerSecond
      let bytes = Int64(blocks) * blockBytes
      let (whole, rest) = (bytes * 1_000_000_000).quotientAndRemainder(dividingBy: rate)
      let load = whole + (rest > 0 ? 1 : 0) + tiers[tier].latency
      let compute = context.recomputeTime(
        blocks * context.blockTokens,
        covered * context.blockTokens
      )
      if load >= compute { continue }
      let known = Array(path.prefix(held))
      _ = caches[tier + 1].pin(known, now: use.now)
      _ = caches[tier + 1].unpin(known, use)
      caches[tier + 1].evicted = []
      readBlocks[tier] += blocks
      reads.append(
        TierRead(
          tier: tier,
          from: Int32(covered),
          to: Int32(held),
          loadTime: load,
          recomputeTime: compute
        )
      )
      covered = held
    }
    return reads
  }

  /// What left the device.
  private mutating func settle(isForGood: Bool, _ use: CacheUse) {
    let left = caches[0].evicted
    caches[0].evicted = []
    for block in left { found[block] = 0 }
    if write == .back, !isForGood { demote(left, 0, use) }
  }

  private mutating func demote(_ blocks: [Int], _ tier: Int, _ use: CacheUse) {
    guard tier < tiers.count else { return }
    var last = -1
    for block in blocks {
      if last < 0 || caches[0].paths.parent[last] != block {
        put(caches[0].paths.path(to: block), tier, use)
      }
      last = block
    }
  }

  private mutating func put(_ path: [Int], _ tier: Int, _ use: CacheUse) {
    if path.isEmpty { return }
    let kept = cut(path, tier + 1)
    let cached = caches[tier + 1].match(kept)
    _ = caches[tier + 1].pin(Array(kept.prefix(cached)), now: use.now)
    writtenBlocks[tier] += kept.count - cached
    makeRoom(tier + 1, for: kept.count - cached, use)
    _ = caches[tier + 1].extend(kept, from: cached, to: kept.count)
    _ = caches[tier + 1].unpin(kept, use)
    let left = caches[tier + 1].evicted
    caches[tier + 1].evicted = []
    if write == .back { demote(left, tier + 1, use) }
  }

  private func cut(_ path: [Int], _ cache: Int) -> [Int] {
    caches[cache].rule.isUnbounded ? path : Array(path.prefix(capacities[cache]))
  }

  private mutating func makeRoom(_ cache: Int, for blocks: Int, _ use: CacheUse) {
    let excess = caches[cache].blocks.count(where: \.isCached) + blocks - capacities[cache]
    if excess > 0 { _ = caches[cache].evict(excess, now: use.now) }
  }
}
