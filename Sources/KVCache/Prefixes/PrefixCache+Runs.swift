extension PrefixCache {
  // MARK: Finding

  /// The run that holds the last block of a cached path.
  func run(holding point: PrefixPoint) -> Int32 {
    var index = lastRun[point.node]
    precondition(index >= 0 && runs[Int(index)].depth >= point.depth, "a path that is not cached")
    while runs[Int(index)].from >= point.depth { index = runs[Int(index)].parent }
    return index
  }

  /// The run at whose end a cached path ends, cut off if need be.
  mutating func run(endingAt point: PrefixPoint) -> Int32 {
    let index = run(holding: point)
    return runs[Int(index)].depth == point.depth ? index : split(index, at: point.depth)
  }

  /// Cuts a run in two and returns the upper part, at whose end no use has ended yet.
  private mutating func split(_ index: Int32, at depth: Int32) -> Int32 {
    let whole = runs[Int(index)]
    var upper = CachedRun(
      node: whole.node,
      from: whole.from,
      depth: depth,
      parent: whole.parent,
      children: 1,
      users: whole.users > 0 ? 1 : 0
    )
    upper.isPromoted = whole.isPromoted
    let added = allocate(upper)
    runs[Int(index)].from = depth
    runs[Int(index)].parent = added
    return added
  }

  private mutating func allocate(_ run: CachedRun) -> Int32 {
    if let index = free.popLast() {
      runs[Int(index)] = run
      return index
    }
    runs.append(run)
    return Int32(runs.count - 1)
  }

  // MARK: Users

  /// Adds a user at a run's end and returns how many idle blocks that puts in use.
  mutating func hold(_ end: Int32) -> Int {
    var newlyUsed = 0
    var index = end
    while index >= 0 {
      runs[Int(index)].users += 1
      guard runs[Int(index)].users == 1 else { break }
      newlyUsed += Int(runs[Int(index)].count)
      if runs[Int(index)].place >= 0 { leaves.remove(index, in: &runs) }
      index = runs[Int(index)].parent
    }
    return newlyUsed
  }

  /// Removes a user at a run's end and returns how many blocks nobody uses any more.
  mutating func letGo(_ end: Int32) -> Int {
    var released = 0
    var index = end
    while index >= 0 {
      runs[Int(index)].users -= 1
      guard runs[Int(index)].users == 0 else { break }
      released += Int(runs[Int(index)].count)
      if runs[Int(index)].children == 0 { enqueue(index) }
      index = runs[Int(index)].parent
    }
    return released
  }

  /// Puts an idle leaf among the victims.
  mutating func enqueue(_ index: Int32) {
    leaves.insert(index, eviction.rank(runs[Int(index)]), in: &runs)
  }

  /// Removes the pin that has moved on from a point to one behind it.
  ///
  /// Where no use has ever ended, the cut that the pin made is undone.
  mutating func leave(_ point: PrefixPoint) {
    var lower: Int32 = -1
    var index = lastRun[point.node]
    while runs[Int(index)].from >= point.depth {
      lower = index
      index = runs[Int(index)].parent
    }
    runs[Int(index)].users -= 1
    let upper = runs[Int(index)]
    guard lower >= 0, upper.children == 1, upper.users == 1, upper.facts.uses == 0,
      runs[Int(lower)].isPromoted == upper.isPromoted
    else { return }
    runs[Int(lower)].from = upper.from
    runs[Int(lower)].parent = upper.parent
    free.append(index)
  }

  // MARK: Inserting

  /// Lengthens the pinned run in place, where nobody else could tell; false where somebody could.
  mutating func grow(
    from pinned: PrefixPoint,
    cached: PrefixPoint,
    by end: PrefixPoint,
    in trie: borrowing PrefixTrie
  ) -> Bool {
    guard pinned == cached, pinned.node == end.node, pinned.node >= 0 else { return false }
    let index = lastRun[pinned.node]
    let run = runs[Int(index)]
    guard run.children == 0, run.users == 1, run.facts.uses == 0, !run.isPromoted else {
      return false
    }
    runs[Int(index)].depth = end.depth
    return true
  }

  /// Inserts the rest of a path, with a user at its end, and returns how many idle blocks before it
  /// that puts in use.
  mutating func insert(
    from cached: PrefixPoint,
    to end: PrefixPoint,
    in trie: inout PrefixTrie
  ) -> Int {
    let promotedDepth = memory.isEmpty ? 0 : recall(from: cached, to: end, in: &trie)
    let parent = cached.node >= 0 ? run(endingAt: cached) : -1
    // From the end upwards, as the trie leads.
    var point = end
    var below: Int32 = -1
    while point.depth > cached.depth {
      let before = trie.before(point.node)
      var from = max(before, cached.depth)
      // What is promoted and what is not lies in different runs.
      if promotedDepth > from, promotedDepth < point.depth { from = promotedDepth }
      var run = CachedRun(
        node: point.node,
        from: from,
        depth: point.depth,
        parent: -1,
        children: below >= 0 ? 1 : 0,
        users: 1
      )
      run.isPromoted = point.depth <= promotedDepth
      eviction.inserted(Int(run.count), promoted: run.isPromoted)
      let added = allocate(run)
      if below >= 0 { runs[Int(below)].parent = added }
      if below < 0 || runs[Int(below)].node != point.node {
        if lastRun[point.node] < 0 { trie.retain(point.node) }
        lastRun.set(point.node, added)
      }
      below = added
      point.depth = from
      if from == before { point.node = trie.parent(of: point.node) }
    }
    guard parent >= 0 else { return 0 }
    runs[Int(below)].parent = parent
    runs[Int(parent)].children += 1
    if promotedDepth > 0 { promote(parent) }
    return hold(parent)
  }
}
