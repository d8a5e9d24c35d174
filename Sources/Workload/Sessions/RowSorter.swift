/// Sorts the rows of a trace of any size in bounded memory.
///
/// What does not fit goes to a temporary file as sorted runs, which are merged in the end. In memory
/// remain rows of at most about `memoryBytes`, the first row of each session and the index of the
/// runs. Prefix nodes are left out.
final class RowSorter {
  enum Order {
    /// Rows of a session together, by arrival, then record; sessions by their first rows. A row of
    /// no session is one by itself.
    case sessions
    /// By arrival, then record.
    case arrivals
  }

  static let defaultMemoryBytes = 256 << 20
  /// Runs that are merged at a time.
  private static let fanIn = 256
  /// What sorting takes for each row.
  private static let sortingBytes = MemoryLayout<RowPlace>.stride + StableOrder.bytesPerItem

  private let order: Order
  private let folder: String?
  /// Rows of more bytes are written to disk: three quarters of the memory, the rest being for rows
  /// on their way in and out.
  private let heldLimit: Int
  /// About how large a piece of a run is: all those of a merge take half of the memory.
  private let chunkBytes: Int

  private var starts = SessionStarts()
  private var held: [RowGroup] = []
  private var heldBytes = 0
  private var file: SpillFile?
  private var runs: [SortedRun] = []
  /// Whether a run was sorted by a session's start that turned out not to be its first.
  private var hasLateStarts = false
  private var output: Output?
  /// The most rows that were in memory at once.
  private(set) var mostRowsHeld = 0

  private enum Output {
    case memory(ContiguousArray<RowPlace>, next: Int)
    case merge(RunMerge)
  }

  /// `memoryBytes`, at least 1, is about how much memory rows may take. The temporary file is in
  /// `folder`, or in `TMPDIR`, or in `/tmp` where that is not set.
  init(_ order: Order, memoryBytes: Int = defaultMemoryBytes, folder: String? = nil) {
    self.order = order
    self.folder = folder
    heldLimit = memoryBytes / 4 * 3
    chunkBytes = memoryBytes / 2 / Self.fanIn
  }

  /// Takes more rows, before the first are given out.
  func add(_ group: RowGroup) throws(TraceError) {
    guard group.count > 0 else { return }
    if order == .sessions, starts.take(group, runs: runs.count) { hasLateStarts = true }
    held.append(coalescing: group)
    heldBytes += group.columnBytes + group.count * Self.sortingBytes
    mostRowsHeld = max(mostRowsHeld, held.reduce(0) { $0 + $1.count })
    if heldBytes > heldLimit { try spill() }
  }

  /// Returns the next rows, or nil behind the last.
  ///
  /// Groups are of `RowGroup.preferredRows` rows. Sorted by session they are larger where the last
  /// session of a group would be split.
  func next() throws(TraceError) -> RowGroup? {
    if output == nil { try finish() }
    switch output {
    case .memory(let places, let start):
      guard start < places.count else { return nil }
      var end = min(start + RowGroup.preferredRows, places.count)
      if order == .sessions {
        let last = key(places[end - 1])
        while end < places.count, key(places[end]).isOfSameSession(as: last) { end += 1 }
      }
      output = .memory(places, next: end)
      return RowGroup(places[start..<end], of: held)
    case .merge(var merge):
      output = nil
      defer { output = .merge(merge) }
      let group = try merge.next(RowGroup.preferredRows, wholeSessions: order == .sessions)
      mostRowsHeld = max(mostRowsHeld, merge.rowsHeld + (group?.count ?? 0))
      return group
    case nil: return nil
    }
  }

  /// The session of a record among all rows, −1 for none; nil where no row has the record.
  ///
  /// Reads rows from the first on: for the text of an error.
  func session(of record: Int64) throws(TraceError) -> Int32? {
    for group in held {
      if let session = group.session(of: record) { return session }
    }
    guard let file else { return nil }
    for run in runs {
      for chunk in run.chunks {
        let group = RowGroup(spilled: try file.read(chunk))
        if let session = group.session(of: record) { return session }
      }
    }
    return nil
  }

