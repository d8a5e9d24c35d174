import KVCache
import Workload

/// In which order idle blocks leave, written down block by block.
enum TwinEviction: Equatable {
  case lru, fifo, lfu, lengthAware
  case slru(protectedUses: Int)
  case ttl(lifetime: SimTime)
  /// Nothing leaves, whatever the capacity.
  case infinite

  /// The order of an eviction; nil where it depends on more than what single blocks went through.
  init?(_ eviction: any Eviction) {
    switch eviction {
    case is KeepAll: self = .infinite
    case is LRU: self = .lru
    case is FIFO: self = .fifo
    case is LFU: self = .lfu
    case is LengthAware: self = .lengthAware
    case let slru as SLRU: self = .slru(protectedUses: Int(slru.protectedUses))
    case let ttl as TTL: self = .ttl(lifetime: ttl.lifetime ?? .never)
    default: return nil
    }
  }

  /// After how long without use a block is dropped.
  var lifetime: SimTime? {
    if case .ttl(let lifetime) = self { lifetime } else { nil }
  }

  /// The smallest goes first.
  func rank(of block: TwinBlock) -> [Int] {
    switch self {
    case .lru, .ttl, .infinite: [block.lastUse]
    case .fifo: [block.firstUse]
    case .lfu: [block.uses, block.lastUse]
    case .lengthAware: [block.uses, block.depth, block.lastUse]
    case .slru(let protectedUses): [block.uses >= protectedUses ? 1 : 0, block.lastUse]
    }
  }
}
