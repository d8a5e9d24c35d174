import Testing

@testable import Workload

@Suite struct `Row group content` {
  private let group: RowGroup
  private let names: TraceNames
  private let content: [UInt8]

  init() throws {
    let trace = try smallTrace()
    group = trace.groups[1]
    names = trace.names
    content = try RowGroupCodec.encode(group, names: names)
  }

  private func decoded(_ content: [UInt8]) throws(GroupFault) -> RowGroup {
    try named(content).group
  }

  private func named(_ content: [UInt8]) throws(GroupFault) -> (group: RowGroup, names: TraceNames)
  {
    var names = ArchiveNames()
    let group = try RowGroupCodec.decode(content, names: &names)
    try RowGroupRules.check(group, blockTokens: self.names.blockTokens)
    return (group, names.traceNames(blockTokens: self.names.blockTokens))
  }

  private func spelled(_ content: [UInt8]) throws(GroupFault) -> SpelledRows {
    let (group, names) = try named(content)
    return SpelledRows(group, names)
  }

  private func fault(_ content: [UInt8]) -> GroupFault? {
    do throws(GroupFault) {
      _ = try decoded(content)
      return nil
    } catch {
      return error
    }
  }

  /// Where a column's directory entry starts.
  private func entry(_ column: ArchiveColumn) throws -> Int {
    let offsets = stride(from: RowGroupCodec.headerBytes, to: content.count, by: ColumnEntry.bytes)
    return try #require(
      offsets.first { content.littleEndian(at: $0, as: UInt16.self) == column.rawValue }
    )
  }

  /// The content with one entry of its directory changed.
  private func content(
    _ column: ArchiveColumn,
    _ edit: (inout ColumnEntry) -> Void
  ) throws -> [UInt8] {
    let offset = try entry(column)
    var changed = ColumnEntry(content, at: offset)
    edit(&changed)
    var bytes: [UInt8] = []
    changed.append(to: &bytes)
    return Array(content[..<offset]) + bytes + content[(offset + ColumnEntry.bytes)...]
  }

  @Test func `content decodes to the same group`() throws {
    #expect(try spelled(content) == SpelledRows(group, names))
  }

  @Test func `a directory that lies about a column is refused by the column's name`() throws {
    for column in ArchiveColumn.allCases {
      for edit in [
        { $0.domain ^= 1 }, { $0.type ^= 1 }, { $0.unit ^= 1 }, { $0.encoding = 7 },
        { $0.dataBytes = .max }, { $0.dataBytes += 1 << 40 },
      ] as [(inout ColumnEntry) -> Void] {
        let fault = fault(try content(column, edit))
        #expect(fault?.column == column.name, "\(column): \(String(describing: fault))")
      }
      if column.type == .text { continue }
      let wide = fault(try content(column) { $0.width = 9 })
      #expect(wide?.column == column.name)
      #expect(wide?.problem.contains("width of at most 8") == true)
    }
  }

  @Test func `lengths that do not add up to the content are refused`() throws {
    #expect(fault(content + [0])?.problem.contains("1 bytes behind") == true)
    for length in 0..<content.count { #expect(fault(Array(content[..<length])) != nil) }
  }

  @Test func `counts are held against limits and bytes before room is made`() {
    for (offset, what) in [(4, "rows"), (8, "edges"), (12, "prefix nodes")] {
      var bytes = content
      bytes[offset + 3] = 0xFF
      #expect(fault(bytes)?.problem.contains(what) == true)
    }
    var bytes = content
    bytes.replaceSubrange(16..<20, with: [0xFF, 0xFF, 0xFF, 0xFF])
    #expect(fault(bytes)?.problem.contains("directory of 4294967295") == true)
    bytes = content
    bytes.replaceSubrange(4..<8, with: [0, 0, 0, 0])
    #expect(fault(bytes)?.problem.contains("0 rows; expected 1") == true)
  }

  @Test func `values beyond their type and sums beyond 64 bits are refused`() throws {
    let high = fault(try content(.promptTokens) { $0.base = 1 << 40 })
    #expect(high?.column == "prompt_tokens" && high?.row == 0)
    #expect(high?.problem.contains("expected -2147483648 to 2147483647") == true)
    for column in ArchiveColumn.allCases where column.type != .text {
      for edit in [
        { $0.base = .min }, { $0.base = .max }, { $0.first = .max }, { $0.scale = .max },
        { ($0.first, $0.base, $0.scale) = (.max, .max, .max) },
      ] as [(inout ColumnEntry) -> Void] {
        // Some of these mean valid values, such as a scale of a constant column.
        _ = fault(try content(column, edit))
      }
    }
  }

  @Test func `an unknown column is skipped if it may be, and refused by its id if not`() throws {
    let last = RowGroupCodec.headerBytes + Int(content[16]) * ColumnEntry.bytes
    var unknown = ColumnEntry(.toolNames, .text)
    unknown.id = 1_234
    (unknown.domain, unknown.type, unknown.encoding, unknown.dataBytes) = (9, 99, 77, 5)
    func extended() -> [UInt8] {
      var entry: [UInt8] = []
      unknown.append(to: &entry)
      var bytes = Array(content[..<last]) + entry + content[last...] + [1, 2, 3, 4, 5]
      bytes[16] += 1
      return bytes
    }
    #expect(try spelled(extended()) == SpelledRows(group, names))
    unknown.flags = 1
    let fault = fault(extended())
    #expect(fault?.problem.contains("id 1234") == true)
    #expect(fault?.problem.contains("update replay") == true)
    unknown.id = 3
    #expect(self.fault(extended())?.problem.contains("ascending") == true)
  }

  @Test func `damaged content is refused or makes a group that keeps the rules`() throws {
    var random = SplitMix64(seed: 3)
    var refused = 0
    for round in 0..<4_000 {
      var bytes = content
      for _ in 0...(round % 3) {
        let place = Int(random.next() % UInt64(bytes.count))
        bytes[place] = round % 2 == 0 ? UInt8(random.next() % 256) : bytes[place] ^ 0x80
      }
      guard fault(bytes) == nil else {
        refused += 1
        continue
      }
      let group = try decoded(bytes)
      #expect(group.promptTokens.allSatisfy { $0 > 0 })
      #expect(group.edgeStart.count == group.count + 1)
      var digest = ContentDigest()
      digest.add(group, names)
      var order = SessionOrder(startsAtFirstRow: false)
      _ = try? order.take(group)
    }
    #expect(refused > 1_000)
  }

  @Test func `integers of any size are packed and come back`() {
    var random = SplitMix64(seed: 8)
    for round in 0..<400 {
      let shift = random.next() % 64
      var value: Int64 = 0
      let values = ContiguousArray<Int64>(
        (0..<(1 + round % 40)).map { _ in
          let next = Int64(bitPattern: random.next()) >> Int64(shift)
          value = round % 2 == 0 ? next : value &+ next & 0xFF_FFFF
          return round % 5 == 0 ? value & ~0xFF : value
        }
      )
      let packed = PackedIntegers(values)
      var bytes: [UInt8] = []
      packed.append(to: &bytes)
      #expect(bytes.count == Int(packed.width) * values.count)
      let planes = BytePlanes(
        width: Int(packed.width),
        first: packed.first,
        base: packed.base,
        scale: packed.scale,
        count: values.count,
        isDelta: packed.encoding == .deltaPlanes
      )
      #expect(planes.values(bytes, at: 0, as: Int64.self).values == values)
      let narrow = planes.values(bytes, at: 0, as: Int32.self)
      if let index = values.firstIndex(where: { Int32(exactly: $0) == nil }) {
        #expect(narrow.outOfRange?.index == index)
        #expect(narrow.outOfRange?.value == values[index])
      } else {
        #expect(narrow.outOfRange == nil)
        #expect(narrow.values.elementsEqual(values.map { Int32($0) }))
      }
    }
  }
}
