import Hardware
import Workload

/// A request whose KV comes back from host memory. (Top level: see `Link`.)
struct SwapIn {
  var slot: Int32
  var end: SimTime
}

/// The memory of an instance's host that KV is swapped to, and the link to it.
///
/// The link copies one request at a time in each direction, in the order in which copies begin.
struct HostMemory: ~Copyable {
  /// In units of the instance's KV.
  private(set) var freeUnits: Int64
  private let capacityUnits: Int64
  private let bytesPerSecond: Int64
  private var outIsFree: SimTime = 0
  private var inIsFree: SimTime = 0
  /// Swap-ins under way, in the order in which they end.
  private(set) var arriving = Slots<SwapIn>(minimumCapacity: 1)

  init(kind: InstanceKind) {
    bytesPerSecond = kind.hostBytesPerSecond
    capacityUnits = kind.hostBytesPerSecond > 0 ? kind.hostKVCapacityUnits : 0
    freeUnits = capacityUnits
  }

  /// Whether nothing is held, as after the last request has left.
  var isEmpty: Bool { freeUnits == capacityUnits }

  func takes(units: Int64) -> Bool { bytesPerSecond > 0 && units <= freeUnits }

  /// How long one copy lasts on the idle link, in nanoseconds.
  func copyTime(bytes: Int64) -> SimTime {
    let work = wideProduct(bytes, SimTime.nanosecondsPerSecond)
    let time = (work + Int128(bytesPerSecond) - 1) / Int128(bytesPerSecond)
    return SimTime(min(max(1, time), Int128(SimTime.never / 4)))
  }

  /// Begins to copy a request out.
  ///
  /// - Returns: When the copy ends.
  mutating func copyOut(units: Int64, bytes: Int64, at now: SimTime) -> SimTime {
    freeUnits -= units
    outIsFree = max(now, outIsFree) + copyTime(bytes: bytes)
    return outIsFree
  }

  /// Begins to copy a request back, which was copied out by `outEnd`.
  ///
  /// - Returns: When the first of the copies under way ends, if that is this one.
  mutating func copyIn(_ slot: Int32, bytes: Int64, outEnd: SimTime, at now: SimTime) -> SimTime? {
    let start = max(now, inIsFree, defect(.swapInBeforeOut) ? 0 : outEnd)
    inIsFree = start + copyTime(bytes: bytes)
    arriving.append(SwapIn(slot: slot, end: inIsFree))
    return arriving.count == 1 ? inIsFree : nil
  }

  /// The first of the copies under way has ended; returns its request and when the next one ends.
  mutating func endCopyIn() -> (slot: Int32, next: SimTime?) {
    let slot = arriving[0].slot
    arriving.remove(at: 0)
    return (slot, arriving.count > 0 ? arriving[0].end : nil)
  }

  /// Gives host memory back.
  mutating func free(units: Int64) {
    if !defect(.hostMemoryForgotten) { freeUnits += units }
  }
}
