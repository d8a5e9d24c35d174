/// The bound for `PrefixCache`: evicts the leaf that is needed again last, which takes knowing the
/// future. Only for a replay whose prompts end in order, one at a time.
///
/// A block is needed no later than those behind it, so of all blocks that are not in use one that is
/// needed again last is a leaf: this is the optimum for caches that must hold a whole prompt while
/// it is computed, leaves or not.
///
/// Source: Belady, "A study of replacement algorithms for a virtual-storage computer", IBM Systems
/// Journal 1966.
public struct BeladyLeaves: Eviction {
  /// From the first block to a depth, the next prompt that needs the blocks; those before are in the
  /// step before.
  private struct Step {
    var depth: Int32
    var next: Int32
  }

  /// Steps of use `i`, counted from 0, are `steps[first[i] ..< first[i + 1]]`.
  private var first: ContiguousArray<Int32>
  private var steps: ContiguousArray<Step>

  public init(_ paths: PrefixPaths) {
    var uses = NextUses(paths)
    let found = uses.find(paths)
    first = ContiguousArray(repeating: 0, count: paths.count + 1)
    for entry in found { first[Int(entry.use) + 1] += 1 }
    for use in 0..<paths.count { first[use + 1] += first[use] }
    steps = ContiguousArray(repeating: Step(depth: 0, next: 0), count: found.count)
    var place = first
    for entry in found {
      steps[Int(place[Int(entry.use)])] = Step(depth: entry.depth, next: entry.next)
      place[Int(entry.use)] += 1
    }
  }

  public var ranksByDepth: Bool { true }

  public mutating func rank(_ run: CachedRun) -> EvictionRank {
    EvictionRank(key: -Int64(nextUse(after: Int(run.facts.lastOrder) - 1, depth: run.depth)))
  }

  private func nextUse(after use: Int, depth: Int32) -> Int32 {
    var (low, high) = (Int(first[use]), Int(first[use + 1]))
    let end = high
    while low < high {
      let middle = (low + high) / 2
      if steps[middle].depth < depth { low = middle + 1 } else { high = middle }
    }
    return low < end ? steps[low].next : .max
  }
}

/// Finds which prompt needs the blocks of another one again.
private struct NextUses {
  struct Found {
    var use: Int32
    var depth: Int32
    var next: Int32
  }

  /// The first blocks of a node, up to `end`, behind those of the part above: last used by `use`.
  private struct Part {
    var end: Int32
    var use: Int32
    var below: Int32
  }

  private var parts = ContiguousArray<Part>()
  private var free = ContiguousArray<Int32>()
  /// The part with a node's first block; −1 for none.
  private var top: ContiguousArray<Int32>
  private var found = ContiguousArray<Found>()

  init(_ paths: PrefixPaths) {
    top = ContiguousArray(repeating: -1, count: paths.nodeBlocks.count)
  }

  /// In the order of the next use, and for one use in the order of depth.
  mutating func find(_ paths: PrefixPaths) -> ContiguousArray<Found> {
    var use: Int32 = 0
    for prompt in 0..<paths.count {
      let range = paths.firstRun[prompt]..<paths.firstRun[prompt + 1]
      if range.isEmpty { continue }
      var depth: Int32 = 0
      for index in range {
        let run = paths.runs[Int(index)]
        touch(run, before: depth, by: use)
        depth += run.end
      }
      use += 1
    }
    return found
  }

  private mutating func touch(_ run: PathRun, before: Int32, by use: Int32) {
    var next = top[Int(run.node)]
    while next >= 0 {
      let part = parts[Int(next)]
      found.append(Found(use: part.use, depth: before + min(part.end, run.end), next: use))
      if part.end > run.end { break }
      free.append(next)
      next = part.below
    }
    let part = Part(end: run.end, use: use, below: next)
    if let index = free.popLast() {
      parts[Int(index)] = part
      top[Int(run.node)] = index
    } else {
      parts.append(part)
      top[Int(run.node)] = Int32(parts.count - 1)
    }
  }
}
