/// The hits of an LRU cache of every capacity at once, from one pass over the prompts.
///
/// A block hits in caches larger than its stack distance: the number of distinct blocks that were
/// touched since it was. Blocks that were touched one after another as a run have equal distances
/// when they are touched that way again, so a pass costs a logarithmic search per run.
///
/// Source: Mattson et al., "Evaluation techniques for storage hierarchies", IBM Systems Journal 1970.
public struct LRUCurve: Sendable {
  /// Block hits in a cache of so many blocks are the sum of `hits` below that index.
  private var hits: ContiguousArray<Int64>
  /// Tokens that hit blocks lack to be full, by distance.
  private var missingTokens: ContiguousArray<Int64>
  private var total = CacheCounts()
  private let blockTokens: Int64

  public init(_ paths: PrefixPaths) {
    hits = ContiguousArray(repeating: 0, count: paths.blockCount)
    missingTokens = ContiguousArray(repeating: 0, count: paths.blockCount)
    blockTokens = Int64(paths.blockTokens)
    var stack = RunStack(nodes: paths.nodeBlocks.count)
    for prompt in 0..<paths.count {
      let range = Int(paths.firstRun[prompt])..<Int(paths.firstRun[prompt + 1])
      var blocks: Int64 = 0
      var last = -1
      for index in range {
        last = stack.touch(paths.runs[index]) { distance, count in hits[distance] += count }
        blocks += Int64(paths.runs[index].count)
      }
      guard blocks > 0 else { continue }
      let tokens = min(Int64(paths.promptTokens[prompt]), blocks * blockTokens)
      total.blocks += blocks
      total.tokens += tokens
      if last >= 0 { missingTokens[last] += blocks * blockTokens - tokens }
    }
  }

  /// What a cache of so many blocks finds; the same as `LRUCache` of that capacity.
  public func counts(capacity: Int) -> CacheCounts {
    var counts = total
    for distance in 0..<min(capacity, hits.count) {
      counts.blockHits += hits[distance]
      counts.tokenHits += hits[distance] * blockTokens - missingTokens[distance]
    }
    return counts
  }
}

/// Runs of blocks by when they were last touched, with how many blocks were touched since.
private struct RunStack {
  private struct StackRun {
    var start: Int32
    var end: Int32
    /// When it was touched. What is left of one touch of a node shares a slot, its blocks being in
    /// the order of their positions.
    var slot: Int32
    /// The next run of the node, by position; −1 for none.
    var right: Int32

    var count: Int64 { Int64(end - start) }
  }

  private var runs = ContiguousArray<StackRun>()
  private var free = ContiguousArray<Int32>()
  private var firstOfNode: ContiguousArray<Int32>
  /// Blocks by slot, as a binary indexed tree.
  private var tree = ContiguousArray<Int64>(repeating: 0, count: 1_025)
  private var nextSlot: Int32 = 0
  private var blocks: Int64 = 0

  init(nodes: Int) { firstOfNode = ContiguousArray(repeating: -1, count: nodes) }

  /// Makes the blocks of a run the newest, first to last.
  ///
  /// - Parameters:
  ///   - run: The run.
  ///   - report: Is told the distance of blocks that were touched before, and of how many.
  /// - Returns: The distance of the last block; −1 if it is new.
  mutating func touch(_ run: PathRun, _ report: (Int, Int64) -> Void) -> Int {
    if nextSlot + 1 == tree.count { renumberSlots() }
    var left: Int32 = -1
    var next = firstOfNode[Int(run.node)]
    while next >= 0, runs[Int(next)].end <= run.start {
      left = next
      next = runs[Int(next)].right
    }
    if next >= 0, runs[Int(next)].start < run.start {
      left = next
      next = split(next, at: run.start)
    }
    let touched = allocate(StackRun(start: run.start, end: run.start, slot: nextSlot, right: next))
    nextSlot += 1
    if left >= 0 { runs[Int(left)].right = touched } else { firstOfNode[Int(run.node)] = touched }
    var distance = -1
    while next >= 0, runs[Int(next)].start < run.end {
      let part = runs[Int(next)]
      let end = min(part.end, run.end)
      // Blocks between this part and the one before it are new.
      grow(touched, to: part.start)
      let depth = Int(blocks - older(than: part, of: run.node) - 1)
      report(depth, Int64(end - part.start))
      distance = end == run.end ? depth : -1
      add(-Int64(end - part.start), at: part.slot)
      grow(touched, to: end)
      if end < part.end {
        runs[Int(next)].start = end
        break
      }
      free.append(next)
      next = part.right
      runs[Int(touched)].right = next
    }
    grow(touched, to: run.end)
    return distance
  }

  /// Blocks that were touched before those of a run.
  private func older(than run: StackRun, of node: Int32) -> Int64 {
    var sum: Int64 = 0
    var slot = Int(run.slot)
    while slot > 0 {
      sum += tree[slot]
      slot -= slot & -slot
    }
    var index = firstOfNode[Int(node)]
    while runs[Int(index)].start < run.start {
      if runs[Int(index)].slot == run.slot { sum += runs[Int(index)].count }
      index = runs[Int(index)].right
    }
    return sum
  }

  private mutating func grow(_ index: Int32, to end: Int32) {
    add(Int64(end - runs[Int(index)].end), at: runs[Int(index)].slot)
    runs[Int(index)].end = end
  }

  private mutating func split(_ index: Int32, at position: Int32) -> Int32 {
    var rest = runs[Int(index)]
    rest.start = position
    let added = allocate(rest)
    runs[Int(index)].end = position
    runs[Int(index)].right = added
    return added
  }

  private mutating func allocate(_ run: StackRun) -> Int32 {
    if let index = free.popLast() {
      runs[Int(index)] = run
      return index
    }
    runs.append(run)
    return Int32(runs.count - 1)
  }

  private mutating func add(_ count: Int64, at slot: Int32) {
    blocks += count
    var index = Int(slot) + 1
    while index < tree.count {
      tree[index] += count
      index += index & -index
    }
  }

  /// Closes the gaps between slots, and makes room for as many touches as there are runs and nodes.
  private mutating func renumberSlots() {
    var isUsed = ContiguousArray(repeating: false, count: Int(nextSlot))
    let live = liveRuns
    for index in live { isUsed[Int(runs[index].slot)] = true }
    var number = ContiguousArray<Int32>(repeating: 0, count: isUsed.count)
    nextSlot = 0
    for slot in isUsed.indices where isUsed[slot] {
      number[slot] = nextSlot
      nextSlot += 1
    }
    let room = max(1_024, 2 * (runs.count + firstOfNode.count))
    tree = ContiguousArray(repeating: 0, count: room + 1)
    for index in live {
      runs[index].slot = number[Int(runs[index].slot)]
      tree[Int(runs[index].slot) + 1] += runs[index].count
    }
    for index in 1..<tree.count {
      let above = index + (index & -index)
      if above < tree.count { tree[above] += tree[index] }
    }
  }

  /// The runs that are in use.
  private var liveRuns: ContiguousArray<Int> {
    var live = ContiguousArray<Int>()
    for first in firstOfNode {
      var index = first
      while index >= 0 {
        live.append(Int(index))
        index = runs[Int(index)].right
      }
    }
    return live
  }
}
