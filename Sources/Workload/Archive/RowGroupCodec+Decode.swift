extension RowGroupCodec {
  /// Turns a frame's content into its rows, and adds the names that they use; indices of names
  /// become those of `names`.
  ///
  /// Everything that says how much there is gets checked before anything is made of that size.
  /// Whether rows and edges make sense is `RowGroupRules`' to say.
  static func decode(
    _ bytes: [UInt8],
    names: inout ArchiveNames
  ) throws(GroupFault) -> RowGroup {
    let reader = try GroupReader(bytes)
    var group = RowGroup()
    try reader.readSessions(bytes, into: &group)
    try reader.readRows(bytes, into: &group)
    try reader.readEdges(bytes, into: &group)
    try reader.readNodes(bytes, into: &group.prefixes)
    try reader.readNames(bytes, of: &group, into: &names)
    return group
  }
}

/// The directory of a group, checked against the size of its content.
private struct GroupReader {
  private let counts: [Int]
  /// By column id: the entry and where its data starts. Columns that this build does not know, and
  /// that may be skipped, are left out.
  private var entries: [UInt16: (entry: ColumnEntry, offset: Int)] = [:]

  init(_ bytes: [UInt8]) throws(GroupFault) {
    guard bytes.count >= RowGroupCodec.headerBytes,
      bytes[0..<4].elementsEqual(ArchiveFormat.rowGroupMarker)
    else { throw GroupFault(problem: "content does not start with RPLG and four counts") }
    counts = [
      Int(bytes.littleEndian(at: 4, as: UInt32.self)),
      Int(bytes.littleEndian(at: 8, as: UInt32.self)),
      Int(bytes.littleEndian(at: 12, as: UInt32.self)),
    ]
    let limits = [ArchiveFormat.mostRows, ArchiveFormat.mostEdges, ArchiveFormat.mostNodes]
    for (what, limit) in zip(["rows", "edges", "prefix nodes"].enumerated(), limits) {
      let least = what.offset == 0 ? 1 : 0
      guard (least...limit).contains(counts[what.offset]) else {
        throw GroupFault(
          problem: "has \(counts[what.offset]) \(what.element); expected \(least) to \(limit)"
        )
      }
    }
    try readDirectory(bytes, columns: Int(bytes.littleEndian(at: 16, as: UInt32.self)))
  }

  private mutating func readDirectory(
    _ bytes: [UInt8],
    columns: Int
  ) throws(GroupFault) {
    let room = (bytes.count - RowGroupCodec.headerBytes) / ColumnEntry.bytes
    guard columns <= room else {
      throw GroupFault(
        problem: "has a directory of \(columns) columns; its content has room for \(room)"
      )
    }
    var offset = RowGroupCodec.headerBytes + columns * ColumnEntry.bytes
    var last: UInt16 = 0
    for index in 0..<columns {
      let entry = ColumnEntry(bytes, at: RowGroupCodec.headerBytes + index * ColumnEntry.bytes)
      guard entry.id > last else {
        throw GroupFault(
          problem: "has column id \(entry.id) behind \(last); expected ascending ids"
        )
      }
      last = entry.id
      guard entry.dataBytes <= UInt64(bytes.count - offset) else {
        throw GroupFault(
          column: Self.name(entry.id),
          problem: "claims \(entry.dataBytes) bytes; \(bytes.count - offset) are left"
        )
      }
      if let column = ArchiveColumn(rawValue: entry.id) {
        try check(entry, column)
        entries[entry.id] = (entry, offset)
      } else if entry.isRequired {
        throw GroupFault(
          problem: "has a column of id \(entry.id) that this build does not know and must not "
            + "skip; update replay"
        )
      }
      offset += Int(entry.dataBytes)
    }
    guard offset == bytes.count else {
      throw GroupFault(problem: "has \(bytes.count - offset) bytes behind its last column")
    }
  }

