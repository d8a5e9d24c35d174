/// What the groups of a trace file add up to, kept alike by its writer and its reader.
struct ArchiveTally {
  private(set) var groups: [ArchiveGroup] = []
  private(set) var rows: Int64 = 0
  private(set) var span: SimTime = 0
  private(set) var digest = ContentDigest()
  private var order: SessionOrder
  /// At most 64 MiB: all of 2²⁹ records that count up from 0.
  private var records = NumberSet(mostPages: 1 << 17)
  private var nodes = PrefixCatalog()

  var sessions: Int64 { order.sessions }

  /// Starts at the first row of a trace.
  init() { order = SessionOrder(startsAtFirstRow: true) }

  /// Goes on behind groups that are not read.
  init(behind groups: ArraySlice<ArchiveGroup>) {
    order = SessionOrder(startsAtFirstRow: groups.isEmpty)
    self.groups = Array(groups)
    for group in groups {
      rows += Int64(group.rows)
      span = max(span, group.end)
    }
  }

  /// Checks a group and counts it; where its frame stands comes with `place`.
  mutating func add(_ group: borrowing RowGroup, _ names: TraceNames) throws(GroupFault) {
    try RowGroupRules.check(group, blockTokens: names.blockTokens)
    try expectNewRecords(group)
    try expectSameNodes(group.prefixes)
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

  private mutating func expectNewRecords(_ group: borrowing RowGroup) throws(GroupFault) {
    for row in 0..<group.count where !records.insert(group.record[row]) {
      throw RowGroupRules.fault(.record, row, group.record[row], "each record once")
    }
  }

  private mutating func expectSameNodes(_ stated: borrowing PrefixNodes) throws(GroupFault) {
    do throws(PrefixCatalog.Fault) {
      try nodes.add(stated)
    } catch {
      throw GroupFault(
        column: ArchiveColumn.nodeID.name,
        row: error.index,
        problem: "holds \(error.id), which \(error.problem)"
      )
    }
  }

  /// Says where the frame of the group that was added last stands.
  mutating func place(offset: Int64, packedBytes: Int, plainBytes: Int) {
    guard let last = groups.indices.last else { return }
    groups[last].offset = offset
    groups[last].packedBytes = Int64(packedBytes)
    groups[last].plainBytes = Int64(plainBytes)
  }
}
