/// Least recently used first, by runs of blocks.
///
/// Blocks of a node that were touched one after another stay one run in the list of recency, so a
/// prompt costs as many operations as it has runs, not blocks. The results are those of a list of
/// single blocks, hit by hit.
public struct LRUCache: BlockCache, ~Copyable {
  private let capacity: Int
  private var size = 0
  private var runs = ContiguousArray<CachedRun>()
  private var free = ContiguousArray<Int32>()
  /// First cached run of each node, by position in the node; −1 for none.
  private var firstOfNode: ContiguousArray<Int32>
  /// The ends of the list of recency; −1 where it is empty.
  private var oldest: Int32 = -1
  private var newest: Int32 = -1

  /// Blocks `start ..< end` of a node, the first of them the least recent.
  private struct CachedRun {
    var node: Int32
    var start: Int32
    var end: Int32
    /// Neighbours in the list of recency.
    var older: Int32
    var newer: Int32
    /// Neighbours in the node, by position.
    var left: Int32
    var right: Int32
  }

  public init(capacity: Int, for paths: PrefixPaths) {
    self.capacity = capacity
    firstOfNode = ContiguousArray(repeating: -1, count: paths.nodeBlocks.count)
  }

  public mutating func touch(_ run: PathRun, position: Int) -> RunHits {
    // The cached run that ends left of the part that is touched, and the one that comes next.
    var left: Int32 = -1
    var next = firstOfNode[Int(run.node)]
    while next >= 0, runs[Int(next)].end <= run.start {
      left = next
      next = runs[Int(next)].right
    }
    if next >= 0, runs[Int(next)].start < run.start {
      // What lies before the touched part keeps its age; the rest becomes a run of its own.
      left = next
      next = splitOff(next, at: run.start)
    }
    if next >= 0, runs[Int(next)].start == run.start, runs[Int(next)].end == run.end {
      // The usual hit: exactly what was touched before.
      makeNewest(next)
      return RunHits(count: run.count, includesLast: true)
    }
    return touchParts(run, left: left)
  }

  private mutating func touchParts(_ run: PathRun, left: Int32) -> RunHits {
    let touched = insert(node: run.node, at: run.start, after: left)
    var hits = 0
    var includesLast = false
    var position = run.start
    while position < run.end {
      let next = runs[Int(touched)].right
      if next >= 0, runs[Int(next)].start == position {
        let end = min(runs[Int(next)].end, run.end)
        hits += Int(end - position)
        includesLast = end == run.end
        if end < runs[Int(next)].end {
          runs[Int(next)].start = end
        } else {
          remove(next)
        }
        position = end
        runs[Int(touched)].end = position
      } else {
        let end = next >= 0 ? min(runs[Int(next)].start, run.end) : run.end
        size += Int(end - position)
        position = end
        runs[Int(touched)].end = position
        evict(keeping: touched)
      }
    }
    return RunHits(count: hits, includesLast: includesLast)
  }

  /// Evicts the oldest blocks until the rest fits; the run that is being touched stays in the lists
  /// even where nothing is left of it.
  private mutating func evict(keeping touched: Int32) {
    while size > capacity {
      let length = Int(runs[Int(oldest)].end - runs[Int(oldest)].start)
      let excess = size - capacity
      if excess < length || oldest == touched {
        runs[Int(oldest)].start += Int32(excess)
        size -= excess
      } else {
        size -= length
        remove(oldest)
      }
    }
  }

  // MARK: Lists

  /// Adds an empty run, the newest, behind another in its node.
  private mutating func insert(node: Int32, at start: Int32, after left: Int32) -> Int32 {
    let right = left >= 0 ? runs[Int(left)].right : firstOfNode[Int(node)]
    let added = allocate(
      CachedRun(
        node: node,
        start: start,
        end: start,
        older: newest,
        newer: -1,
        left: left,
        right: right
      )
    )
    if left >= 0 { runs[Int(left)].right = added } else { firstOfNode[Int(node)] = added }
    if right >= 0 { runs[Int(right)].left = added }
    if newest >= 0 { runs[Int(newest)].newer = added } else { oldest = added }
    newest = added
    return added
  }

  /// Cuts a run in two of the same age and returns the second, which is the newer.
  private mutating func splitOff(_ index: Int32, at position: Int32) -> Int32 {
    let whole = runs[Int(index)]
    let rest = allocate(
      CachedRun(
        node: whole.node,
        start: position,
        end: whole.end,
        older: index,
        newer: whole.newer,
        left: index,
        right: whole.right
      )
    )
    runs[Int(index)].end = position
    runs[Int(index)].newer = rest
    runs[Int(index)].right = rest
    if whole.right >= 0 { runs[Int(whole.right)].left = rest }
    if whole.newer >= 0 { runs[Int(whole.newer)].older = rest } else { newest = rest }
    return rest
  }

  private mutating func allocate(_ run: CachedRun) -> Int32 {
    if let index = free.popLast() {
      runs[Int(index)] = run
      return index
    }
    runs.append(run)
    return Int32(runs.count - 1)
  }

  private mutating func remove(_ index: Int32) {
    let run = runs[Int(index)]
    unlinkFromRecency(run)
    if run.left >= 0 {
      runs[Int(run.left)].right = run.right
    } else {
      firstOfNode[Int(run.node)] = run.right
    }
    if run.right >= 0 { runs[Int(run.right)].left = run.left }
    free.append(index)
  }

  private mutating func makeNewest(_ index: Int32) {
    guard index != newest else { return }
    unlinkFromRecency(runs[Int(index)])
    runs[Int(index)].older = newest
    runs[Int(index)].newer = -1
    runs[Int(newest)].newer = index
    newest = index
  }

  private mutating func unlinkFromRecency(_ run: CachedRun) {
    if run.older >= 0 { runs[Int(run.older)].newer = run.newer } else { oldest = run.newer }
    if run.newer >= 0 { runs[Int(run.newer)].older = run.older } else { newest = run.older }
  }
}
