import Hardware
import Simulation
import Workload

/// What has a right to memory on an instance.
enum TwinHolder: Hashable {
  /// A request that is there or has reserved its memory.
  case request(Int)
  /// What is kept for those that wait for a request that has completed.
  case retention(Int)
  /// What a request sends, or receives, for those that wait for it.
  case writeBack(Int)
}

/// What an instance holds, by holder, and the blocks that it keeps; more than its capacity is an
/// error of the twin.
struct TwinMemory {
  let shape: KVShape
  let capacity: Int64
  /// Units of one block, which is in full-attention layers only.
  let blockUnits: Int64
  private(set) var cache: TwinCache
  private(set) var peak: Int64 = 0
  /// The present instant.
  private var now: SimTime = 0
  private var held: [TwinHolder: Holding] = [:]

  private struct Holding {
    /// Of all that it holds, as if it shared nothing.
    var units: Int64
    var pinned: [TwinBlockName] = []
  }

  init(kind: InstanceKind, blockTokens: Int, cache: TwinCache) {
    shape = kind.kv
    capacity = kind.kvCapacityUnits
    blockUnits = kind.kv.fullUnitsPerToken * Int64(blockTokens)
    self.cache = cache
  }

  /// What is held privately, and each block that is in use once.
  var used: Int64 {
    var used = blockUnits * Int64(cache.inUse)
    for holding in held.values {
      used += holding.units - blockUnits * Int64(holding.pinned.count)
    }
    return used
  }

  var free: Int64 { capacity - used }
  var residents: [Int] {
    held.keys.compactMap { holder in
      if case .request(let r) = holder { r } else { nil }
    }
  }
  var residentCount: Int {
    held.keys.count { holder in
      if case .request = holder { true } else { false }
    }
  }
  var isUnused: Bool { held.isEmpty && cache.inUse == 0 }

  func holds(_ request: Int) -> Bool { held[.request(request)] != nil }

  func pinned(by holder: TwinHolder) -> [TwinBlockName] { held[holder]?.pinned ?? [] }

  /// What somebody with so many units takes of what is free if it pins some cached blocks.
  func need(_ units: Int64, pinning path: [TwinBlockName]) -> Int64 {
    let idle = path.count { cache.isIdle($0) }
    return units - blockUnits * Int64(path.count - idle)
  }

  mutating func reserve(
    _ units: Int64,
    pinning path: [TwinBlockName],
    for holder: TwinHolder
  ) {
    precondition(held[holder] == nil, "memory is reserved twice")
    cache.comeBack(to: path, at: now)
    cache.pin(path, behind: 0)
    held[holder] = Holding(units: units, pinned: path)
    settle()
  }

  /// Lets a request hold the KV of so many tokens, instead of what it held before.
  mutating func hold(_ tokens: Int, for request: Int) {
    held[.request(request)]?.units = shape.units(tokens: tokens)
    settle()
  }

  /// Moves a pin to the end of a longer path; what is new of that was private.
  mutating func extend(_ holder: TwinHolder, to path: [TwinBlockName]) {
    guard let pinned = held[holder]?.pinned, pinned.count < path.count else { return }
    cache.pin(path, behind: pinned.count)
    held[holder]?.pinned = path
    settle()
  }

  mutating func release(_ holder: TwinHolder, _ use: TwinUse) {
    guard let holding = held.removeValue(forKey: holder) else {
      preconditionFailure("memory is freed that is not held")
    }
    cache.unpin(holding.pinned, use)
    settle()
  }

  /// Gives what one holds to another.
  mutating func pass(from holder: TwinHolder, to other: TwinHolder) {
    held[other] = held.removeValue(forKey: holder)
  }

  /// Evicts a block of nobody's use.
  mutating func discard(_ block: TwinBlockName) { cache.evict(block) }

  mutating func expire(at instant: SimTime) {
    now = instant
    cache.expire(at: now)
  }

  mutating func takeDepartures() -> [[TwinBlockName]] { cache.takeDepartures() }

  /// Makes room for what has been taken.
  private mutating func settle() {
    let used = used
    precondition(used >= 0 && used <= capacity, "more KV is held than there is")
    peak = max(peak, used)
    guard cache.eviction != .infinite else { return }
    while used + blockUnits * Int64(cache.idle) > capacity { cache.evictOne(at: now) }
  }
}
