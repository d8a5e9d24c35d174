import KVCache
import Simulation
import Workload

/// In which order idle blocks leave, written down block by block.
enum TwinEviction: Equatable {
  case lru, fifo, lfu, lengthAware, costAware, s3fifo, sieve
  case slru(protectedUses: Int)
  case ttl(lifetime: SimTime)
  case workloadAware(lifespan: SimTime)
  /// Nothing leaves, whatever the capacity.
  case infinite

  /// The order of the evictions that cases are given; nil for others.
  init?(_ policy: any Evict) {
    guard let evicting = policy as? TestPolicies.Evicting else { return nil }
    switch evicting.rule {
    case .none: return nil
    case .lru: self = .lru
    case .fifo: self = .fifo
    case .lfu: self = .lfu
    case .slru: self = .slru(protectedUses: 2)
    case .lengthAware: self = .lengthAware
    case .ttl: self = .ttl(lifetime: evicting.lifetime)
    case .infinite: self = .infinite
    case .costAware: self = .costAware
    case .workloadAware: self = .workloadAware(lifespan: evicting.lifetime)
    case .s3fifo: self = .s3fifo
    case .sieve: self = .sieve
    }
  }

  /// After how long without use a block is dropped.
  var lifetime: SimTime? {
    if case .ttl(let lifetime) = self { lifetime } else { nil }
  }

  /// The queue that a block waits in.
  func queue(of block: TwinBlock) -> Int {
    switch self {
    case .s3fifo: block.isPromoted ? 1 : 0
    case .workloadAware: Int(block.lastClass)
    default: 0
    }
  }

  /// The smallest of a queue goes first; of equals the one that was used last the longest ago.
  func rank(of block: TwinBlock, cost: (Int) -> SimTime) -> [Int] {
    let own =
      switch self {
      case .lru, .ttl, .infinite: [Int]()
      case .fifo: [block.firstUse]
      case .lfu: [block.uses]
      case .lengthAware: [block.uses, block.depth]
      case .slru(let protectedUses): [block.uses >= protectedUses ? 1 : 0]
      case .costAware: [block.stamp + block.uses * Int(cost(block.depth))]
      case .s3fifo: [block.isPromoted ? max(block.stamp, block.firstUse) : block.firstUse]
      case .sieve: [block.stamp, block.firstUse]
      case .workloadAware: [Int(block.lastUsedAt), -block.depth]
      }
    return own + [block.lastUse]
  }

  /// What becomes of the block whose turn it is.
  enum Judgement: Equatable {
    case leaves
    /// It stays with so many uses and this stamp, and moves to the main queue if told.
    case stays(uses: Int, stamp: Int, isPromoted: Bool)
  }

  /// - Parameters:
  ///   - block: Whose turn it is.
  ///   - clock: The lap of `sieve`'s hand; what left last of `costAware`.
  ///   - lastUse: The number of the use that ended last.
  ///   - hasMain: Whether `s3fifo` has room for a main queue.
  /// - Returns: Whether it leaves.
  func judge(_ block: TwinBlock, clock: Int, lastUse: Int, hasMain: Bool) -> Judgement {
    switch self {
    case .sieve where block.uses > 1:
      return .stays(uses: 1, stamp: max(clock, block.stamp) + 1, isPromoted: false)
    case .s3fifo:
      let again = min(block.uses - 1, 3)
      if block.isPromoted, again > 0 {
        return .stays(uses: again, stamp: lastUse, isPromoted: false)
      }
      guard !block.isPromoted, again >= 2, hasMain else { return .leaves }
      return .stays(uses: 1, stamp: lastUse, isPromoted: true)
    default: return .leaves
    }
  }
}
