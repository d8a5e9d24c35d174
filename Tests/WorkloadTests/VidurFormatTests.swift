import Testing
import Workload

private let header = "arrived_at,num_prefill_tokens,num_decode_tokens"

@Suite struct `Vidur format` {
  @Test func `seconds are exact in every spelling`() throws {
    let group = try rows(
      """
      \(header)
      0.0,4808,10
      9.8e-05,1,2
      1E-3,3,4
      0.5e+1,5,6
      4314.579e-2,7,8
      43.145790001000,9,10
      60,11,12
      """
    )
    #expect(
      group.arrival == [
        0, 98_000, 1_000_000, 5_000_000_000, 43_145_790_000, 43_145_790_001, 60_000_000_000,
      ]
    )
    #expect(group.promptTokens == [4_808, 1, 3, 5, 7, 9, 11])
    #expect(group.outputTokens == [10, 2, 4, 6, 8, 10, 12])
    #expect(group.tenant.isEmpty && group.session.isEmpty)
  }

  @Test func `columns may stand in any order`() throws {
    let group = try rows(
      """
      pd_ratio,num_decode_tokens,arrived_at,num_total_tokens,num_prefill_tokens
      29.00751879699248,133,1.5,3991,3858
      0.3333333333333333,3,2.5,4,1
      """
    )
    #expect(group.arrival == [0, 1_000_000_000])
    #expect(group.promptTokens == [3_858, 1])
    #expect(group.outputTokens == [133, 3])
  }

  @Test(arguments: [
    ("1.0000000001,1,1", 1, "--round"), ("1e-10,1,1", 1, "--round"), ("-1,1,1", 1, "'-1'"),
    ("1e,1,1", 1, "'1e'"), ("1e+,1,1", 1, "'1e+'"), ("1.e5,1,1", 1, "'1.e5'"),
    (".5,1,1", 1, "'.5'"), ("e5,1,1", 1, "'e5'"), ("1e5e5,1,1", 1, "'1e5e5'"),
    ("1e9999,1,1", 1, "expected seconds"), ("nan,1,1", 1, "'nan'"), (",1,1", 1, "nothing"),
    ("1e12,1,1", 1, "292 years"), ("9223372036.854775807,1,1", 1, "292 years"),
    ("1,0,1", 3, "'0'"), ("1,1,0", 5, "'0'"), ("1,1", 4, "num_decode_tokens is missing"),
    ("1,1,1,1", 7, "more"),
  ])
  func `a bad row is an error at its column`(row: String, column: Int, text: String) throws {
    let error = try failure("\(header)\n0,1,1\n\(row)\n", as: .vidur)
    #expect(error?.line == 3)
    #expect(error?.column == column)
    #expect(error?.problem.contains(text) == true, "\(error?.problem ?? "no error")")
  }

  @Test(arguments: [
    ("1,10,4,15,2.5", 8, "num_total_tokens is 15; prefill and decode tokens sum to 14"),
    ("1,10,4,14,2.4", 11, "pd_ratio is '2.4'; expected 10 / 4 to nine decimals"),
    ("1,10,3,13,3.33333", 11, "expected 10 / 3"), ("1,10,4,14,x", 11, "'x'"),
    ("1,10,4,14,", 11, "nothing"), ("1,10,4,x,2.5", 8, "num_total_tokens is 'x'"),
  ])
  func `what follows from other columns is checked`(row: String, column: Int, text: String) throws {
    let error = try failure(
      "\(header),num_total_tokens,pd_ratio\n0,10,4,14,2.5\n\(row)\n",
      as: .vidur
    )
    #expect(error?.line == 3)
    #expect(error?.column == column)
    #expect(error?.problem.contains(text) == true, "\(error?.problem ?? "no error")")
  }

  @Test func `finer times are rounded to the nearest nanosecond where asked for`() throws {
    let folder = try TemporaryFolder()
    let text = "\(header)\n0.0,1,1\n5.8926549999999995,1,1\n5.8926550004,1,1\n5.8926550005,1,1\n"
    let file = try folder.file("trace", text.utf8)
    #expect(throws: TraceError.self) { try InMemoryTrace(reading: TraceFile(path: file)) }
    let trace = try InMemoryTrace(reading: TraceFile(path: file, rounding: true))
    #expect(
      trace.groups.map(\.arrival) == [[0, 5_892_655_000, 5_892_655_000, 5_892_655_001]]
    )
  }

  @Test func `lengths alone need a rate, and then arrive evenly in whole microseconds`() throws {
    let folder = try TemporaryFolder()
    let text = "num_prefill_tokens,num_decode_tokens\n3,1\n2,1\n5,1\n4,1\n"
    let file = try folder.file("trace", text.utf8)
    let error = #expect(throws: TraceError.self) {
      try InMemoryTrace(reading: TraceFile(path: file))
    }
    #expect(error?.problem.contains("--sessions-per-second") == true)
    let trace = try InMemoryTrace(reading: TraceFile(path: file, sessionsPerSecond: 0.3))
    #expect(trace.groups.map(\.arrival) == [[0, 3_333_333_000, 6_666_667_000, 10_000_000_000]])
    #expect(trace.groups.map(\.promptTokens) == [[3, 2, 5, 4]])
    let slow = #expect(throws: TraceError.self) {
      try InMemoryTrace(reading: TraceFile(path: file, sessionsPerSecond: 1e-10))
    }
    #expect(slow?.line == 3)
    #expect(slow?.problem.contains("292 years") == true)
  }

  @Test(arguments: TraceFormat.all.filter(\.hasStartTimes).map(\.name))
  func `a rate for a file with start times is an error`(name: String) throws {
    let format = try #require(TraceFormat.named(name))
    let example = try ExampleFile(format)
    let file = try example.trace(format.example.utf8, isDetected: true)
    let error = #expect(throws: TraceError.self) {
      try InMemoryTrace(reading: TraceFile(path: file.path, sessionsPerSecond: 5))
    }
    #expect(error?.problem.hasPrefix("has start times") == true)
  }
}
