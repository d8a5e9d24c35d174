public import Workload

/// The order in which the blocks of a `PrefixCache` leave.
///
/// Victims are always *idle leaves*: blocks that nobody uses and that nothing cached follows. What
/// this protocol orders are runs of them, of whose blocks the last is the leaf; the cache trims a
/// run from its end, and puts in order what stands before it once nothing follows that any more.
///
/// A new eviction is a type with a `rank`; everything else has a default.
public protocol Eviction: Sendable {
  /// Where a leaf stands among the victims. Asked when the run becomes an idle leaf, when it is
  /// spared and, if `ranksByDepth`, when it is trimmed; it may depend on nothing that changes in
  /// between.
  mutating func rank(_ run: CachedRun) -> EvictionRank

  /// Whether blocks of the same uses rank differently by their depth, or are judged one by one, so
  /// that runs are trimmed block by block.
  var ranksByDepth: Bool { get }

  /// The last word on the leaf that comes first.
  ///
  /// - Parameters:
  ///   - run: The leaf.
  ///   - order: Number of the use that ended last in this cache.
  /// - Returns: Whether it leaves.
  mutating func judge(_ run: CachedRun, order: Int64) -> Judgement

  /// From which queue the next victims come, and how many blocks at most. Asked where more than one
  /// queue has leaves.
  ///
  /// - Parameters:
  ///   - heads: The first leaf of each such queue, by number of the queue.
  ///   - now: The time.
  /// - Returns: One of these queues.
  mutating func choose(_ heads: [QueueHead], now: SimTime) -> QueueChoice

  /// Written down with each use; of several uses the largest counts.
  var stamp: Int64 { get }

  /// A path is used again of which nothing cached followed the end, with what is known of that end.
  mutating func reused(_ facts: UseFacts, now: SimTime)

  /// Blocks entered the cache, promoted or not.
  mutating func inserted(_ blocks: Int, promoted: Bool)

  /// Blocks in the cache were promoted.
  mutating func promoted(_ blocks: Int)

  /// The last blocks of a run left.
  mutating func evicted(_ run: CachedRun, blocks: Int)

  /// After how long without use a block is dropped; nil for never. Leaves must be ranked by their
  /// last use.
  var lifetime: SimTime? { get }

  /// How many blocks that were evicted, but never promoted, are remembered, first in, first out. One
  /// that is inserted while it is remembered is promoted, with all blocks before it.
  var memoryBlocks: Int { get }

  /// Whether the order of victims changes with time alone, so that it matters when one is chosen.
  var dependsOnTime: Bool { get }

  /// Whether nothing is ever to be evicted: a bound that ignores the capacity.
  var isUnbounded: Bool { get }

  /// Whether blocks are dropped as soon as nobody uses them.
  var keepsNothing: Bool { get }
}

extension Eviction {
  public var ranksByDepth: Bool { false }
  public mutating func judge(_ run: CachedRun, order: Int64) -> Judgement { .evict }
  public mutating func choose(_ heads: [QueueHead], now: SimTime) -> QueueChoice {
    QueueChoice(queue: heads[0].queue, blocks: .max)
  }
  public var stamp: Int64 { 0 }
  public mutating func reused(_ facts: UseFacts, now: SimTime) {}
  public mutating func inserted(_ blocks: Int, promoted: Bool) {}
  public mutating func promoted(_ blocks: Int) {}
  public mutating func evicted(_ run: CachedRun, blocks: Int) {}
  public var lifetime: SimTime? { nil }
  public var memoryBlocks: Int { 0 }
  public var dependsOnTime: Bool { false }
  public var isUnbounded: Bool { false }
  public var keepsNothing: Bool { false }
}

/// A place in the order of victims: the smallest first, and of equals the least recently used.
public struct EvictionRank: Sendable, Equatable {
  /// Which of several queues, from 0.
  public var queue: Int32
  public var key: Int64
  /// What counts between equal keys.
  public var second: Int64

  public init(key: Int64, then second: Int64 = 0, queue: Int32 = 0) {
    self.key = key
    self.second = second
    self.queue = queue
  }
}

/// What becomes of the first among the victims.
public enum Judgement: Sendable, Equatable {
  case evict
  /// It stays, with all blocks before it, for which this says all that the uses it was spared for
  /// have to say: of its uses so many are left, which are taken off the blocks before it too; its
  /// stamp grows to this; and it is promoted if it was not.
  case spare(uses: Int64, stamp: Int64, promote: Bool)
}

/// The leaf of a queue that would go first.
public struct QueueHead: Sendable {
  public var queue: Int32
  public var run: CachedRun
}

/// From which queue victims come, and how many blocks before the choice is made again.
public struct QueueChoice: Sendable, Equatable {
  public var queue: Int32
  public var blocks: Int

  public init(queue: Int32, blocks: Int) {
    self.queue = queue
    self.blocks = blocks
  }
}
