/// Digest of a trace's content: the same for every file, format, compression, partition into groups
/// and order of rows.
///
/// The sum of a hash of each row's values, modulo 2¹²⁸, so that rows can come in any order. Values
/// that are the default of their column do not count, names count by their text and prefixes by
/// their path, so that a column left out, names numbered otherwise and nodes restated change
/// nothing. `traces/FORMAT.md` says what makes a row.
public struct ContentDigest: Sendable {
  private var sum: UInt128 = 0
  /// Tokens per prefix block, as the names said last; 0 before the first group.
  public private(set) var blockTokens = 0

  public init() {}

  /// The digest of the rows so far.
  public var value: UInt128 {
    var digest = Digest128()
    digest.add(UInt64(bitPattern: Int64(blockTokens)))
    return sum &+ digest.value
  }

  /// Adds the rows of a group.
  public mutating func add(_ group: borrowing RowGroup, _ names: TraceNames) {
    blockTokens = names.blockTokens
    if group.hasOnlyRequiredColumns {
      addPlain(group)
      return
    }
    var states = RowDigests(group)
    states.addColumns(of: group)
    states.addNames(of: group, names)
    states.addEdges(of: group)
    states.addPrefixes(of: group)
    for state in states.rows { sum &+= state.value }
  }

  /// Groups of published chat traces have no more, and come by the million rows a second.
  private mutating func addPlain(_ group: borrowing RowGroup) {
    let record = group.record.span
    let arrival = group.arrival.span
    let prompt = group.promptTokens.span
    let output = group.outputTokens.span
    var total: UInt128 = 0
    for row in 0..<record.count {
      let digest = Digest128(record[row], arrival[row], prompt[row], output[row])
      total &+= digest.value
    }
    sum &+= total
  }
}

extension Digest128 {
  /// What every row starts with.
  @inline(__always)
  fileprivate init(_ record: Int64, _ arrival: SimTime, _ prompt: Int32, _ output: Int32) {
    self.init()
    add(UInt64(bitPattern: record))
    add(UInt64(bitPattern: arrival))
    add(UInt64(UInt32(bitPattern: prompt)) | UInt64(UInt32(bitPattern: output)) << 32)
  }

  @inline(__always)
  fileprivate mutating func add(_ column: ArchiveColumn, _ value: some FixedWidthInteger) {
    add(UInt64(column.rawValue))
    add(UInt64(truncatingIfNeeded: value))
  }

  @inline(__always)
  fileprivate mutating func add(wide value: UInt128) {
    add(UInt64(truncatingIfNeeded: value))
    add(UInt64(truncatingIfNeeded: value >> 64))
  }

  /// Adds bytes, eight to a word, after their number.
  mutating func add(text bytes: some Collection<UInt8>) {
    add(UInt64(bytes.count))
    var (word, shift): (UInt64, UInt64) = (0, 0)
    for byte in bytes {
      word |= UInt64(byte) << shift
      shift += 8
      if shift == 64 {
        add(word)
        (word, shift) = (0, 0)
      }
    }
    if shift > 0 { add(word) }
  }
}

extension RowGroup {
  fileprivate var hasOnlyRequiredColumns: Bool {
    maxOutputTokens.isEmpty && session.isEmpty && turn.isEmpty && requestClass.isEmpty
      && tenant.isEmpty && priority.isEmpty && model.isEmpty && adapter.isEmpty && ttftSLO.isEmpty
      && tpotSLO.isEmpty && deadline.isEmpty && reasoningTokens.isEmpty && gapKind.isEmpty
      && tool.isEmpty && prefixNode.isEmpty && edges.isEmpty
  }
}

/// A digest per row, to which one column after another is added.
private struct RowDigests {
  var rows = ContiguousArray<Digest128>()

  init(_ group: borrowing RowGroup) {
    rows.reserveCapacity(group.count)
    for row in 0..<group.count {
      rows.append(
        Digest128(
          group.record[row],
          group.arrival[row],
          group.promptTokens[row],
          group.outputTokens[row]
        )
      )
    }
  }

  private mutating func add<Value: FixedWidthInteger>(
    _ column: ArchiveColumn,
    _ values: borrowing ContiguousArray<Value>,
    default absent: Value = 0
  ) {
    for row in 0..<min(values.count, rows.count) where values[row] != absent {
      rows[row].add(column, values[row])
    }
  }

  mutating func addColumns(of group: borrowing RowGroup) {
    add(.maxOutputTokens, group.maxOutputTokens)
    add(.session, group.session, default: -1)
    add(.turn, group.turn)
    add(.priority, group.priority)
    add(.ttftSLO, group.ttftSLO)
    add(.tpotSLO, group.tpotSLO)
    add(.deadline, group.deadline, default: .never)
    add(.reasoningTokens, group.reasoningTokens)
    for row in 0..<min(group.gapKind.count, rows.count) where group.gapKind[row] != .none {
      rows[row].add(.gapKind, group.gapKind[row].rawValue)
    }
  }

  mutating func addNames(of group: borrowing RowGroup, _ names: TraceNames) {
    add(.requestClass, group.requestClass, names.classes)
    add(.tenant, group.tenant, names.tenants)
    add(.model, group.model, names.models)
    add(.adapter, group.adapter, names.adapters)
    add(.tool, group.tool, names.tools)
  }

  /// An empty name is the default.
  private mutating func add(
    _ column: ArchiveColumn,
    _ values: borrowing ContiguousArray<UInt16>,
    _ names: [String]
  ) {
    if values.isEmpty { return }
    let hashes = names.map { name in
      var digest = Digest128()
      digest.add(text: name.utf8)
      return name.isEmpty ? nil : digest.value
    }
    for row in 0..<min(values.count, rows.count) {
      let index = Int(values[row])
      guard index < hashes.count, let hash = hashes[index] else { continue }
      rows[row].add(UInt64(column.rawValue))
      rows[row].add(wide: hash)
    }
  }

  mutating func addEdges(of group: borrowing RowGroup) {
    if group.edges.isEmpty { return }
    for row in 0..<min(group.edgeStart.count - 1, rows.count) {
      let edges = Int(group.edgeStart[row])..<Int(group.edgeStart[row + 1])
      if edges.isEmpty { continue }
      rows[row].add(.edgeCount, edges.count)
      for edge in edges {
        rows[row].add(group.edges[edge].parentRecord)
        rows[row].add(group.edges[edge].delay)
        rows[row].add(UInt64(group.edges[edge].trigger.rawValue))
      }
    }
  }

  mutating func addPrefixes(of group: borrowing RowGroup) {
    if group.prefixNode.isEmpty { return }
    let nodes = group.prefixes
    let index = NodeIndex(nodes.id)
    var paths = ContiguousArray<UInt128>()
    paths.reserveCapacity(nodes.count)
    for node in 0..<nodes.count {
      var digest = Digest128()
      digest.add(UInt64(truncatingIfNeeded: nodes.id[node]))
      digest.add(UInt64(truncatingIfNeeded: nodes.offset[node]))
      digest.add(UInt64(truncatingIfNeeded: nodes.blocks[node]))
      let parent = index[nodes.parent[node]]
      digest.add(wide: parent.flatMap { $0 < node ? paths[$0] : nil } ?? 0)
      paths.append(digest.value)
    }
    for row in 0..<min(group.prefixNode.count, rows.count) {
      guard let node = index[group.prefixNode[row]] else { continue }
      rows[row].add(.prefixNode, group.prefixBlocks[row])
      rows[row].add(wide: paths[node])
    }
  }
}
