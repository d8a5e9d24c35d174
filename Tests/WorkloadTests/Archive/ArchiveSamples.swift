import Foundation

@testable import Workload

/// Random traces with every column, or some of them, in which any rule may matter.
struct RandomTrace {
  private var random: SplitMix64
  private let rows: Int
  private let withSessions: Bool
  /// Which optional columns the trace has.
  private var has: [Bool] = []
  private var group = RowGroup()

  init(seed: UInt64, rows: Int, withSessions: Bool, everyColumn: Bool) {
    random = SplitMix64(seed: seed)
    self.rows = rows
    self.withSessions = withSessions
    for _ in 0..<20 { has.append(everyColumn || below(2) == 0) }
  }

  private mutating func below(_ bound: UInt64) -> UInt64 { random.next() % bound }

  /// Small for the most part, but now and then as large as the type allows.
  private mutating func number(_ least: Int32, _ most: Int32 = .max) -> Int32 {
    let width = Int64(most) - Int64(least) + 1
    let small = below(8) > 0 ? min(width, 3_000) : width
    return Int32(Int64(least) + Int64(below(UInt64(small))))
  }

  private mutating func time(_ most: SimTime = 1 << 62) -> SimTime {
    SimTime(below(below(8) > 0 ? 90_000_000_000 : UInt64(most)))
  }

  private mutating func column<Value>(
    _ index: Int,
    _ value: (inout RandomTrace) -> Value
  ) -> ContiguousArray<Value> {
    guard has[index] else { return [] }
    return ContiguousArray((0..<rows).map { _ in value(&self) })
  }

  /// The trace, in groups of random sizes.
  mutating func trace() -> InMemoryTrace {
    fillRequiredColumns()
    fillOptionalColumns()
    if withSessions { fillSessions() }
    var names = TraceNames()
    if has[0] { fillPrefixes(&names) }
    fillNames(&names)
    var groups: [RowGroup] = []
    var first = 0
    while first < rows {
      let next = min(rows, first + 1 + Int(below(UInt64(rows))))
      let places = (first..<next).map { RowPlace(group: 0, row: Int32($0)) }
      var part = RowGroup(places[...], of: [group])
      var catalog = PrefixCatalog(of: [group])
      part.prefixes = catalog.nodes(touchedBy: part)
      groups.append(part)
      first = next
    }
    return InMemoryTrace(name: "random", names: names, groups: groups)
  }

  private mutating func fillRequiredColumns() {
    var times: [SimTime] = [0]
    for _ in 1..<max(rows, 2) { times.append(below(4) == 0 ? times[0] : time(1 << 50)) }
    group.arrival = ContiguousArray(times.prefix(rows).sorted())
    // Numbers with gaps, which ascend where arrivals are equal.
    var record: Int64 = 0
    for _ in 0..<rows {
      record += 1 + Int64(below(3))
      group.record.append(record)
    }
    group.promptTokens = ContiguousArray((0..<rows).map { _ in number(1) })
    group.outputTokens = ContiguousArray((0..<rows).map { _ in number(1) })
  }

  private mutating func fillOptionalColumns() {
    group.maxOutputTokens = column(1) { $0.number(0) }
    group.turn = column(2) { $0.number(0) }
    group.priority = column(3) { $0.number(.min) }
    group.ttftSLO = column(4) { $0.time() }
    group.tpotSLO = column(5) { $0.time() }
    if has[6] {
      group.deadline = ContiguousArray(
        group.arrival.map { below(2) == 0 ? .never : $0 + (below(4) == 0 ? 0 : time()) }
      )
    }
    group.gapKind = column(7) { GapKind(rawValue: UInt8($0.below(3))) ?? .none }
    if has[8] {
      group.reasoningTokens = ContiguousArray(
        group.outputTokens.map { Int32(below(UInt64($0) + 1)) }
      )
    }
  }

  private mutating func fillNames(_ names: inout TraceNames) {
    func texts(_ random: inout RandomTrace) -> [String] {
      let all = ["", "chat", "a \"quoted\", Ünïcode – name", "tool\n2", "x", "long long long name"]
      return Array(all.prefix(1 + Int(random.below(UInt64(all.count)))))
    }
    func fill(_ index: Int, _ list: inout [String]) -> ContiguousArray<UInt16> {
      let names = texts(&self)
      let values = column(index) { Int($0.below(UInt64(names.count))) }
      // As a reader does it, no name is there that no row has.
      let used = names.indices.filter(values.contains)
      list = used.map { names[$0] }
      return ContiguousArray(values.map { UInt16(used.firstIndex(of: $0) ?? 0) })
    }
    group.requestClass = fill(9, &names.classes)
    group.tenant = fill(10, &names.tenants)
    group.model = fill(11, &names.models)
    group.adapter = fill(12, &names.adapters)
    group.tool = fill(13, &names.tools)
  }

  private mutating func fillSessions() {
    let sessions = UInt64(1 + rows / 4)
    var members: [Int32: [Int]] = [:]
    for row in 0..<rows {
      let session = below(6) == 0 ? -1 : Int32(below(sessions)) * 3
      group.session.append(session)
      members[session, default: []].append(row)
    }
    guard has[14] else { return }
    group.edgeStart = [0]
    for row in 0..<rows {
      let siblings = group.session[row] < 0 ? [] : members[group.session[row], default: []]
      for parent in siblings where parent < row && below(2) == 0 {
        group.edges.append(
          TurnEdge(
            parentRecord: group.record[parent],
            delay: time(),
            trigger: below(2) == 0 ? .completion : .dispatch
          )
        )
      }
      group.edgeStart.append(Int32(group.edges.count))
    }
  }