  private static func name(_ id: UInt16) -> String {
    ArchiveColumn(rawValue: id)?.name ?? "of id \(id)"
  }

  private func check(_ entry: ColumnEntry, _ column: ArchiveColumn) throws(GroupFault) {
    let encoding = ArchiveColumn.Encoding(rawValue: entry.encoding)
    guard entry.domain == column.domain.rawValue, entry.type == column.type.rawValue,
      entry.unit == column.unit.rawValue, let encoding,
      (encoding == .text) == (column.type == .text)
    else {
      throw GroupFault(
        column: column.name,
        problem: "has domain \(entry.domain), type \(entry.type), unit \(entry.unit) and encoding "
          + "\(entry.encoding); expected \(column.domain.rawValue), \(column.type.rawValue), "
          + "\(column.unit.rawValue) and \(column.type == .text ? "2" : "0 or 1")"
      )
    }
    if encoding == .text { return }
    let count = counts[Int(entry.domain)]
    guard entry.width <= 8, entry.dataBytes == UInt64(Int(entry.width) * count) else {
      throw GroupFault(
        column: column.name,
        problem: "has \(entry.dataBytes) bytes for \(count) values of \(entry.width); expected a "
          + "width of at most 8, and their product"
      )
    }
  }

  /// The values of a column; none where the group does not have it.
  private func values<Value: FixedWidthInteger>(
    _ column: ArchiveColumn,
    _ bytes: [UInt8],
    as type: Value.Type = Value.self
  ) throws(GroupFault) -> ContiguousArray<Value> {
    guard let (entry, offset) = entries[column.rawValue] else {
      if ArchiveColumn.always.contains(column) {
        throw GroupFault(column: column.name, problem: "is missing; every group has it")
      }
      return []
    }
    let planes = BytePlanes(
      width: Int(entry.width),
      first: entry.first,
      base: entry.base,
      scale: entry.scale,
      count: counts[Int(entry.domain)],
      isDelta: entry.encoding == ArchiveColumn.Encoding.deltaPlanes.rawValue
    )
    let (values, outOfRange) = planes.values(bytes, at: offset, as: Value.self)
    if let (index, value) = outOfRange {
      throw GroupFault(
        column: column.name,
        row: index,
        problem: "holds \(value); expected \(Value.min) to \(Value.max)"
      )
    }
    return values
  }

  /// The kinds behind a column of small numbers.
  private func kinds<Kind: RawRepresentable<UInt8>>(
    _ column: ArchiveColumn,
    _ bytes: [UInt8],
    as type: Kind.Type
  ) throws(GroupFault) -> ContiguousArray<Kind> {
    var kinds = ContiguousArray<Kind>()
    for (row, value) in try values(column, bytes, as: UInt8.self).enumerated() {
      guard let kind = Kind(rawValue: value) else {
        throw GroupFault(column: column.name, row: row, problem: "holds \(value), which is no kind")
      }
      kinds.append(kind)
    }
    return kinds
  }

  /// Reads the column that says whether the group may have as many rows as it claims.
  func readSessions(_ bytes: [UInt8], into group: inout RowGroup) throws(GroupFault) {
    group.session = try values(.session, bytes)
    try RowGroupRules.checkLength(rows: counts[0], group.session)
  }

  func readRows(_ bytes: [UInt8], into group: inout RowGroup) throws(GroupFault) {
    group.record = try values(.record, bytes)
    group.arrival = try values(.arrival, bytes)
    group.promptTokens = try values(.promptTokens, bytes)
    group.outputTokens = try values(.outputTokens, bytes)
    group.maxOutputTokens = try values(.maxOutputTokens, bytes)
    group.turn = try values(.turn, bytes)
    group.requestClass = try values(.requestClass, bytes)
    group.tenant = try values(.tenant, bytes)
    group.priority = try values(.priority, bytes)
    group.model = try values(.model, bytes)
    group.adapter = try values(.adapter, bytes)
    group.ttftSLO = try values(.ttftSLO, bytes)
    group.tpotSLO = try values(.tpotSLO, bytes)
    group.deadline = try values(.deadline, bytes)
    group.reasoningTokens = try values(.reasoningTokens, bytes)
    group.gapKind = try kinds(.gapKind, bytes, as: GapKind.self)
    group.tool = try values(.tool, bytes)
    group.prefixNode = try values(.prefixNode, bytes)
    group.prefixBlocks = try values(.prefixBlocks, bytes)
  }

