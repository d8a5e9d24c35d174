import Hardware
import Workload

/// What an instance holds, by request; more than its capacity is an error of the twin.
struct TwinMemory {
  let shape: KVShape
  let capacity: Int64
  private(set) var used: Int64 = 0
  private(set) var peak: Int64 = 0
  private var held: [Int: Int64] = [:]

  init(kind: InstanceKind) {
    shape = kind.kv
    capacity = kind.kvCapacityUnits
  }

  var free: Int64 { capacity - used }
  var residentCount: Int { held.count }
  var residents: [Int] { Array(held.keys) }

  func holds(_ request: Int) -> Bool { held[request] != nil }

  /// Lets a request hold the KV of so many tokens, instead of what it held before.
  mutating func hold(_ tokens: Int, for request: Int) {
    let units = shape.units(tokens: tokens)
    used += units - (held[request] ?? 0)
    held[request] = units
    precondition(used <= capacity, "more KV is held than there is")
    peak = max(peak, used)
  }

  mutating func release(_ request: Int) {
    guard let units = held.removeValue(forKey: request) else {
      preconditionFailure("a request frees memory that it does not hold")
    }
    used -= units
    precondition(used >= 0, "more KV is freed than was held")
  }
}
