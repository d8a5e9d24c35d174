import Foundation
import Synthesis
import Testing
import Workload

@Suite struct `Synthetic traces` {
  private func trace(
    _ name: String,
    _ size: SyntheticTrace.Size,
    seed: UInt64 = 1
  ) throws -> SyntheticTrace {
    SyntheticTrace(try Recipe(name), size: size, seed: seed)
  }

  @Test(arguments: Recipes.names)
  func `equal seeds give equal rows, other seeds others`(name: String) throws {
    let first = try trace(name, .requests(3_000)).read()
    let again = try trace(name, .requests(3_000)).read()
    let other = try trace(name, .requests(3_000), seed: 2).read()
    #expect(first.group == again.group && first.digest == again.digest)
    #expect(first.digest != other.digest)
  }

  @Test(arguments: Recipes.names + ["sample"])
  func `rows keep the rules of a trace`(name: String) throws {
    let recipe = try name == "sample" ? RecipeSample.recipe() : Recipe(name)
    // Chat goes on into a second group, which states its prefix nodes anew.
    let size = SyntheticTrace.Size.requests(name == "chat" ? 66_000 : 4_000)
    let (groups, names, _) = try SyntheticTrace(recipe, size: size, seed: 3).read()
    #expect(groups.count == (name == "chat" ? 2 : 1))
    var record: Int64 = 0
    var arrival: SimTime = 0
    #expect(groups.first?.arrival.first == 0)
    for group in groups {
      #expect(
        group.record.allSatisfy { value in
          defer { record += 1 }
          return value == record
        }
      )
      #expect(
        group.arrival.allSatisfy { time in
          defer { arrival = time }
          return time >= arrival && time % 1_000 == 0
        }
      )
      #expect(
        group.promptTokens.allSatisfy { $0 >= 1 } && group.outputTokens.allSatisfy { $0 >= 1 }
      )
      #expect(group.prefixes.count == Set(group.prefixes.id).count)
      #expect(group.tool.allSatisfy { Int($0) < names.tools.count })
    }
    // The graph checks edges, the archive everything else.
    let memory = InMemoryTrace(name: name, names: names, groups: groups)
    _ = try SessionGraph(memory)
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "synth-\(UUID().uuidString)"
    )
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "trace.replay.zst").path()
    let header = try ArchiveWriter.write(
      memory,
      to: OutputFile(path: path),
      provenance: TraceProvenance(),
      level: 1
    )
    #expect(header.rows == record)
    let reader = try TraceArchive(path: path).makeReader()
    while try reader.next() != nil {}
  }

  @Test func `requests are counted to the last one, but for what sessions leave that end early`()
    throws
  {
    for name in ["code-completion", "rag", "chat", "reasoning"] {
      let rows = try trace(name, .requests(2_345)).read().group.reduce(0) { $0 + $1.count }
      #expect(rows <= 2_345 && rows > 2_300)
    }
    var plain = try RecipeSample.recipe()
    plain.parts[0].sessions.subagents = nil
    let rows = try SyntheticTrace(plain, size: .requests(2_345), seed: 4).read().group
      .reduce(0) { $0 + $1.count }
    #expect(rows <= 2_345 && rows > 2_000)
  }

  @Test func `sessions of a shorter trace are those of a longer one`() throws {
    let short = try TraceSamples(reading: trace("agentic-coding", .sessions(40)))
    #expect(short.sessions == 40)
    let long = try trace("agentic-coding", .sessions(80)).read().group
    var prompts: [Int64] = []
    for group in long {
      for row in 0..<group.count where group.session[row] < 40 {
        prompts.append(Int64(group.promptTokens[row]))
      }
    }
    #expect(ValueCounts(prompts) == short[.promptTokens])
  }

  @Test func `hours say how long sessions start`() throws {
    let groups = try trace("chat", .hours(0.05)).read().group
    var starts: [Int32: SimTime] = [:]
    for group in groups {
      for row in 0..<group.count where starts[group.session[row]] == nil {
        starts[group.session[row]] = group.arrival[row]
      }
    }
    #expect(starts.values.max() ?? 0 < 180_000_000_000)
    // 20 a second, Gamma with a coefficient of variation of 1.07.
    #expect(abs(starts.count - 3_600) < 4 * 65)
  }

  @Test func `sizes that make no trace are errors`() throws {
    for size in [
      SyntheticTrace.Size.requests(0), .sessions(-1), .hours(0), .hours(.nan), .hours(1e9),
    ] {
      #expect(throws: TraceError.self) { try trace("chat", size).makeReader() }
    }
  }

  @Test func `agents are waited for, and their prompts share no block with their parent`() throws {
    let (groups, names, _) = try SyntheticTrace(
      try RecipeSample.recipe(),
      size: .sessions(300),
      seed: 8
    ).read()
    let task = try #require(names.tools.firstIndex(of: "Task"))
    var joins = 0
    for group in groups {
      var children: [Int64: Int] = [:]
      for row in 0..<group.count {
        let edges = group.edges[Int(group.edgeStart[row])..<Int(group.edgeStart[row + 1])]
        for edge in edges {
          #expect(edge.parentRecord < group.record[row] && edge.delay >= 0)
          children[edge.parentRecord, default: 0] += 1
        }
        guard edges.count > 1 else { continue }
        joins += 1
        #expect(Int(group.tool[row]) == task && group.gapKind[row] == .tool)
        // A joint waits for the request before and for 1 to 3 agents.
        #expect((2...4).contains(edges.count))
        #expect(edges.allSatisfy { $0.delay == 200_000_000 })
      }
    }
    #expect(joins > 50)
  }
}
