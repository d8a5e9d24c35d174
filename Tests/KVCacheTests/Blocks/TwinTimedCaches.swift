import KVCache
import Workload

/// Least recent first among blocks that no cached block comes directly behind.
struct TwinLeafLRU: TwinCache {
  let capacity: Int
  let paths: TwinPaths
  var order: [Int] = []

  init(capacity: Int, paths: PrefixPaths) {
    self.capacity = capacity
    self.paths = TwinPaths(paths.nodes)
  }

  mutating func touch(_ block: Int, position: Int) -> Bool {
    if let index = order.firstIndex(of: block) {
      order.append(order.remove(at: index))
      return true
    }
    if order.count == capacity {
      let leaf = order.firstIndex { candidate in
        !order.contains { paths.parent[$0] == candidate }
      }
      order.remove(at: leaf ?? 0)
    }
    order.append(block)
    return false
  }
}

struct TwinTTL: TwinCache {
  static let lifetime: SimTime = 8_000

  let capacity: Int
  var order: [(block: Int, time: SimTime)] = []
  var now: SimTime = 0

  init(capacity: Int, paths: PrefixPaths) { self.capacity = capacity }

  mutating func begin(now: SimTime, requestClass: UInt16) {
    self.now = now
    order.removeAll { now - $0.time >= Self.lifetime }
  }

  mutating func touch(_ block: Int, position: Int) -> Bool {
    let index = order.firstIndex { $0.block == block }
    if let index { order.remove(at: index) }
    if order.count == capacity { order.removeFirst() }
    order.append((block, now))
    return index != nil
  }
}

struct TwinCost: TwinCache {
  struct Entry {
    var priority: Int64
    var touches: Int64
    var time: Int
  }

  let capacity: Int
  var entries: [Int: Entry] = [:]
  var clock: Int64 = 0
  var time = 0

  init(capacity: Int, paths: PrefixPaths) { self.capacity = capacity }

  mutating func touch(_ block: Int, position: Int) -> Bool {
    let known = entries[block]
    if known == nil, entries.count == capacity {
      let victim = entries.min {
        ($0.value.priority, $0.value.time) < ($1.value.priority, $1.value.time)
      }
      clock = victim?.value.priority ?? 0
      if let victim { entries[victim.key] = nil }
    }
    let cost = EvictionContext.typicalRecomputeTime(
      newTokens: CacheTrace.blockTokens,
      pastTokens: position * CacheTrace.blockTokens
    )
    let touches = (known?.touches ?? 0) + 1
    entries[block] = Entry(priority: clock + touches * cost, touches: touches, time: time)
    time += 1
    return known != nil
  }
}

struct TwinWorkload: TwinCache {
  static let lifespan: SimTime = 5_000

  struct Entry {
    var requestClass: UInt16
    var time: SimTime
    var turn: Int
  }

  let capacity: Int
  var entries: [Int: Entry] = [:]
  var times: [UInt16: [SimTime]] = [:]
  var now: SimTime = 0
  var requestClass: UInt16 = 0
  var turn = 0

  init(capacity: Int, paths: PrefixPaths) { self.capacity = capacity }

  mutating func begin(now: SimTime, requestClass: UInt16) {
    self.now = now
    self.requestClass = requestClass
  }

  mutating func touch(_ block: Int, position: Int) -> Bool {
    let known = entries[block]
    if let known {
      times[known.requestClass, default: []].append(now - known.time)
    } else if entries.count == capacity {
      evict()
    }
    turn += 1
    entries[block] = Entry(requestClass: requestClass, time: now, turn: turn)
    return known != nil
  }

  private mutating func evict() {
    let heads = Set(entries.values.map(\.requestClass)).compactMap { requestClass in
      entries.filter { $0.value.requestClass == requestClass }
        .min { ($0.value.time, -$0.value.turn) < ($1.value.time, -$1.value.turn) }
    }
    let victim = heads.min {
      (probability($0.value), -$0.value.turn) < (probability($1.value), -$1.value.turn)
    }
    if let victim { entries[victim.key] = nil }
  }

  private func probability(_ entry: Entry) -> Double {
    let seen = times[entry.requestClass] ?? [Self.lifespan]
    let mean = max(1, Double(seen.reduce(0, +)) / Double(seen.count))
    let age = Double(now - entry.time)
    return DeterministicMath.exp(-age / mean)
      - DeterministicMath.exp(-(age + Double(Self.lifespan)) / mean)
  }
}
