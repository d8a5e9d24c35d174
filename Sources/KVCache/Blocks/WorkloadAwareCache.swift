public import Workload

/// Evicts what is least likely to be touched again within a lifespan, by class of the request that
/// touched it last; of equals what was touched last, which in a prompt is the deepest.
///
/// Source: see `WorkloadAware`, which is the same rule for leaves.
public struct WorkloadAwareCache: SingleBlockCache, ~Copyable {
  /// Blocks of a class, the first victim first.
  private struct ClassList {
    var queue = BlockLists.Ends()
    /// The first of those that were touched last at the same time; −1 for none.
    var latest: Int32 = -1
  }

  public let firstBlock: ContiguousArray<Int32>
  private let capacity: Int
  private var times: ReuseTimes
  private var lists: BlockLists
  /// By number of the class.
  private var classes = ContiguousArray<ClassList>()
  /// Number of the class that touched each block last; −1 where it is not cached.
  private var classOf: ContiguousArray<Int32>
  private var touched: ContiguousArray<SimTime>
  /// When, counted in touches.
  private var turn: ContiguousArray<Int64>
  private var size = 0
  private var turns: Int64 = 0
  private var now: SimTime = 0
  private var number = 0

  public init(capacity: Int, for paths: PrefixPaths) {
    self.init(capacity: capacity, for: paths, lifespan: 600 * SimTime.nanosecondsPerSecond)
  }

  public init(capacity: Int, for paths: PrefixPaths, lifespan: SimTime) {
    self.capacity = capacity
    firstBlock = paths.firstBlock
    times = ReuseTimes(lifespan: lifespan)
    lists = BlockLists(blocks: paths.blockCount)
    classOf = ContiguousArray(repeating: -1, count: paths.blockCount)
    touched = ContiguousArray(repeating: 0, count: paths.blockCount)
    turn = ContiguousArray(repeating: 0, count: paths.blockCount)
  }

  public mutating func begin(now: SimTime, requestClass: UInt16) {
    self.now = now
    number = times.number(of: requestClass)
    while classes.count <= number { classes.append(ClassList()) }
  }

  public mutating func touch(block: Int, position: Int) -> Bool {
    let wasCached = classOf[block] >= 0
    if wasCached {
      times.add(now - touched[block], to: Int(classOf[block]))
      remove(Int32(block))
    } else if size == capacity {
      evict()
    }
    turns += 1
    turn[block] = turns
    let latest = classes[number].latest
    if latest >= 0, touched[Int(latest)] == now {
      lists.insert(Int32(block), before: latest, in: &classes[number].queue)
    } else {
      lists.append(Int32(block), to: &classes[number].queue)
    }
    classes[number].latest = Int32(block)
    classOf[block] = Int32(number)
    touched[block] = now
    size += 1
    return wasCached
  }

  private mutating func remove(_ block: Int32) {
    let number = Int(classOf[Int(block)])
    if classes[number].latest == block { classes[number].latest = lists.next(after: block) }
    lists.remove(block, from: &classes[number].queue)
    classOf[Int(block)] = -1
    size -= 1
  }

  private mutating func evict() {
    var victim: Int32 = -1
    var least = Double.infinity
    let isOnlyClass = classes.count(where: { $0.queue.count > 0 }) == 1
    for number in classes.indices {
      let head = classes[number].queue.head
      if head < 0 { continue }
      if isOnlyClass {
        victim = head
        break
      }
      let probability = times.probability(number, age: now - touched[Int(head)])
      let isLater = victim >= 0 && turn[Int(head)] > turn[Int(victim)]
      if victim < 0 || probability < least || (probability == least && isLater) {
        (victim, least) = (head, probability)
      }
    }
    remove(victim)
  }
}
