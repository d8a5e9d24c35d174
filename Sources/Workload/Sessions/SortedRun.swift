/// Sorted rows on disk: one piece of the file after another.
struct SortedRun {
  var chunks: [Range<Int64>] = []
}

/// Takes rows out of several sorted runs in order.
struct RunMerge {
  private let file: SpillFile
  private let key: (borrowing RowGroup, Int) -> RowKey
  private var cursors: [Cursor] = []
  /// A binary heap: no head comes before its parent, which stands at (index − 1) / 2.
  private var heads = ContiguousArray<Head>()

  /// A run's place in the merge.
  private struct Cursor {
    var run: SortedRun
    var nextChunk = 0
    var chunk = RowGroup()
    var keys = ContiguousArray<RowKey>()
    var row = 0
    /// Place of the chunk among those that the rows at hand are taken from; −1 for none.
    var place: Int32 = -1
  }

  /// The next row of a cursor.
  private struct Head {
    var key: RowKey
    var cursor: Int
  }

  /// Begins to merge runs whose rows have been sorted by `key`.
  init(
    _ runs: some Sequence<SortedRun>,
    in file: SpillFile,
    by key: @escaping (borrowing RowGroup, Int) -> RowKey
  ) throws(TraceError) {
    self.file = file
    self.key = key
    for run in runs {
      cursors.append(Cursor(run: run))
      let index = cursors.count - 1
      if try load(index) { heads.append(Head(key: cursors[index].keys[0], cursor: index)) }
    }
    for index in heads.indices.reversed() { siftDown(index) }
  }

  /// Rows of the runs that are in memory.
  var rowsHeld: Int { cursors.reduce(0) { $0 + $1.keys.count } }

  /// Returns the next rows: as many as asked for, or less at the end and nil behind it. With
  /// `wholeSessions` it goes on to the end of the last row's session.
  mutating func next(_ rows: Int, wholeSessions: Bool) throws(TraceError) -> RowGroup? {
    var places = ContiguousArray<RowPlace>()
    var chunks: [RowGroup] = []
    var last: RowKey?
    while let head = heads.first {
      if places.count >= rows {
        guard wholeSessions, let last, head.key.isOfSameSession(as: last) else { break }
      }
      last = head.key
      if cursors[head.cursor].place < 0 {
        cursors[head.cursor].place = Int32(chunks.count)
        chunks.append(cursors[head.cursor].chunk)
      }
      places.append(
        RowPlace(group: cursors[head.cursor].place, row: Int32(cursors[head.cursor].row))
      )
      try advance(head.cursor)
    }
    for index in cursors.indices { cursors[index].place = -1 }
    return places.isEmpty ? nil : RowGroup(places[...], of: chunks)
  }

  /// Moves the first head, which is of this cursor, past its row.
  private mutating func advance(_ cursor: Int) throws(TraceError) {
    cursors[cursor].row += 1
    let row = cursors[cursor].row
    if row < cursors[cursor].keys.count {
      heads[0].key = cursors[cursor].keys[row]
    } else if try load(cursor) {
      heads[0].key = cursors[cursor].keys[0]
    } else {
      heads.swapAt(0, heads.count - 1)
      heads.removeLast()
    }
    siftDown(0)
  }

  /// Loads the next chunk of a run, which has a row at least; returns false at the run's end.
  private mutating func load(_ index: Int) throws(TraceError) -> Bool {
    var cursor = Cursor(run: cursors[index].run, nextChunk: cursors[index].nextChunk)
    if cursor.nextChunk < cursor.run.chunks.count {
      cursor.chunk = RowGroup(spilled: try file.read(cursor.run.chunks[cursor.nextChunk]))
      cursor.nextChunk += 1
      cursor.keys.reserveCapacity(cursor.chunk.count)
      for row in 0..<cursor.chunk.count { cursor.keys.append(key(cursor.chunk, row)) }
    }
    cursors[index] = cursor
    return !cursor.keys.isEmpty
  }

  private mutating func siftDown(_ start: Int) {
    var index = start
    while true {
      var least = index
      for child in 2 * index + 1...2 * index + 2
      where child < heads.count && heads[child].key < heads[least].key {
        least = child
      }
      if least == index { return }
      heads.swapAt(index, least)
      index = least
    }
  }
}
