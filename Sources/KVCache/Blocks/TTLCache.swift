public import Workload

/// Drops what was not touched for some time, looked at when a prompt begins; where room is needed
/// before that, the least recently touched.
public struct TTLCache: SingleBlockCache, ~Copyable {
  public let firstBlock: ContiguousArray<Int32>
  private let capacity: Int
  /// In nanoseconds.
  private let lifetime: SimTime
  private var now: SimTime = 0
  private var isCached: ContiguousArray<Bool>
  private var touched: ContiguousArray<SimTime>
  /// The least recent first.
  private var queue = BlockLists.Ends()
  private var lists: BlockLists

  public init(capacity: Int, for paths: PrefixPaths) {
    self.init(capacity: capacity, for: paths, lifetime: 300 * SimTime.nanosecondsPerSecond)
  }

  public init(capacity: Int, for paths: PrefixPaths, lifetime: SimTime) {
    self.capacity = capacity
    self.lifetime = lifetime
    firstBlock = paths.firstBlock
    isCached = ContiguousArray(repeating: false, count: paths.blockCount)
    touched = ContiguousArray(repeating: 0, count: paths.blockCount)
    lists = BlockLists(blocks: paths.blockCount)
  }

  public mutating func begin(now: SimTime, requestClass: UInt16) {
    self.now = now
    while queue.head >= 0, now - touched[Int(queue.head)] >= lifetime { evict() }
  }

  public mutating func touch(block: Int, position: Int) -> Bool {
    let wasCached = isCached[block]
    if wasCached {
      lists.remove(Int32(block), from: &queue)
    } else if queue.count == capacity {
      evict()
    }
    lists.append(Int32(block), to: &queue)
    isCached[block] = true
    touched[block] = now
    return wasCached
  }

  private mutating func evict() { isCached[Int(lists.removeFirst(of: &queue))] = false }
}
