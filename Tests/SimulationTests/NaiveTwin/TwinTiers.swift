import Hardware
import KVCache
import Simulation
import Workload

/// One place below memory. A reference, since instances can share it.
final class TwinTier {
  let spec: KVTier
  /// Blocks that it has room for.
  let capacity: Int
  var cache: TwinCache

  init(_ spec: KVTier, capacity: Int, cache: TwinCache) {
    self.spec = spec
    self.capacity = capacity
    self.cache = cache
  }

  /// What of a path it can hold.
  func kept(of path: [TwinBlockName]) -> [TwinBlockName] {
    cache.eviction == .infinite ? path : Array(path.prefix(capacity))
  }
}

/// The tiers below one instance's memory, from the fastest.
struct TwinTiers {
  let tiers: [TwinTier]
  let write: TierWrite
  let blockBytes: Int64
  let blockTokens: Int
  /// How long computing new tokens behind others takes.
  let promptTime: (_ new: Int, _ past: Int) -> SimTime
  /// How often blocks were found in memory since they came there.
  private var found: [TwinBlockName: Int] = [:]

  init(
    _ tiers: [TwinTier],
    write: TierWrite,
    blockBytes: Int64,
    blockTokens: Int,
    promptTime: @escaping (_ new: Int, _ past: Int) -> SimTime
  ) {
    self.tiers = tiers
    self.write = write
    self.blockBytes = blockBytes
    self.blockTokens = blockTokens
    self.promptTime = promptTime
  }

  /// The fastest tier that others have too.
  var shared: TwinTier? { tiers.first(where: \.spec.isShared) }

  /// How long loading blocks from a tier takes, where that is faster than computing them.
  private func loadTime(_ blocks: Range<Int>, from tier: TwinTier) -> SimTime? {
    let work = Int128(blocks.count) * Int128(blockBytes) * 1_000_000_000
    let rate = Int128(tier.spec.bytesPerSecond)
    let load = SimTime((work + rate - 1) / rate) + tier.spec.latency
    let compute = promptTime(
      blocks.count * blockTokens,
      blocks.lowerBound * blockTokens
    )
    return load < compute ? load : nil
  }

  /// Whether something of a path would be loaded, whatever time has evicted meanwhile.
  func wouldRead(_ path: [TwinBlockName], behind known: Int) -> Bool {
    tiers.contains { tier in
      let held = tier.cache.match(path)
      return held > known && loadTime(known..<held, from: tier) != nil
    }
  }

  /// Reads what is faster to load than to compute; returns up to where, and how long all of it takes;
  /// nil where there is nothing.
  func read(
    _ path: [TwinBlockName],
    behind known: Int,
    _ use: TwinUse
  ) -> (end: Int, time: SimTime)? {
    var (covered, time) = (known, SimTime(0))
    for tier in tiers {
      expire(tier, at: use.now)
      let held = tier.cache.match(path)
      guard held > covered, let load = loadTime(covered..<held, from: tier) else { continue }
      let read = Array(path.prefix(held))
      tier.cache.comeBack(to: read, at: use.now)
      tier.cache.pin(read, behind: 0)
      tier.cache.unpin(read, use)
      (covered, time) = (held, time + load)
    }
    return covered > known ? (covered, time) : nil
  }

  /// The blocks of a prompt are in memory, of which the first so many were found there.
  mutating func insert(_ path: [TwinBlockName], found hit: Int, _ use: TwinUse) {
    switch write {
    case .back: return
    case .through: for tier in tiers { put(path, into: tier, use) }
    case .hit(let count):
      let often = path.prefix(hit).prefix { found[$0, default: 0] >= count - 1 }
      for tier in tiers { put(Array(often), into: tier, use) }
      for name in path.prefix(hit) { found[name, default: 0] += 1 }
    }
  }

  /// Blocks have left memory, each given with the path before it.
  mutating func leave(_ paths: [[TwinBlockName]], isForGood: Bool, at now: SimTime) {
    for path in paths { if let name = path.last { found[name] = nil } }
    let use = TwinUse(now: now, session: -1, requestClass: 0)
    if write == .back, !isForGood { demote(paths, to: 0, use) }
  }

  private func demote(_ paths: [[TwinBlockName]], to place: Int, _ use: TwinUse) {
    guard place < tiers.count else { return }
    for (index, path) in paths.enumerated() {
      // What left right before it from behind it has brought it along.
      if index > 0, paths[index - 1].dropLast() == path[...] { continue }
      put(path, into: tiers[place], use)
    }
  }

  /// Writes a path to a tier, which makes room by what it has not used.
  func put(_ path: [TwinBlockName], into tier: TwinTier, _ use: TwinUse) {
    let kept = tier.kept(of: path)
    guard !kept.isEmpty else { return }
    let known = Array(kept.prefix(tier.cache.match(kept)))
    tier.cache.comeBack(to: known, at: use.now)
    tier.cache.pin(known, behind: 0)
    if tier.cache.eviction != .infinite {
      while tier.cache.blocks.count + kept.count - known.count > tier.capacity {
        tier.cache.evictOne(at: use.now)
      }
    }
    tier.cache.pin(kept, behind: known.count)
    tier.cache.unpin(kept, use)
    let left = tier.cache.takeDepartures()
    guard write == .back, let place = tiers.firstIndex(where: { $0 === tier }) else { return }
    demote(left, to: place + 1, use)
  }

  /// Drops from a tier what time alone evicts.
  func expire(_ tier: TwinTier, at now: SimTime) {
    tier.cache.expire(at: now)
    _ = tier.cache.takeDepartures()
  }
}
