/// What is wrong with a row group, in a file or about to be written.
struct GroupFault: Error, Equatable {
  /// The column, as `ArchiveColumn` names it; nil where the group as a whole is wrong.
  var column: String?
  var row: Int?
  var problem: String

  var description: String {
    var place = column.map { "column \($0), " } ?? ""
    if let row { place += "row \(row), " }
    return place + problem
  }
}

/// The content of one frame of a trace file: a row group's columns behind a directory of them.
///
/// - marker `RPLG`; numbers of rows, edges, prefix nodes and columns, 32 bits each
/// - the column directory, 40 bytes per column, by ascending id
/// - the columns' data, in the same order
enum RowGroupCodec {
  /// Before the directory.
  static let headerBytes = 20

  static func encode(
    _ group: borrowing RowGroup,
    names: TraceNames
  ) throws(GroupFault) -> [UInt8] {
    var packer = GroupPacker(rows: group.count)
    try packer.addRows(group)
    try packer.addEdges(group)
    try packer.addNodes(group.prefixes)
    try packer.addNames(group, names)
    return packer.content
  }
}

/// Collects the columns of a group.
private struct GroupPacker {
  private var counts: [UInt32]
  private var directory: [UInt8] = []
  private var columns = 0
  private var data: [UInt8] = []

  init(rows: Int) { counts = [UInt32(clamping: rows), 0, 0] }

  var content: [UInt8] {
    var bytes = ArchiveFormat.rowGroupMarker
    for count in counts { bytes.append(littleEndian: count) }
    bytes.append(littleEndian: UInt32(columns))
    return bytes + directory + data
  }

  private mutating func add(_ entry: ColumnEntry, dataFrom start: Int) {
    var entry = entry
    entry.dataBytes = UInt64(data.count - start)
    entry.append(to: &directory)
    columns += 1
  }

  private mutating func add(
    _ column: ArchiveColumn,
    _ values: some RandomAccessCollection<some FixedWidthInteger>
  ) throws(GroupFault) {
    let expected = Int(counts[Int(column.domain.rawValue)])
    guard values.count == expected else {
      throw GroupFault(
        column: column.name,
        problem: "has \(values.count) values; expected \(expected)"
      )
    }
    let packed = PackedIntegers(ContiguousArray(values.lazy.map { Int64($0) }))
    var entry = ColumnEntry(column, packed.encoding, width: packed.width)
    entry.first = packed.first
    entry.base = packed.base
    entry.scale = packed.scale
    let start = data.count
    packed.append(to: &data)
    add(entry, dataFrom: start)
  }

  private mutating func addIfPresent(
    _ column: ArchiveColumn,
    _ values: ContiguousArray<some FixedWidthInteger>
  ) throws(GroupFault) {
    if !values.isEmpty { try add(column, values) }
  }

  mutating func addRows(_ group: borrowing RowGroup) throws(GroupFault) {
    try add(.record, group.record)
    try add(.arrival, group.arrival)
    try add(.promptTokens, group.promptTokens)
    try add(.outputTokens, group.outputTokens)
    try addIfPresent(.maxOutputTokens, group.maxOutputTokens)
    try addIfPresent(.session, group.session)
    try addIfPresent(.turn, group.turn)
    try addIfPresent(.requestClass, group.requestClass)
    try addIfPresent(.tenant, group.tenant)
    try addIfPresent(.priority, group.priority)
    try addIfPresent(.model, group.model)
    try addIfPresent(.adapter, group.adapter)
    try addIfPresent(.ttftSLO, group.ttftSLO)
    try addIfPresent(.tpotSLO, group.tpotSLO)
    try addIfPresent(.deadline, group.deadline)
    try addIfPresent(.reasoningTokens, group.reasoningTokens)
    try addIfPresent(.gapKind, ContiguousArray(group.gapKind.map(\.rawValue)))
    try addIfPresent(.tool, group.tool)
    try addIfPresent(.prefixNode, group.prefixNode)
    try addIfPresent(.prefixBlocks, group.prefixBlocks)
  }

  mutating func addEdges(_ group: borrowing RowGroup) throws(GroupFault) {
    if group.edgeStart.isEmpty, group.edges.isEmpty { return }
    let ends = group.edgeStart.dropFirst()
    guard group.edgeStart.first == 0, Int(ends.last ?? 0) == group.edges.count,
      zip(group.edgeStart, ends).allSatisfy({ $0 <= $1 })
    else {
      throw GroupFault(
        column: ArchiveColumn.edgeCount.name,
        problem: "edges do not ascend from 0 to their number"
      )
    }
    try add(.edgeCount, ContiguousArray(zip(group.edgeStart, ends).map { $1 - $0 }))
    if group.edges.isEmpty { return }
    counts[1] = UInt32(clamping: group.edges.count)
    try add(.edgeParent, ContiguousArray(group.edges.map(\.parentRecord)))
    try add(.edgeDelay, ContiguousArray(group.edges.map(\.delay)))
    try add(.edgeTrigger, ContiguousArray(group.edges.map(\.trigger.rawValue)))
  }

  mutating func addNodes(_ nodes: PrefixNodes) throws(GroupFault) {
    if nodes.count == 0 { return }
    counts[2] = UInt32(clamping: nodes.count)
    try add(.nodeID, nodes.id)
    try add(.nodeParent, nodes.parent)
    try add(.nodeOffset, nodes.offset)
    try add(.nodeBlocks, nodes.blocks)
  }

  mutating func addNames(
    _ group: borrowing RowGroup,
    _ names: TraceNames
  ) throws(GroupFault) {
    try add(.classNames, names.classes, usedBy: group.requestClass)
    try add(.tenantNames, names.tenants, usedBy: group.tenant)
    try add(.modelNames, names.models, usedBy: group.model)
    try add(.adapterNames, names.adapters, usedBy: group.adapter)
    try add(.toolNames, names.tools, usedBy: group.tool)
  }

  /// Index, length and text of each name that the rows use.
  private mutating func add(
    _ column: ArchiveColumn,
    _ names: [String],
    usedBy rows: ContiguousArray<UInt16>
  ) throws(GroupFault) {
    if rows.isEmpty { return }
    var isUsed = ContiguousArray(repeating: false, count: names.count)
    for (row, index) in rows.enumerated() {
      guard Int(index) < names.count else {
        throw GroupFault(
          column: column.name,
          row: row,
          problem: "lacks a name of index \(index); expected less than \(names.count)"
        )
      }
      isUsed[Int(index)] = true
    }
    let start = data.count
    for (index, name) in names.enumerated() where isUsed[index] {
      data.append(littleEndian: UInt32(index))
      data.append(littleEndian: UInt32(clamping: name.utf8.count))
      data.append(contentsOf: name.utf8)
    }
    add(ColumnEntry(column, .text), dataFrom: start)
  }
}
