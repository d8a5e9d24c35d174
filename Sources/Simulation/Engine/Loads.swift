import Workload

/// A prompt's blocks on their way from a tier. (Top level: see `Link`.)
struct Load {
  /// The request; −1 where it has given its memory up.
  var slot: Int32
  /// Blocks of its path that are there at the end.
  var depth: Int32
  var end: SimTime
}

/// The loads of one instance, which follow one another.
struct Loads: ~Copyable {
  /// In the order in which they end.
  private(set) var pending = Slots<Load>(minimumCapacity: 1)
  private var isFree: SimTime = 0

  /// Begins a load.
  ///
  /// - Returns: When the first of those under way ends, if that is this one.
  mutating func begin(_ slot: Int32, depth: Int32, lasting time: SimTime, at now: SimTime)
    -> SimTime?
  {
    isFree = max(now, isFree) + max(1, time)
    pending.append(Load(slot: slot, depth: depth, end: isFree))
    return pending.count == 1 ? isFree : nil
  }

  /// The first load under way has ended; returns it, and when the next one ends.
  mutating func end() -> (load: Load, next: SimTime?) {
    let load = pending[0]
    pending.remove(at: 0)
    return (load, pending.count > 0 ? pending[0].end : nil)
  }

  /// A request gives up what it waits for.
  mutating func abandon(_ slot: Int32) {
    for index in pending.indices where pending[index].slot == slot { pending[index].slot = -1 }
  }
}
