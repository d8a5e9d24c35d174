import Testing
import Workload

@Suite struct `ShareGPT conversations` {
  @Test func `an answer is a turn whose prompt is all that was said before`() throws {
    let trace = try ExampleFile.read(.sharegpt)
    let group = try #require(trace.groups.first)
    #expect(violations(of: trace).isEmpty)
    #expect(group.arrival == [0, 0, 1_000_000_000])
    // 30 characters; 30 + 40 + 63; 5: four to a token.
    #expect(group.promptTokens == [8, 34, 2])
    #expect(group.outputTokens == [10, 1, 1])
    #expect(group.session == [0, 0, 1])
    #expect(edges(of: trace) == [1: [after(0)]])
    #expect(group.gapKind == [.none, .human, .none])
    #expect(group.prefixNode == [-1, 0, -1])
    #expect(group.prefixBlocks == [0, 2, 0])
  }

  @Test func `the ratio of characters to tokens is stated in the provenance`() throws {
    let folder = try TemporaryFolder()
    let file = TraceFile(
      path: try folder.file("a", TraceFormat.sharegpt.example.utf8),
      sessionsPerSecond: 2,
      charactersPerToken: 3.5
    )
    let reader = try file.makeReader()
    #expect(reader.provenance?.note.contains("3.5") == true)
    #expect(try reader.next()?.promptTokens == [9, 38, 2])
  }

  private func conversation(_ messages: (String, String)...) -> String {
    #"{"conversations": ["#
      + messages.map { #"{"from": "\#($0.0)", "value": "\#($0.1)"}"# }.joined(separator: ", ")
      + "]}"
  }

  @Test func `escapes and letters of many bytes are one character each`() throws {
    let text = conversation(("human", #"\u00e9\"\\\n\ud83d\ude00é😀12"#), ("gpt", "abcde"))
    let trace = try read(text, sessionsPerSecond: 1)
    #expect(trace.groups.first?.promptTokens == [3])
    #expect(trace.groups.first?.outputTokens == [2])
  }

  @Test func `an answer to nothing is history and a question without one no turn`() throws {
    let text = conversation(
      ("gpt", "welcome!"),
      ("system", ""),
      ("gpt", "more"),
      ("human", "1234"),
      ("gpt", "5"),
      ("human", "and?")
    )
    #expect(try read(text, sessionsPerSecond: 1).groups.first?.promptTokens == [4])
  }

  @Test func `an empty answer is a request that failed`() throws {
    let text = conversation(("human", "a"), ("gpt", ""), ("human", "b"), ("gpt", "c"))
    let error = #expect(throws: TraceError.self) { try read(text, sessionsPerSecond: 1) }
    #expect(error?.problem.contains("--failures") == true)
    #expect(try read(text, sessionsPerSecond: 1, failures: .drop).groups.first?.count == 1)
    #expect(try read(text, sessionsPerSecond: 1, failures: .keep).groups.first?.count == 2)
  }

  @Test(arguments: [
    ("[{\"id\": 1}]", 1, 11, "conversations is missing"),
    ("[{\"conversations\": [{\"from\": \"me\", \"value\": \"\"}]}]", 1, 31, "'me'"),
    ("[{\"conversations\": [\n{\"from\": \"gpt\"}]}]", 2, 16, "value is missing"),
    ("[{\"conversations\": [\n{\"from\": \"gpt\", \"value\": 5}]}]", 2, 26, "expected a string"),
    ("[{\"conversations\": []}\n", 2, nil, "not closed with ']'"),
    ("[{\"conversations\": []}\n,]", 2, 2, "expected '{'"),
    ("[{\"conversations\": []}]\n[]", 2, 1, "expected the end of the file"),
    ("[{\"conversations\": []} {}]", 1, 24, "expected ',' or ']'"),
    ("[{\"conversations\": [}]", 1, 21, "an item of conversations is nothing; expected an object"),
  ])
  func `what is wrong is named with its line and column`(
    text: String,
    line: Int,
    column: Int?,
    problem: String
  ) throws {
    let error = #expect(throws: TraceError.self) {
      try read(text, as: .sharegpt, sessionsPerSecond: 1)
    }
    #expect(error?.line == line)
    #expect(error?.column == column, "\(error?.description ?? "no error")")
    #expect(error?.problem.contains(problem) == true, "\(error?.problem ?? "no error")")
  }

  @Test func `objects across blocks of the file are found with their lines`() throws {
    // Objects of some 100,000 bytes, so that few end in the block in which they begin.
    let long = String(repeating: "word \\\" { [ ", count: 8_000)
    var text = "[\n"
    for index in 0..<12 {
      text += conversation(("human", long), ("gpt", "yes")) + (index < 11 ? ",\n" : "\n]")
    }
    #expect(try read(text, sessionsPerSecond: 1).groups.first?.count == 12)
    let broken = text.dropLast(2) + ", {\"x\": 1}]"
    let error = #expect(throws: TraceError.self) {
      try read(String(broken), as: .sharegpt, sessionsPerSecond: 1)
    }
    #expect(error?.line == 13)
    #expect(error?.problem.contains("unknown key 'x'") == true)
  }
}
