import Testing

@testable import Workload

@Suite struct `Session sorter` {
  private func sorted(
    _ groups: [RowGroup],
    memoryBytes: Int
  ) throws -> (groups: [RowGroup], rowsHeld: Int) {
    let sorter = SessionSorter(file: "trace", memoryBytes: memoryBytes)
    for group in groups { try sorter.add(group) }
    _ = try sorter.finish(TraceNames())
    var result: [RowGroup] = []
    while let group = try sorter.next() { result.append(group) }
    return (result, sorter.mostRowsHeld)
  }

  /// The rows one by one with all they hold, prefix nodes apart, by record.
  private func rows(_ groups: [RowGroup]) -> [Int64: RowGroup] {
    var rows: [Int64: RowGroup] = [:]
    for group in groups {
      for row in 0..<group.count { rows[group.record[row]] = group.selecting([row][...]) }
    }
    return rows
  }

  /// The order of records that the sorter promises, found by plain sorting.
  private func order(_ groups: [RowGroup]) -> [Int64] {
    struct Row {
      var session: Int32
      var arrival: SimTime
      var record: Int64
    }
    let all = groups.flatMap { group in
      (0..<group.count).map { row in
        Row(
          session: group.session.isEmpty ? -1 : group.session[row],
          arrival: group.arrival[row],
          record: group.record[row]
        )
      }
    }.sorted { ($0.arrival, $0.record) < ($1.arrival, $1.record) }
    var sessions: [[Int64]] = []
    var places: [Int32: Int] = [:]
    for row in all {
      if row.session >= 0, let place = places[row.session] {
        sessions[place].append(row.record)
      } else {
        if row.session >= 0 { places[row.session] = sessions.count }
        sessions.append([row.record])
      }
    }
    return sessions.flatMap(\.self)
  }

  @Test(arguments: [1, 700, 5_000, 100_000, 1 << 30])
  func `rows come by session whatever the memory, with all they hold`(memoryBytes: Int) throws {
    for seed in 0..<8 {
      var random = RandomRows(seed: UInt64(seed))
      let groups = random.groups(1 + seed * 3, largest: 60)
      let result = try sorted(groups, memoryBytes: memoryBytes).groups
      #expect(result.flatMap { Array($0.record) } == order(groups))
      #expect(rows(result) == rows(groups))
    }
  }

  @Test func `runs beyond those that are merged at a time are merged in steps`() throws {
    var random = RandomRows(seed: 99)
    let groups = random.groups(700, largest: 3)
    let result = try sorted(groups, memoryBytes: 1).groups
    #expect(result.flatMap { Array($0.record) } == order(groups))
    #expect(rows(result) == rows(groups))
  }

  @Test func `rows in memory do not grow with the trace`() throws {
    /// Sessions of three rows that follow each other, so that no group of output is large.
    func held(_ count: Int) throws -> Int {
      let groups = stride(from: 0, to: count, by: 500).map { start in
        var group = RowGroup()
        for row in start..<start + 500 {
          group.record.append(Int64(row))
          group.arrival.append(SimTime((count - row) / 3))
          group.session.append(Int32(row / 3))
        }
        group.promptTokens = ContiguousArray(repeating: 1, count: 500)
        group.outputTokens = group.promptTokens
        return group
      }
      return try sorted(groups, memoryBytes: 1 << 20).rowsHeld
    }
    let (small, large) = (try held(100_000), try held(300_000))
    // Besides the rows of 1 MiB there is the group that is given out.
    #expect(small < 20_000 + RowGroup.preferredRows)
    #expect(large < 20_000 + RowGroup.preferredRows)
  }

