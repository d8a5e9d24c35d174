public import Workload

/// Consecutive blocks of one node that are cached, and what is known of their use.
///
/// What follows a block follows all that stands before it, so a use is written down only where it
/// ends. A leaf, which nothing cached follows, has inherited the uses of all that was ever cached
/// behind it: of a leaf, and only of a leaf, the facts here are those of each of its blocks.
public struct CachedRun: Sendable {
  var node: Int32
  /// Blocks of the path before the run.
  var from: Int32
  /// Blocks of the path up to the run's end.
  public internal(set) var depth: Int32
  /// The run that this one follows; −1 at the root.
  var parent: Int32
  /// Runs that follow this one.
  var children: Int32
  /// Pins at the run's end, and following runs in use.
  var users: Int32
  /// Where the run stands among the leaves of its queue; −1 where it is not one of them.
  var place: Int32 = -1
  var queue: Int32 = 0
  public internal(set) var facts = UseFacts()
  /// Whether a block of this path was spared or remembered: see `Judgement` and
  /// `Eviction.memoryBlocks`.
  public internal(set) var isPromoted = false

  var count: Int32 { depth - from }
}

/// Who used a block, and when. A use counts when it ends.
public struct UseFacts: Sendable, Equatable {
  /// Uses since the block was inserted, the inserting one among them, less those that an eviction
  /// has taken off again.
  public internal(set) var uses: Int64 = 0
  /// Number of the first and of the last use among all that have ended in this cache, from 1.
  public internal(set) var firstOrder: Int64 = .max
  public internal(set) var lastOrder: Int64 = 0
  /// When the last use ended, in nanoseconds.
  public internal(set) var lastUse: SimTime = 0
  /// Class of the request of the last use.
  public internal(set) var requestClass: UInt16 = 0
  /// The largest that the eviction has given out: see `Eviction.stamp`.
  public internal(set) var stamp: Int64 = 0
  /// The only session that used the block, or `noSession`, or `severalSessions`.
  public internal(set) var session: Int32 = noSession

  /// Nobody has used the block yet.
  static let noSession: Int32 = -2
  /// Several sessions, or requests that belong to none.
  public static let severalSessions: Int32 = -1

  /// Adds the uses of a block that followed this one.
  mutating func inherit(_ other: UseFacts) {
    uses += other.uses
    firstOrder = min(firstOrder, other.firstOrder)
    if other.lastOrder > lastOrder {
      lastOrder = other.lastOrder
      lastUse = other.lastUse
      requestClass = other.requestClass
    }
    stamp = max(stamp, other.stamp)
    if session == Self.noSession {
      session = other.session
    } else if other.session != Self.noSession, other.session != session {
      session = Self.severalSessions
    }
  }
}

/// Who uses blocks, and when.
public struct CacheUse: Sendable {
  public var now: SimTime
  /// Session of the request; −1 where it belongs to none.
  public var session: Int32
  public var requestClass: UInt16

  public init(now: SimTime, session: Int32, requestClass: UInt16) {
    self.now = now
    self.session = session
    self.requestClass = requestClass
  }
}
