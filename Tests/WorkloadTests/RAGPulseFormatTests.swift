import Foundation
import Testing
import Workload

@Suite struct `RAGPulse traces` {
  @Test func `components become prefixes and sessions follow by dispatch`() throws {
    let trace = try ExampleFile.read(.ragpulse)
    let group = try #require(trace.groups.first)
    #expect(violations(of: trace).isEmpty)
    let second = SimTime.nanosecondsPerSecond
    // The last row counts from the start of the week behind that of the row before.
    #expect(group.arrival == [0, 11 * second, 604_371 * second, 604_718 * second])
    #expect(group.session == [0, 1, 0, 1])
    #expect(group.turn == [0, 0, 1, 1])
    #expect(group.gapKind == [.none, .none, .human, .human])
    #expect(
      edges(of: trace) == [2: [with(0, 604_371 * second)], 3: [with(1, 604_707 * second)]]
    )
    // 20 + 12 + 3 + 11 tokens, 20 + 12 + 12 + 15, and 20 + 11 twice: the first block is the same in
    // all, the second in the first two, whose first components are the same.
    #expect(group.prefixNode == [0, 1, 0, 0])
    #expect(group.prefixBlocks == [2, 1, 1, 1])
    #expect(trace.names.blockTokens == 16)
  }

  @Test func `a file that is missing is named`() throws {
    let example = try ExampleFile(.ragpulse)
    let file = try example.trace(TraceFormat.ragpulse.example.utf8, isDetected: true)
    try FileManager.default.removeItem(atPath: example.folder.path("3_history.jsonl"))
    let error = #expect(throws: TraceError.self) { try file.makeReader() }
    #expect(error?.kind == .badData)
    #expect(error?.problem.contains("3_history.jsonl") == true)
  }

  @Test(arguments: [
    ("{\"history_id\": 2}", 1, 18, "token_length is missing"),
    ("{\"passage_id\": 2, \"token_length\": 1}", 1, 16, "of another file"),
    ("\n{\"history_id\": 2,\n \"token_length\": -1}", 3, 18, "'-1'"),
    (
      "{\"history_id\": 2, \"token_length\": 1}\n{\"history_id\": 2, \"token_length\": 1}", 2, 1,
      "appears twice"
    ),
    ("[", 1, nil, "not closed"),
  ])
  func `what is wrong in a file of lengths is named`(
    text: String,
    line: Int,
    column: Int?,
    problem: String
  ) throws {
    let example = try ExampleFile(.ragpulse)
    let path = try example.folder.file("3_history.jsonl", text.utf8)
    let file = try example.trace(TraceFormat.ragpulse.example.utf8, isDetected: true)
    let error = #expect(throws: TraceError.self) { try file.makeReader() }
    #expect(error?.file == path)
    #expect(error?.line == line)
    #expect(error?.column == column)
    #expect(error?.problem.contains(problem) == true, "\(error?.problem ?? "no error")")
  }

  @Test(arguments: [
    (#""timestamp": "82""#, #""timestamp": "8x""#, 1, "'8x'"),
    (#""input_length": 50"#, #""input_length": 45"#, 1, "longer than the input_length"),
    (#""passages_ids": [4, 5]"#, #""passages_ids": [4, 6]"#, 1, "2_passages.jsonl does not have"),
    (#""history": [2]"#, #""histori": [2]"#, 2, "did you mean 'history'?"),
    (#", "session_id": "b"}"#, "}", 2, "session_id is missing"),
    (#""timestamp": "93""#, #""timestamp": "81""#, 2, "earlier than on the line before"),
  ])
  func `what is wrong in a line is named`(
    wanted: String,
    found: String,
    line: Int,
    problem: String
  ) throws {
    let example = try ExampleFile(.ragpulse)
    let start = try #require(TraceFormat.ragpulse.example.range(of: wanted))
    let text = TraceFormat.ragpulse.example.replacingCharacters(in: start, with: found)
    let file = try example.trace(text.utf8, isDetected: true)
    let error = #expect(throws: TraceError.self) { try InMemoryTrace(reading: file) }
    #expect(error?.line == line)
    #expect(error?.problem.contains(problem) == true, "\(error?.problem ?? "no error")")
  }

  @Test func `the published weeks are read to their end`() throws {
    guard let path = Folders.published("ragpulse/0_trace.jsonl") else { return }
    let trace = try InMemoryTrace(reading: TraceFile(path: path))
    let group = try #require(trace.groups.first)
    #expect(group.count == 7_106)
    #expect(group.session.max() == 3_989)
    #expect(group.arrival[3_800] == (604_800 - 82) * SimTime.nanosecondsPerSecond)
    #expect(group.arrival.last == (604_800 + 604_603 - 82) * SimTime.nanosecondsPerSecond)
    #expect(violations(of: trace).isEmpty)
  }
}
