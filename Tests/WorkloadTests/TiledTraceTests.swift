import Testing
import Workload

@Suite struct `Tiled traces` {
  private func base(_ rows: Int) throws -> InMemoryTrace {
    var generator = ChatGenerator()
    generator.requests = rows
    generator.requestsPerSecond = 10
    return try InMemoryTrace(reading: generator)
  }

  private func flat(_ trace: some Trace) throws -> RowGroup {
    var all = RowGroup()
    let reader = try trace.makeReader()
    while let group = try reader.next() {
      all.record += group.record
      all.arrival += group.arrival
      all.promptTokens += group.promptTokens
      all.outputTokens += group.outputTokens
      all.session += group.session
      all.requestClass += group.requestClass
      all.deadline += group.deadline
    }
    return all
  }

  @Test func `gaps and lengths stay within their jitter of the base`() throws {
    let base = try base(500)
    let original = try #require(base.groups.first)
    let span = try #require(original.arrival.last)
    let tiled = TiledTrace(base: base, requests: 1_750, seed: 5)
    let all = try flat(tiled)
    #expect(try violations(of: InMemoryTrace(reading: tiled)).isEmpty)
    #expect(all.record.elementsEqual(0..<1_750))
    #expect(all.arrival.first == 0)
    var (shortest, longest) = (Double.infinity, 0.0)
    for row in 1..<all.count {
      let i = row % 500
      let gap = i == 0 ? span / 499 : original.arrival[i] - original.arrival[i - 1]
      let jittered = all.arrival[row] - all.arrival[row - 1]
      #expect(2 * jittered >= gap - 1 && 2 * jittered < 3 * gap || gap == 0 && jittered == 0)
      let factor = Double(all.promptTokens[row]) / Double(original.promptTokens[i])
      if original.promptTokens[i] > 1_000 {
        (shortest, longest) = (min(shortest, factor), max(longest, factor))
      }
      let output = Double(original.outputTokens[i])
      #expect(abs(Double(all.outputTokens[row]) - output) <= 0.1 * output + 0.5)
    }
    #expect(shortest >= 0.899 && shortest < 0.91)
    #expect(longest <= 1.101 && longest > 1.09)
    let tileSpan = Double(all.arrival[500]) / Double(span)
    #expect(abs(tileSpan - 1) < 0.1)
    #expect(all.arrival[0..<500] != original.arrival[0..<500])
  }

  @Test func `rows depend on the seed and their number alone`() throws {
    let base = try base(300)
    var halves = base
    var second = try #require(base.groups.first)
    var first = second
    first.truncate(to: 100)
    for row in 0..<200 {
      second.record[row] = second.record[row + 100]
      second.arrival[row] = second.arrival[row + 100]
      second.promptTokens[row] = second.promptTokens[row + 100]
      second.outputTokens[row] = second.outputTokens[row + 100]
    }
    second.truncate(to: 200)
    halves.groups = [first, second]
    let all = try flat(TiledTrace(base: base, requests: 1_000, seed: 5))
    #expect(try flat(TiledTrace(base: halves, requests: 1_000, seed: 5)) == all)
    var some = all
    some.truncate(to: 700)
    #expect(try flat(TiledTrace(base: base, requests: 700, seed: 5)) == some)
    #expect(try flat(TiledTrace(base: base, requests: 1_000, seed: 6)) != all)
  }

  @Test func `sessions, limits and deadlines follow their rows`() throws {
    let base = try read(
      """
      arrival_seconds,prompt_tokens,output_tokens,session,max_output_tokens,deadline_seconds
      0,1,100,0,100,5
      3,1,100,2,0,
      """
    )
    let all = try flat(TiledTrace(base: base, requests: 6, seed: 1))
    #expect(all.session == [0, 2, 3, 5, 6, 8])
    #expect(all.outputTokens.enumerated().allSatisfy { $0 % 2 == 1 || $1 <= 100 })
    #expect(all.promptTokens == [1, 1, 1, 1, 1, 1])
    for row in 0..<6 {
      #expect(all.deadline[row] == (row % 2 == 0 ? all.arrival[row] + 5_000_000_000 : .never))
    }
  }

  @Test func `names of a file are complete although the last tile is cut`() throws {
    let folder = try TemporaryFolder()
    var text = "arrival_seconds,prompt_tokens,output_tokens,class\n"
    for row in 0..<RowGroup.preferredRows { text += "\(row),1,1,early\n" }
    text += "65536,1,1,late\n"
    let base = TraceFile(path: try folder.file("base", text.utf8))
    let tiled = TiledTrace(base: base, requests: RowGroup.preferredRows + 2, seed: 1)
    let trace = try InMemoryTrace(reading: tiled)
    #expect(trace.names.classes == ["early", "late"])
    #expect(trace.groups.map(\.requestClass.last) == [0, 1, 0])
  }

  @Test func `a base of one request repeats every second or so`() throws {
    let base = try read("arrival_seconds,prompt_tokens,output_tokens\n7,5,5\n")
    let all = try flat(TiledTrace(base: base, requests: 50, seed: 1))
    #expect(all.count == 50)
    for row in 1..<50 {
      #expect((500_000_000..<1_500_000_000).contains(all.arrival[row] - all.arrival[row - 1]))
    }
  }

  @Test func `what cannot be tiled is an error`() throws {
    let base = try base(10)
    let none = TiledTrace(base: base, requests: 0, seed: 1)
    #expect(throws: TraceError.self) { try none.makeReader() }
    let empty = InMemoryTrace(name: "empty", groups: [])
    #expect(throws: TraceError.self) {
      try InMemoryTrace(reading: TiledTrace(base: empty, requests: 5, seed: 1))
    }
    let prefixes = try read(TraceFormat.mooncake.example)
    #expect(throws: TraceError.self) {
      try InMemoryTrace(reading: TiledTrace(base: prefixes, requests: 5, seed: 1))
    }
  }
}
