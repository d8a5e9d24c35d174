import KVCache
import Workload

/// What a rule sees when it picks a victim.
struct TwinScene {
  let leaves: [TwinLeaf]
  /// Cached blocks that are not promoted, in use or not.
  let unpromoted: Int
  let now: SimTime
  let order: Int64
}

struct TwinLeaf {
  let number: Int
  let depth: Int
  let block: TwinPrefixCache.Block
}

enum TwinDecision {
  case evict(Int)
  case spare(Int, uses: Int64, stamp: Int64, promote: Bool)
}

/// An eviction by its definition.
protocol TwinRule {
  mutating func next(_ scene: TwinScene) -> TwinDecision
  mutating func reused(_ block: TwinPrefixCache.Block, now: SimTime)
  var stamp: Int64 { get }
  var lifetime: SimTime? { get }
  var memoryBlocks: Int { get }
  var isUnbounded: Bool { get }
  var keepsNothing: Bool { get }
}

extension TwinRule {
  mutating func reused(_ block: TwinPrefixCache.Block, now: SimTime) {}
  var stamp: Int64 { 0 }
  var lifetime: SimTime? { nil }
  var memoryBlocks: Int { 0 }
  var isUnbounded: Bool { false }
  var keepsNothing: Bool { false }
}

extension TwinScene {
  /// The leaf that sorts first by a list of numbers, then by last use.
  func first(by rank: (TwinLeaf) -> [Int64]) -> TwinLeaf? {
    leaves.min { a, b in
      (rank(a) + [a.block.last.order]).lexicographicallyPrecedes(rank(b) + [b.block.last.order])
    }
  }

  func evictFirst(by rank: (TwinLeaf) -> [Int64]) -> TwinDecision {
    .evict(first(by: rank)?.number ?? -1)
  }
}

struct PlainRule: TwinRule {
  let rank: (TwinLeaf) -> [Int64]

  mutating func next(_ scene: TwinScene) -> TwinDecision { scene.evictFirst(by: rank) }
}

struct TimedRule: TwinRule {
  let kept: SimTime

  var lifetime: SimTime? { kept }

  mutating func next(_ scene: TwinScene) -> TwinDecision { scene.evictFirst { _ in [] } }
}

struct BoundRule: TwinRule {
  let isUnbounded: Bool
  var keepsNothing: Bool { !isUnbounded }

  mutating func next(_ scene: TwinScene) -> TwinDecision { scene.evictFirst { _ in [] } }
}

struct SieveRule: TwinRule {
  var lap: Int64 = 0
  var stamp: Int64 { lap }

  mutating func next(_ scene: TwinScene) -> TwinDecision {
    let first = scene.first { [$0.block.largestStamp, $0.block.uses[0].order] }
    guard let first else { return .evict(-1) }
    lap = max(lap, first.block.largestStamp)
    return first.block.useCount > 1
      ? .spare(first.number, uses: 1, stamp: lap + 1, promote: false) : .evict(first.number)
  }
}

struct S3FIFORule: TwinRule {
  let small: Int
  let main: Int
  var memoryBlocks: Int { main }

  init(capacity: Int) {
    small = max(1, capacity / 10)
    main = capacity - small
  }

  mutating func next(_ scene: TwinScene) -> TwinDecision {
    let inSmall = scene.leaves.filter { !$0.block.isPromoted }
    let inMain = scene.leaves.filter(\.block.isPromoted)
    let fromSmall = inMain.isEmpty || (!inSmall.isEmpty && scene.unpromoted >= small)
    let queue = TwinScene(
      leaves: fromSmall ? inSmall : inMain,
      unpromoted: 0,
      now: scene.now,
      order: scene.order
    )
    let first = queue.first {
      [fromSmall ? $0.block.uses[0].order : max($0.block.largestStamp, $0.block.uses[0].order)]
    }
    guard let first else { return .evict(-1) }
    let hits = min(first.block.useCount - 1, 3)
    if fromSmall, hits >= 2, main > 0 {
      return .spare(first.number, uses: 1, stamp: scene.order, promote: true)
    }
    if !fromSmall, hits > 0 {
      return .spare(first.number, uses: hits, stamp: scene.order, promote: false)
    }
    return .evict(first.number)
  }
}

struct CostRule: TwinRule {
  static func cost(depth: Int) -> Int64 { Int64(depth * 7 % 5 + depth) }

  let cost: (Int) -> Int64
  var clock: Int64 = 0

  init(cost: @escaping (Int) -> Int64 = CostRule.cost(depth:)) { self.cost = cost }

  var stamp: Int64 { clock }

  mutating func next(_ scene: TwinScene) -> TwinDecision {
    let first = scene.first { [priority($0)] }
    guard let first else { return .evict(-1) }
    clock = max(clock, priority(first))
    return .evict(first.number)
  }

  private func priority(_ leaf: TwinLeaf) -> Int64 {
    leaf.block.largestStamp + leaf.block.useCount * cost(leaf.depth)
  }
}

struct WorkloadRule: TwinRule {
  let lifespan: SimTime
  var times: [UInt16: [SimTime]] = [:]

  mutating func reused(_ block: TwinPrefixCache.Block, now: SimTime) {
    times[block.last.requestClass, default: []].append(now - block.last.time)
  }

  mutating func next(_ scene: TwinScene) -> TwinDecision {
    // Of each class what comes first, and of those the least likely to be used again.
    let classes = Set(scene.leaves.map(\.block.last.requestClass))
    let heads = classes.map { requestClass in
      scene.leaves.filter { $0.block.last.requestClass == requestClass }.map { leaf in
        (leaf.block.last.time, -leaf.depth, leaf.block.last.order, leaf)
      }
      .min { ($0.0, $0.1, $0.2) < ($1.0, $1.1, $1.2) }
    }
    let ranked = heads.compactMap { head in
      head.map { (probability($0.3, now: scene.now), $0.1, $0.2, $0.3.number) }
    }
    return .evict(ranked.min { $0 < $1 }?.3 ?? -1)
  }

  private func probability(_ leaf: TwinLeaf, now: SimTime) -> Double {
    let seen = times[leaf.block.last.requestClass] ?? [lifespan]
    let mean = max(1, Double(seen.reduce(0, +)) / Double(seen.count))
    let age = Double(now - leaf.block.last.time)
    return DeterministicMath.exp(-age / mean)
      - DeterministicMath.exp(-(age + Double(lifespan)) / mean)
  }
}