  private mutating func fillPrefixes(_ names: inout TraceNames) {
    names.blockTokens = 16
    let nodes = 1 + Int(below(UInt64(rows)))
    for node in 0..<nodes {
      let parent = node > 0 && below(3) > 0 ? Int(below(UInt64(node))) : -1
      group.prefixes.id.append(Int32(node * 2))
      group.prefixes.parent.append(parent < 0 ? -1 : Int32(parent * 2))
      let room = parent < 0 ? 0 : UInt64(group.prefixes.blocks[parent])
      group.prefixes.offset.append(Int32(below(room + 1)))
      group.prefixes.blocks.append(Int32(1 + below(300)))
    }
    var before = [Int32: Int32]()
    for node in group.prefixes.id.indices {
      let parent = before[group.prefixes.parent[node], default: 0]
      before[group.prefixes.id[node]] = parent + group.prefixes.offset[node]
    }
    for _ in 0..<rows {
      let node = below(5) == 0 ? -1 : Int(below(UInt64(nodes)))
      group.prefixNode.append(node < 0 ? -1 : Int32(node * 2))
      let room = node < 0 ? 0 : UInt64(group.prefixes.blocks[node])
      group.prefixBlocks.append(node < 0 ? 0 : Int32(1 + below(room)))
      // The prompt ends in the path's last block or behind it.
      let row = group.prefixBlocks.count - 1
      let path = before[Int32(node * 2), default: 0] + group.prefixBlocks[row]
      let least = 16 * (path - 1) + 1
      if node >= 0, group.promptTokens[row] < least {
        group.promptTokens[row] = least + Int32(below(40))
      }
    }
  }
}

/// All rows of a trace as one group, with every prefix node once, by id.
func joined(_ trace: InMemoryTrace) -> RowGroup {
  var places: [RowPlace] = []
  for (index, group) in trace.groups.enumerated() {
    for row in 0..<group.count {
      places.append(RowPlace(group: Int32(index), row: Int32(row)))
    }
  }
  var whole = RowGroup(places[...], of: trace.groups)
  var nodes: [Int32: (Int32, Int32, Int32)] = [:]
  for group in trace.groups {
    for (index, id) in group.prefixes.id.enumerated() {
      nodes[id] = (
        group.prefixes.parent[index], group.prefixes.offset[index], group.prefixes.blocks[index]
      )
    }
  }
  for (id, node) in nodes.sorted(by: { $0.key < $1.key }) {
    whole.prefixes.id.append(id)
    whole.prefixes.parent.append(node.0)
    whole.prefixes.offset.append(node.1)
    whole.prefixes.blocks.append(node.2)
  }
  return whole
}

/// Rows with their names spelled out, whatever their indices are.
struct SpelledRows: Equatable {
  private var group: RowGroup
  private var names: [[String]] = []

  init(_ group: RowGroup, _ names: TraceNames) {
    self.group = group
    for (column, list) in NameColumns.all {
      self.names.append(group[keyPath: column].map { names[keyPath: list][Int($0)] })
      self.group[keyPath: column] = []
    }
  }
}

/// The digest of a trace's rows, in whatever groups they are.
func digest(of trace: InMemoryTrace) -> UInt128 {
  var digest = ContentDigest()
  for group in trace.groups { digest.add(group, trace.names) }
  return digest.value
}

/// Writes a trace as an archive into a folder.
@discardableResult
func archive(
  _ trace: InMemoryTrace,
  in folder: TemporaryFolder,
  provenance: TraceProvenance = TraceProvenance(),
  level: Int32 = 3
) throws -> TraceArchive {
  let path = folder.path("trace.replay.zst")
  try ArchiveWriter.write(
    trace,
    to: OutputFile(path: path),
    provenance: provenance,
    level: level
  )
  return try TraceArchive(path: path)
}

/// Writes each group of a trace into a frame of its own, however small; sessions must be in order.
func archive(inGroupsOf trace: InMemoryTrace, in folder: TemporaryFolder) throws -> String {
  let path = folder.path("groups.replay.zst")
  let frames = try ArchiveFrames(OutputFile(path: path), trace: trace.name, level: 3)
  let header = try frames.start(TraceProvenance(source: "a test"), epoch: nil)
  for group in trace.groups { try frames.append(group, trace.names) }
  _ = try frames.finish(header)
  return path
}

/// Three groups of whole sessions, with every column.
func smallTrace() throws -> InMemoryTrace {
  var sample = RandomTrace(seed: 5, rows: 40, withSessions: true, everyColumn: true)
  let folder = try TemporaryFolder()
  let reader = try archive(sample.trace(), in: folder).makeSessionReader()
  var sorted = InMemoryTrace(name: "small", groups: [])
  while let group = try reader.next() { sorted.groups.append(group) }
  sorted.names = reader.names
  let whole = joined(sorted)
  let starts = (1..<whole.count).filter { row in
    whole.session[row] < 0 || whole.session[row] != whole.session[row - 1]
  }
  let cuts = [0, starts[starts.count / 3], starts[2 * starts.count / 3], whole.count]
  sorted.groups = zip(cuts, cuts.dropFirst()).map { first, next in
    let places = (first..<next).map { RowPlace(group: 0, row: Int32($0)) }
    var part = RowGroup(places[...], of: [whole])
    var catalog = PrefixCatalog(of: [whole])
    part.prefixes = catalog.nodes(touchedBy: part)
    return part
  }
  return sorted
}
