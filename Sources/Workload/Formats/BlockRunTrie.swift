/// Consecutive ids of prompt blocks: `first`, `first + 1` and so on.
struct BlockRun: Equatable {
  var first: Int64
  /// At least 1.
  var count: Int32
}

/// Builds the trace's prefix trie from the runs of block ids of one row after another.
///
/// Like `PrefixTrieBuilder`, in time and memory that go with the runs and not with the blocks: the
/// prompts of an agent repeat hundreds of blocks and write them as a few runs. Ids can be local to a
/// session; then they are forgotten at its end, and what remains is its nodes.
struct BlockRunTrie {
  /// By first id.
  private var pieces = ContiguousArray<Piece>()
  /// A node's id is its place.
  private var table = PrefixTable()
  /// The path added last: its runs, and the place of the last block of each.
  private var path = ContiguousArray<(run: BlockRun, end: BlockPlace)>()

  /// Blocks of consecutive ids that follow each other in one node.
  private struct Piece {
    var first: Int64
    var count: Int32
    var place: BlockPlace

    var end: Int64 { first + Int64(count) }

    func holds(_ id: Int64) -> Bool { first <= id && id < end }
  }

  var isEmpty: Bool { table.isEmpty }

  /// Lets ids stand for other blocks from here on.
  mutating func forgetIds() {
    pieces.removeAll(keepingCapacity: true)
    path.removeAll(keepingCapacity: true)
  }

  /// Adds a row's path, given by its runs from the root on, and returns where it ends; nil without
  /// any. Ids of a run do not exceed 63 bits, and there are at most `Int32.max` blocks.
  mutating func insert(
    _ runs: ContiguousArray<BlockRun>,
    at position: Int
  ) throws(Fault) -> (node: Int32, blocks: Int32)? {
    if runs.isEmpty { return nil }
    var (run, done, last) = startOfPath(runs)
    path.removeSubrange(run...)
    var index = 0
    while run < runs.count {
      let id = runs[run].first + Int64(done)
      // Pieces mostly follow each other in a prompt as their ids do.
      if index >= pieces.count || !pieces[index].holds(id) {
        index = pieceIndex(of: id)
        guard index < pieces.count, pieces[index].holds(id) else { break }
      }
      let piece = pieces[index]
      let inside = Int32(id - piece.first)
      let place = BlockPlace(node: piece.place.node, block: piece.place.block + inside)
      guard follows(place, last) else { throw Self.misplaced(id, position) }
      let count = min(runs[run].count - done, piece.count - inside)
      last = BlockPlace(node: place.node, block: place.block + count - 1)
      done += count
      if done == runs[run].count {
        path.append((runs[run], last))
        run += 1
        done = 0
      }
      index += 1
    }
    if run < runs.count { last = try append(runs[run...], done, behind: last, at: position) }
    table.touch(last.node)
    return (last.node, last.block + 1)
  }

  /// How much of a path is that of the row before: runs, blocks of the run behind them, and the place of
  /// the last block. A prompt of an agent goes on where the one before ended.
  private func startOfPath(
    _ runs: ContiguousArray<BlockRun>
  ) -> (runs: Int, blocks: Int32, last: BlockPlace) {
    var count = 0
    while count < min(runs.count, path.count), runs[count] == path[count].run { count += 1 }
    if count < min(runs.count, path.count), runs[count].first == path[count].run.first,
      runs[count].count > path[count].run.count
    {
      return (count, path[count].run.count, path[count].end)
    }
    return (count, 0, count == 0 ? .root : path[count - 1].end)
  }

  /// Returns the nodes that the rows since the last call touch, parents first, and starts anew.
  mutating func takeGroup() -> PrefixNodes { table.takeGroup() }

  /// Counts a node and those above it among the nodes of the group at hand.
  mutating func touch(_ node: Int32) { table.touch(node) }

  /// Adds a node of new blocks: those of the runs but for the first `done`.
  private mutating func append(
    _ runs: ContiguousArray<BlockRun>.SubSequence,
    _ done: Int32,
    behind last: BlockPlace,
    at position: Int
  ) throws(Fault) -> BlockPlace {
    guard let node = Int32(exactly: table.nodes.count), node < .max else {
      throw Fault(at: position, "trace has more than \(Int32.max) prefix branches")
    }
    var end = BlockPlace(node: node, block: -1)
    var skipped = done
    var added = ContiguousArray<Piece>()
    for run in runs {
      let piece = Piece(
        first: run.first + Int64(skipped),
        count: run.count - skipped,
        place: BlockPlace(node: node, block: end.block + 1)
      )
      skipped = 0
      added.append(piece)
      end.block += piece.count
      path.append((run, end))
    }
    try insert(added, at: position)
    table.append(
      id: node,
      parentId: last.node,
      parentPlace: last.node,
      offset: last.block + 1,
      blocks: end.block + 1
    )
    return end
  }

  /// Adds the pieces of one prompt in one pass, so that ids in no order take no longer than others.
  private mutating func insert(_ added: ContiguousArray<Piece>, at position: Int) throws(Fault) {
    // Nearly always one piece of ids above all others.
    if added.count == 1, added[0].first >= pieces.last?.end ?? 0 {
      pieces.append(added[0])
      return
    }
    let added = added.sorted { $0.first < $1.first }
    guard let first = added.first else { return }
    let start = pieceIndex(of: first.first)
    let later = ContiguousArray(pieces[start...])
    pieces.removeSubrange(start...)
    var next = 0
    for piece in added {
      while next < later.count, later[next].first < piece.first {
        try append(later[next], at: position)
        next += 1
      }
      try append(piece, at: position)
    }
    for piece in later[next...] { try append(piece, at: position) }
  }

  private mutating func append(_ piece: Piece, at position: Int) throws(Fault) {
    if let last = pieces.last, last.end > piece.first {
      throw Self.misplaced(piece.first, position)
    }
    pieces.append(piece)
  }

  /// The first piece that ends behind an id; it holds the id unless it begins behind it too.
  private func pieceIndex(of id: Int64) -> Int {
    var (low, high) = (0, pieces.count)
    while low < high {
      let middle = (low + high) / 2
      if pieces[middle].end <= id { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private func follows(_ place: BlockPlace, _ last: BlockPlace) -> Bool {
    if place.block > 0 { return place.node == last.node && place.block == last.block + 1 }
    let node = Int(place.node)
    return table.nodes.parent[node] == last.node && table.nodes.offset[node] == last.block + 1
  }

  private static func misplaced(_ id: Int64, _ position: Int) -> Fault {
    Fault(
      at: position,
      "block id \(id) stands elsewhere in an earlier prompt; an id must name the whole prompt up to "
        + "its block"
    )
  }
}