  /// The key of a row in memory.
  private func key(_ place: RowPlace) -> RowKey { key(held[Int(place.group)], Int(place.row)) }

  private func key(_ group: borrowing RowGroup, _ row: Int) -> RowKey {
    switch order {
    case .sessions: starts.key(group, row)
    case .arrivals: RowKey(group, row)
    }
  }

  private func finish() throws(TraceError) {
    if runs.isEmpty {
      output = .memory(sorted(held), next: 0)
      return
    }
    try spill()
    guard let file else { return }
    if hasLateStarts { try sortRunsAgain(file) }
    while runs.count > Self.fanIn {
      var merge = try merge(runs[..<Self.fanIn], file)
      var run = SortedRun()
      while let group = try merge.next(RowGroup.preferredRows, wholeSessions: false) {
        mostRowsHeld = max(mostRowsHeld, merge.rowsHeld + group.count)
        try append(sorted([group]), of: [group], to: &run, file)
      }
      runs.removeSubrange(..<Self.fanIn)
      runs.append(run)
    }
    output = .merge(try merge(runs[...], file))
  }

  private func merge(
    _ runs: ArraySlice<SortedRun>,
    _ file: SpillFile
  ) throws(TraceError) -> RunMerge {
    switch order {
    case .sessions:
      try RunMerge(runs, in: file) { [starts] group, row in starts.key(group, row) }
    case .arrivals:
      try RunMerge(runs, in: file) { group, row in RowKey(group, row) }
    }
  }

  /// Sorts each run by what is known now; each was in memory before, so it fits.
  private func sortRunsAgain(_ file: SpillFile) throws(TraceError) {
    for index in runs.indices {
      var groups: [RowGroup] = []
      for chunk in runs[index].chunks {
        groups.append(coalescing: RowGroup(spilled: try file.read(chunk)))
      }
      runs[index] = SortedRun()
      try append(sorted(groups), of: groups, to: &runs[index], file)
    }
  }

  private func spillFile() throws(TraceError) -> SpillFile {
    if let file { return file }
    let created = try SpillFile(folder: folder)
    file = created
    return created
  }

  /// Writes the rows in memory to disk as a sorted run.
  private func spill() throws(TraceError) {
    guard !held.isEmpty else { return }
    let file = try spillFile()
    var run = SortedRun()
    try append(sorted(held), of: held, to: &run, file)
    runs.append(run)
    held = []
    heldBytes = 0
  }

  private func append(
    _ places: ContiguousArray<RowPlace>,
    of groups: [RowGroup],
    to run: inout SortedRun,
    _ file: SpillFile
  ) throws(TraceError) {
    let bytes = groups.reduce(0) { $0 + $1.columnBytes }
    let rows = max(1, min(places.count * chunkBytes / max(1, bytes), RowGroup.preferredRows))
    for start in stride(from: 0, to: places.count, by: rows) {
      let chunk = RowGroup(places[start..<min(start + rows, places.count)], of: groups)
      run.chunks.append(try file.append(chunk.spilled()))
    }
  }

  private func sorted(_ groups: [RowGroup]) -> ContiguousArray<RowPlace> {
    var places = ContiguousArray<RowPlace>()
    places.reserveCapacity(groups.reduce(0) { $0 + $1.count })
    for (index, group) in groups.enumerated() {
      for row in 0..<group.count {
        places.append(RowPlace(group: Int32(index), row: Int32(row)))
      }
    }
    var order = StableOrder(count: places.count)
    order.sort { groups[Int(places[$0].group)].record[Int(places[$0].row)] }
    order.sort { groups[Int(places[$0].group)].arrival[Int(places[$0].row)] }
    if self.order == .sessions {
      order.sort { starts.key(groups[Int(places[$0].group)], Int(places[$0].row)).first }
      order.sort { starts.key(groups[Int(places[$0].group)], Int(places[$0].row)).start }
    }
    return ContiguousArray(order.indices.map { places[$0] })
  }
}

extension RowGroup {
  /// The session of a record, −1 for none; nil where no row has the record.
  fileprivate func session(of record: Int64) -> Int32? {
    guard let row = self.record.firstIndex(of: record) else { return nil }
    return session.isEmpty ? -1 : session[row]
  }
}
