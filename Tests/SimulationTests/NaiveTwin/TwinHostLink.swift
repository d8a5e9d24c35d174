import Hardware
import Workload

/// The link between an instance and its host: the KV of preempted requests goes out over it and
/// comes back, in each direction one request at a time.
struct TwinHostLink {
  private let bytesPerSecond: Int64
  private let capacity: Int64
  private let shape: KVShape
  private let copies: Int64
  /// Host memory by request, from the beginning of its copy out to the end of its swap-in, in units.
  private var held: [Int: Int64] = [:]
  /// When each of those is there.
  private var isOutAt: [Int: SimTime] = [:]
  /// When the copies that have begun are done, in each direction.
  private var outIsFreeAt: SimTime = 0
  private var inIsFreeAt: SimTime = 0

  init(kind: InstanceKind) {
    bytesPerSecond = kind.hostBytesPerSecond
    capacity = kind.hostKVCapacityUnits
    shape = kind.kv
    copies = kind.kvReplication
  }

  var exists: Bool { bytesPerSecond > 0 }

  func hasRoom(tokens: Int) -> Bool {
    exists && held.values.reduce(0, +) + shape.units(tokens: tokens) <= capacity
  }

  func bytes(tokens: Int) -> Int64 { shape.bytes(tokens: tokens) * copies }

  /// How long a copy in one direction lasts on an idle link.
  func copyTime(tokens: Int) -> SimTime {
    let (work, rate) = (Int128(bytes(tokens: tokens)) * 1_000_000_000, Int128(bytesPerSecond))
    return max(1, SimTime((work + rate - 1) / rate))
  }

  mutating func copyOut(_ request: Int, tokens: Int, at now: SimTime) {
    held[request] = shape.units(tokens: tokens)
    outIsFreeAt = max(now, outIsFreeAt) + copyTime(tokens: tokens)
    isOutAt[request] = outIsFreeAt
  }

  /// Whether a request is not all there yet.
  func isOnItsWayOut(_ request: Int, at now: SimTime) -> Bool { isOutAt[request, default: 0] > now }

  /// Returns when the swap-in ends.
  mutating func copyIn(_ request: Int, tokens: Int, at now: SimTime) -> SimTime {
    let start = max(now, inIsFreeAt, isOutAt[request, default: 0])
    inIsFreeAt = start + copyTime(tokens: tokens)
    return inIsFreeAt
  }

  mutating func release(_ request: Int) {
    held[request] = nil
    isOutAt[request] = nil
  }
}
