import Testing
import Workload

private let header = "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type"

@Suite struct `BurstGPT format` {
  @Test func `the published head reads, but for its failed request`() throws {
    guard let path = Folders.published("burstgpt/BurstGPT_1.head33.csv") else { return }
    let error = #expect(throws: TraceError.self) {
      try InMemoryTrace(reading: TraceFile(path: path))
    }
    #expect(error?.line == 22)
    #expect(error?.column == 16)
    #expect(error?.problem.contains("--failures keep or --failures drop") == true)
    let kept = try InMemoryTrace(reading: TraceFile(path: path, failures: .keep))
    let dropped = try InMemoryTrace(reading: TraceFile(path: path, failures: .drop))
    let all = try #require(kept.groups.first)
    let sound = try #require(dropped.groups.first)
    #expect(violations(of: kept).isEmpty && violations(of: dropped).isEmpty)
    #expect(all.count == 33)
    #expect(all.promptTokens[20] == 1 && all.outputTokens[20] == 1)
    #expect(all.arrival.last == 2_603_000_000_000)
    #expect(all.promptTokens.reduce(0, +) == 22_044 + 1)
    #expect(all.outputTokens.reduce(0, +) == 11_529 + 1)
    #expect(sound.count == 32)
    #expect(sound.record.elementsEqual(0..<32))
    #expect(sound.outputTokens.reduce(0, +) == 11_529)
    #expect(kept.names.models == ["ChatGPT", "GPT-4"])
    #expect(kept.names.classes == ["chat"])
    #expect(all.session.isEmpty && all.edges.isEmpty)
  }

  @Test func `the published head with sessions reads`() throws {
    guard let path = Folders.published("burstgpt/BurstGPT_3.head4.csv") else { return }
    let trace = try InMemoryTrace(reading: TraceFile(path: path))
    let group = try #require(trace.groups.first)
    #expect(violations(of: trace).isEmpty)
    #expect(group.arrival == [0, 51_000_000_000, 82_000_000_000, 144_000_000_000])
    #expect(group.promptTokens == [906, 36, 1_779, 935])
    #expect(group.session == [0, 1, 2, 3])
    #expect(group.edges.isEmpty && group.gapKind == [.none, .none, .none, .none])
  }

  @Test func `turns wait for the recorded end of the turn before, or go with it`() throws {
    let trace = try read(
      """
      Log Type,Session ID,Timestamp,Elapsed time,Response tokens,Request tokens
      Conversation log,a,100,10,5,6
      API log,,100,1,1,1
      Conversation log,b,101,50,5,6
      Conversation log,a,115.5,,5,7
      Conversation log,b,120,1,8,9
      Conversation log,a,130,3,10,11
      Conversation log,a,133,3,10,12
      """
    )
    let group = try #require(trace.groups.first)
    #expect(violations(of: trace).isEmpty)
    #expect(group.session == [0, -1, 1, 0, 1, 0, 0])
    #expect(group.turn == [0, 0, 0, 1, 1, 2, 3])
    #expect(group.gapKind == [.none, .none, .none, .human, .human, .human, .human])
    #expect(
      edges(of: trace) == [
        3: [after(0, 5_500_000_000)], 4: [with(2, 19_000_000_000)],
        5: [with(3, 14_500_000_000)], 6: [after(5)],
      ]
    )
    #expect(trace.names.classes == ["chat", "api"])
    #expect(trace.names.models.isEmpty && group.model.isEmpty)
  }

  @Test func `three columns are enough`() throws {
    let group = try rows("Timestamp,Request tokens,Response tokens\n5,472,18\n45.25,1087,230\n")
    #expect(group.arrival == [0, 40_250_000_000])
    #expect(group.promptTokens == [472, 1_087])
    #expect(group.requestClass.isEmpty && group.model.isEmpty && group.session.isEmpty)
  }

  @Test func `failed requests are kept or left out, and counted`() throws {
    let text =
      "Timestamp,Session ID,Elapsed time,Request tokens,Response tokens\n"
      + "0,a,1,5,6\n1,a,1,5,0\n2,,1,0,0\n9,a,1,7,8\n"
    let kept = try readCounting(text, failures: .keep)
    #expect(kept.failures == FailureCount(kept: 2))
    #expect(kept.trace.groups.first?.promptTokens == [5, 5, 1, 7])
    #expect(kept.trace.groups.first?.outputTokens == [6, 1, 1, 8])
    #expect(edges(of: kept.trace) == [1: [after(0)], 3: [after(1, 7_000_000_000)]])
    let dropped = try readCounting(text, failures: .drop)
    #expect(dropped.failures == FailureCount(dropped: 2))
    #expect(dropped.trace.groups.first?.record == [0, 1])
    #expect(edges(of: dropped.trace) == [1: [after(0, 8_000_000_000)]])
    let all = #expect(throws: TraceError.self) {
      try readCounting("Timestamp,Request tokens,Response tokens\n1,0,0\n", failures: .drop)
    }
    #expect(all?.problem == "holds no requests")
  }

  @Test(arguments: [
    ("1,m,5,6,11,Chat log", 12, "expected API log or Conversation log"),
    ("1,m,5,6,12,API log", 9, "sum to 11"), ("1,m,0,6,6,API log", 7, "--failures"),
    ("1,m,-5,6,1,API log", 5, "'-5'"), ("1,m,5,6,11", 11, "Log Type is missing"),
    ("1,m,5,6,11,API log,", 20, "more"), ("x,m,5,6,11,API log", 1, "expected seconds"),
    ("0.5,m,5,6,11,API log", 1, "earlier"), (",m,5,6,11,API log", 1, "nothing"),
    ("1,m,5,2147483648,1,API log", 7, "2147483647"), ("1e99,m,5,6,11,API log", 1, "292 years"),
  ])
  func `a bad row is an error at its column`(row: String, column: Int, text: String) throws {
    let error = try failure("\(header)\n1,m,1,1,2,API log\n\(row)\n", as: .burstGPT)
    #expect(error?.line == 3)
    #expect(error?.column == column, "\(error?.problem ?? "no error")")
    #expect(error?.problem.contains(text) == true, "\(error?.problem ?? "no error")")
  }

  @Test(arguments: [
    ("Timestamp,Request tokens", "Response tokens is missing"),
    ("Timestamp,Request tokens,Response tokens,Request tokens", "twice"),
    ("Timestamp,Request tokens,Response tokens,Modle", "did you mean 'Model'?"),
  ])
  func `a bad header is an error`(header: String, text: String) throws {
    let error = try failure("\(header)\n", as: .burstGPT)
    #expect(error?.line == 1)
    #expect(error?.problem.contains(text) == true, "\(error?.problem ?? "no error")")
  }
}