  @Test(arguments: [4_000_000, 1 << 30])
  func `groups are of about the usual size and split no session`(memoryBytes: Int) throws {
    let count = 3 * RowGroup.preferredRows
    var group = RowGroup()
    for row in 0..<count {
      group.record.append(Int64(row))
      group.arrival.append(SimTime(row))
      // The first session has rows all over the trace, more than a group is to hold.
      group.session.append(row.isMultiple(of: 2) ? 0 : Int32(row / 10 + 1))
    }
    group.promptTokens = ContiguousArray(repeating: 1, count: count)
    group.outputTokens = group.promptTokens
    let result = try sorted([group], memoryBytes: memoryBytes).groups
    #expect(result.map(\.count) == [3 * RowGroup.preferredRows / 2, 65_540, 32_764])
    let sessions = result.map { Set($0.session) }
    #expect(sessions[0].isDisjoint(with: sessions[1]) && sessions[1].isDisjoint(with: sessions[2]))
  }

  @Test(arguments: [2_000, 1 << 30])
  func `each group restates the nodes that its rows touch, parents first`(memoryBytes: Int) throws {
    var random = RandomRows(seed: 5)
    let groups = random.groups(30, largest: 50)
    let stated = try #require(groups.last?.prefixes)
    let result = try sorted(groups, memoryBytes: memoryBytes).groups
    for group in result {
      var touched: Set<Int32> = []
      for end in group.prefixNode {
        var node = end
        while node >= 0, touched.insert(node).inserted {
          let place = try #require(stated.id.firstIndex(of: node))
          node = stated.parent[place]
        }
      }
      #expect(Set(group.prefixes.id) == touched)
      #expect(group.prefixes.count == touched.count)
      for (place, parent) in group.prefixes.parent.enumerated() where parent >= 0 {
        #expect(group.prefixes.id[..<place].contains(parent))
      }
    }
  }

  @Test func `a trace without optional columns has none afterwards`() throws {
    var group = RowGroup()
    group.record = [0, 1, 2]
    group.arrival = [5, 5, 3]
    group.promptTokens = [1, 2, 3]
    group.outputTokens = [4, 5, 6]
    var expected = group
    expected.record = [2, 0, 1]
    expected.arrival = [3, 5, 5]
    expected.promptTokens = [3, 1, 2]
    expected.outputTokens = [6, 4, 5]
    #expect(try sorted([group], memoryBytes: 1).groups == [expected])
    #expect(try sorted([group], memoryBytes: 1 << 20).groups == [expected])
  }

  @Test func `columns that only some groups have get what rows mean without them`() throws {
    var plain = RowGroup()
    plain.record = [0]
    plain.arrival = [0]
    plain.promptTokens = [1]
    plain.outputTokens = [1]
    var full = plain
    full.record = [1]
    full.deadline = [7]
    full.session = [3]
    full.edgeStart = [0, 1]
    full.edges = [after(0)]
    let result = try #require(try sorted([plain, full], memoryBytes: 1 << 20).groups.first)
    #expect(result.deadline == [.never, 7])
    #expect(result.session == [-1, 3])
    #expect(result.edgeStart == [0, 0, 1])
  }

  @Test(arguments: [1, 1 << 20])
  func `rows of groups without a column of names have the empty name`(memoryBytes: Int) throws {
    var plain = RowGroup()
    plain.record = [0, 1]
    plain.arrival = [0, 5]
    plain.promptTokens = [1, 1]
    plain.outputTokens = [1, 1]
    plain.session = [7, 8]
    plain.tenant = [0, 0]
    var full = plain
    full.record = [2, 3]
    full.session = [8, 7]
    full.requestClass = [1, 0]
    var names = TraceNames()
    names.classes = ["chat", "code"]
    names.tenants = ["acme"]
    let sorter = SessionSorter(file: "trace", memoryBytes: memoryBytes)
    for group in [full, plain] { try sorter.add(group) }
    let found = try sorter.finish(names)
    #expect(found.classes == ["chat", "code", ""])
    #expect(found.tenants == names.tenants && found.tools.isEmpty)
    let group = try #require(try sorter.next())
    #expect(group.record == [0, 3, 2, 1])
    #expect(group.requestClass.map { found.classes[Int($0)] } == ["", "chat", "code", ""])
    #expect(group.tenant == [0, 0, 0, 0])
    #expect(try sorter.next() == nil)
  }