  func readEdges(_ bytes: [UInt8], into group: inout RowGroup) throws(GroupFault) {
    let edgeCounts = try values(.edgeCount, bytes, as: Int32.self)
    var total = 0
    if !edgeCounts.isEmpty { group.edgeStart = [0] }
    for (row, count) in edgeCounts.enumerated() {
      guard count >= 0, Int(count) <= counts[1] - total else {
        throw GroupFault(
          column: ArchiveColumn.edgeCount.name,
          row: row,
          problem: "holds \(count); expected 0 to \(counts[1] - total), the group's edges left"
        )
      }
      total += Int(count)
      group.edgeStart.append(Int32(total))
    }
    guard total == counts[1] else {
      throw GroupFault(
        column: ArchiveColumn.edgeCount.name,
        problem: "adds up to \(total) edges; the group says \(counts[1])"
      )
    }
    if counts[1] == 0 { return }
    let parents = try values(.edgeParent, bytes, as: Int64.self)
    let delays = try values(.edgeDelay, bytes, as: SimTime.self)
    let triggers = try kinds(.edgeTrigger, bytes, as: TurnEdge.Trigger.self)
    try expect([.edgeParent: parents.count, .edgeDelay: delays.count, .edgeTrigger: triggers.count])
    group.edges.reserveCapacity(counts[1])
    for edge in 0..<counts[1] {
      group.edges.append(
        TurnEdge(parentRecord: parents[edge], delay: delays[edge], trigger: triggers[edge])
      )
    }
  }

  func readNodes(_ bytes: [UInt8], into nodes: inout PrefixNodes) throws(GroupFault) {
    if counts[2] == 0 { return }
    nodes.id = try values(.nodeID, bytes)
    nodes.parent = try values(.nodeParent, bytes)
    nodes.offset = try values(.nodeOffset, bytes)
    nodes.blocks = try values(.nodeBlocks, bytes)
    try expect([
      .nodeID: nodes.id.count, .nodeParent: nodes.parent.count,
      .nodeOffset: nodes.offset.count, .nodeBlocks: nodes.blocks.count,
    ])
  }

  /// Columns that a group with edges, or with nodes, has.
  private func expect(_ columns: KeyValuePairs<ArchiveColumn, Int>) throws(GroupFault) {
    for (column, count) in columns where count == 0 {
      throw GroupFault(column: column.name, problem: "is missing; the group's counts need it")
    }
  }

  /// Numbers the group's names, and its rows' indices accordingly.
  func readNames(
    _ bytes: [UInt8],
    of group: inout RowGroup,
    into names: inout ArchiveNames
  ) throws(GroupFault) {
    try names.classes.read(data(.classNames, bytes), of: &group.requestClass)
    try names.tenants.read(data(.tenantNames, bytes), of: &group.tenant)
    try names.models.read(data(.modelNames, bytes), of: &group.model)
    try names.adapters.read(data(.adapterNames, bytes), of: &group.adapter)
    try names.tools.read(data(.toolNames, bytes), of: &group.tool)
  }

  private func data(_ column: ArchiveColumn, _ bytes: [UInt8]) -> ArraySlice<UInt8> {
    guard let (entry, offset) = entries[column.rawValue] else { return [] }
    return bytes[offset..<offset + Int(entry.dataBytes)]
  }
}
