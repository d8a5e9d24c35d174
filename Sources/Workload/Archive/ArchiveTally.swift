/// What the groups of a trace file add up to, kept alike by its writer and its reader.
struct ArchiveTally {
  private(set) var groups: [ArchiveGroup] = []
  private(set) var rows: Int64 = 0
  private(set) var span: SimTime = 0
  private(set) var digest = ContentDigest()
  private var order = SessionOrder()

  var sessions: Int64 { order.sessions }

  init() {}

  /// Goes on behind groups that are not read.
  init(behind groups: ArraySlice<ArchiveGroup>) {
    self.groups = Array(groups)
    for group in groups {
      rows += Int64(group.rows)
      span = max(span, group.end)
    }
  }

  /// Checks a group and counts it; where its frame stands comes with `place`.
  mutating func add(_ group: borrowing RowGroup, _ names: TraceNames) throws(GroupFault) {
    try RowGroupRules.check(group)
    guard names.blockTokens > 0 || group.prefixes.count == 0 else {
      throw GroupFault(
        column: ArchiveColumn.nodeID.name,
        problem:
          "is there in a trace with blocks of \(names.blockTokens) tokens; expected 1 or more"
      )
    }
    let end = try order.take(group)
    digest.add(group, names)
    groups.append(
      ArchiveGroup(
        offset: 0,
        packedBytes: 0,
        plainBytes: 0,
        firstRow: rows,
        rows: group.count,
        start: group.arrival[0],
        end: end
      )
    )
    rows += Int64(group.count)
    span = max(span, end)
  }

  /// Says where the frame of the group that was added last stands.
  mutating func place(offset: Int64, packedBytes: Int, plainBytes: Int) {
    guard let last = groups.indices.last else { return }
    groups[last].offset = offset
    groups[last].packedBytes = Int64(packedBytes)
    groups[last].plainBytes = Int64(plainBytes)
  }
}