  @Test func `there has to be an index left for the empty name`() throws {
    var plain = RowGroup()
    plain.record = [0]
    plain.arrival = [0]
    plain.promptTokens = [1]
    plain.outputTokens = [1]
    var full = plain
    full.requestClass = [65_535]
    var names = TraceNames()
    names.classes = (0..<65_536).map(String.init)
    let named = SessionSorter(file: "trace")
    try named.add(full)
    #expect(try named.finish(names) == names)
    #expect(try named.next()?.requestClass == [65_535])
    let mixed = SessionSorter(file: "trace")
    for group in [plain, full] { try mixed.add(group) }
    let error = #expect(throws: TraceError.self) { try mixed.finish(names) }
    #expect(error?.problem.contains("more than 65,535 different names") == true)
  }

  @Test func `prefix nodes that contradict each other are an error`() throws {
    var group = RowGroup()
    group.record = [0]
    group.arrival = [0]
    group.promptTokens = [1]
    group.outputTokens = [1]
    group.prefixNode = [4]
    group.prefixBlocks = [1]
    for (nodes, problem) in [
      ([], "record 0 names prefix node 4, which the trace does not have"),
      ([(4, 3, 1)], "prefix node 4 comes before its parent 3"),
      ([(4, -1, 1), (4, -1, 2)], "prefix node 4 is stated in two ways"),
    ] as [([(Int32, Int32, Int32)], String)] {
      group.prefixes = PrefixNodes()
      for (id, parent, blocks) in nodes {
        group.prefixes.id.append(id)
        group.prefixes.parent.append(parent)
        group.prefixes.offset.append(0)
        group.prefixes.blocks.append(blocks)
      }
      let error = #expect(throws: TraceError.self) { try sorted([group], memoryBytes: 1) }
      #expect(error == TraceError(.badData, file: "trace", problem: problem))
    }
  }

  @Test func `a folder for temporary files that is not there is an error that names it`() throws {
    var random = RandomRows(seed: 1)
    let sorter = SessionSorter(file: "trace", memoryBytes: 1, folder: "/no/such/folder")
    let error = #expect(throws: TraceError.self) {
      for group in random.groups(1, largest: 9) { try sorter.add(group) }
    }
    #expect(error?.kind == .unreadable)
    #expect(error?.file == "/no/such/folder")
    #expect(error?.problem.contains("TMPDIR") == true)
  }
}

@Suite struct `Row sorter` {
  @Test func `no column is left out`() {
    struct Columns: ColumnVisitor {
      var count = 0
      mutating func visit<Value>(
        _ column: WritableKeyPath<RowGroup, ContiguousArray<Value>>,
        absent: Value
      ) {
        count += 1
      }
    }
    var columns = Columns()
    RowGroup.visitColumns(&columns)
    // Edges, where each row's start, and prefix nodes are no columns of one value per row.
    #expect(columns.count == Mirror(reflecting: RowGroup()).children.count - 3)
  }

  @Test(arguments: [1, 3_000, 1 << 30])
  func `rows come by arrival in groups of the usual size`(memoryBytes: Int) throws {
    var random = RandomRows(seed: 8)
    let groups = random.groups(40, largest: 40)
    let sorter = RowSorter(.arrivals, memoryBytes: memoryBytes)
    for group in groups { try sorter.add(group) }
    var records: [Int64] = []
    while let group = try sorter.next() { records += group.record }
    let expected = groups.flatMap { Array(zip($0.arrival, $0.record)) }.sorted { $0 < $1 }
    #expect(records == expected.map(\.1))
  }

  @Test(arguments: [1, 1 << 30])
  func `a record's session is found wherever its row is`(memoryBytes: Int) throws {
    var random = RandomRows(seed: 9)
    let groups = random.groups(9, largest: 9)
    let sorter = RowSorter(.sessions, memoryBytes: memoryBytes)
    for group in groups { try sorter.add(group) }
    while try sorter.next() != nil {}
    for group in groups {
      for (record, session) in zip(group.record, group.session) {
        #expect(try sorter.session(of: record) == session)
      }
    }
    #expect(try sorter.session(of: 1_000_000) == nil)
  }
}
