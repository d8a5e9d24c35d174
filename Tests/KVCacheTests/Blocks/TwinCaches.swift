import KVCache
import Workload

/// A cache as its definition says, block by block, with no thought of speed.
protocol TwinCache {
  init(capacity: Int, paths: PrefixPaths)
  mutating func begin(now: SimTime, requestClass: UInt16)
  /// Touches a block at a position of its prompt and returns whether it was there.
  mutating func touch(_ block: Int, position: Int) -> Bool
}

extension TwinCache {
  mutating func begin(now: SimTime, requestClass: UInt16) {}
}

struct TwinLRU: TwinCache {
  let capacity: Int
  var order: [Int] = []

  init(capacity: Int, paths: PrefixPaths) { self.capacity = capacity }

  mutating func touch(_ block: Int, position: Int) -> Bool {
    let index = order.firstIndex(of: block)
    if let index { order.remove(at: index) }
    if order.count == capacity { order.removeFirst() }
    order.append(block)
    return index != nil
  }
}

struct TwinFIFO: TwinCache {
  let capacity: Int
  var order: [Int] = []

  init(capacity: Int, paths: PrefixPaths) { self.capacity = capacity }

  mutating func touch(_ block: Int, position: Int) -> Bool {
    if order.contains(block) { return true }
    if order.count == capacity { order.removeFirst() }
    order.append(block)
    return false
  }
}

/// Evicts what sorts first by a list of numbers.
struct TwinRanked<Rule: TwinRank>: TwinCache {
  let capacity: Int
  let future: [Int]
  var entries: [Int: TwinEntry] = [:]
  var time = 0

  init(capacity: Int, paths: PrefixPaths) {
    self.capacity = capacity
    future = paths.flatReferences
  }

  mutating func touch(_ block: Int, position: Int) -> Bool {
    let known = entries[block]
    if known == nil, entries.count == capacity {
      let victim = entries.min { a, b in
        Rule.rank(a.key, a.value).lexicographicallyPrecedes(Rule.rank(b.key, b.value))
      }
      if let victim { entries[victim.key] = nil }
    }
    let next = future[(time + 1)...].firstIndex(of: block) ?? .max
    entries[block] = TwinEntry(
      count: (known?.count ?? 0) + 1,
      position: position,
      touched: time,
      next: next
    )
    time += 1
    return known != nil
  }
}

struct TwinEntry {
  var count: Int
  var position: Int
  var touched: Int
  var next: Int
}

protocol TwinRank { static func rank(_ block: Int, _ entry: TwinEntry) -> [Int] }

enum ByCount: TwinRank {
  static func rank(_ block: Int, _ entry: TwinEntry) -> [Int] { [entry.count, entry.touched] }
}

enum ByCountAndPosition: TwinRank {
  static func rank(_ block: Int, _ entry: TwinEntry) -> [Int] {
    [entry.count, entry.position, entry.touched]
  }
}

enum ByNextUse: TwinRank {
  static func rank(_ block: Int, _ entry: TwinEntry) -> [Int] { [-entry.next, block] }
}

struct TwinSLRU: TwinCache {
  let capacity: Int
  var probation: [Int] = []
  var protected: [Int] = []

  init(capacity: Int, paths: PrefixPaths) { self.capacity = capacity }

  mutating func touch(_ block: Int, position: Int) -> Bool {
    if let index = protected.firstIndex(of: block) {
      protected.append(protected.remove(at: index))
      return true
    }
    if let index = probation.firstIndex(of: block) {
      protected.append(probation.remove(at: index))
      if protected.count > capacity * 4 / 5 { probation.append(protected.removeFirst()) }
      return true
    }
    if probation.count + protected.count == capacity {
      if probation.isEmpty { protected.removeFirst() } else { probation.removeFirst() }
    }
    probation.append(block)
    return false
  }
}

struct TwinSieve: TwinCache {
  let capacity: Int
  var order: [(block: Int, wasHit: Bool)] = []
  var hand = 0

  init(capacity: Int, paths: PrefixPaths) { self.capacity = capacity }

  mutating func touch(_ block: Int, position: Int) -> Bool {
    if let index = order.firstIndex(where: { $0.block == block }) {
      order[index].wasHit = true
      return true
    }
    if order.count == capacity {
      while order[hand].wasHit {
        order[hand].wasHit = false
        hand = (hand + 1) % order.count
      }
      order.remove(at: hand)
      // Past the newest the hand starts again at the oldest.
      if hand == order.count { hand = 0 }
    }
    order.append((block, false))
    return false
  }
}

struct TwinS3FIFO: TwinCache {
  let smallCapacity: Int
  let mainCapacity: Int
  var small: [(block: Int, hits: Int)] = []
  var main: [(block: Int, hits: Int)] = []
  var ghost: [Int] = []

  init(capacity: Int, paths: PrefixPaths) {
    smallCapacity = max(1, capacity / 10)
    mainCapacity = capacity - smallCapacity
  }

  mutating func touch(_ block: Int, position: Int) -> Bool {
    if let index = small.firstIndex(where: { $0.block == block }) {
      small[index].hits = min(small[index].hits + 1, 3)
      return true
    }
    if let index = main.firstIndex(where: { $0.block == block }) {
      main[index].hits = min(main[index].hits + 1, 3)
      return true
    }
    let wasGhost = ghost.contains(block)
    while small.count + main.count >= smallCapacity + mainCapacity {
      if small.count >= smallCapacity || main.isEmpty { leaveSmall() } else { leaveMain() }
    }
    if wasGhost {
      ghost.removeAll { $0 == block }
      main.append((block, 0))
    } else {
      small.append((block, 0))
    }
    return false
  }

  private mutating func leaveSmall() {
    let entry = small.removeFirst()
    if entry.hits >= 2, mainCapacity > 0 {
      if main.count >= mainCapacity { leaveMain() }
      main.append((entry.block, 0))
    } else if mainCapacity > 0 {
      if ghost.count == mainCapacity { ghost.removeFirst() }
      ghost.append(entry.block)
    }
  }

  private mutating func leaveMain() {
    while true {
      let entry = main.removeFirst()
      if entry.hits == 0 { return }
      main.append((entry.block, entry.hits - 1))
    }
  }
}
