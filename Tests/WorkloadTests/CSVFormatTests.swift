import Testing
import Workload

@Suite struct `CSV format` {
  @Test func `columns come in any order and absent ones stay empty`() throws {
    let trace = try read(
      """
      output_tokens,class,arrival_seconds,prompt_tokens
      7,chat,1.5,812
      8,code,1.500000001,9
      9,chat,62,1
      """
    )
    let group = try #require(trace.groups.first)
    #expect(group.arrival == [0, 1, 60_500_000_000])
    #expect(group.promptTokens == [812, 9, 1])
    #expect(group.outputTokens == [7, 8, 9])
    #expect(group.requestClass == [0, 1, 0])
    #expect(trace.names.classes == ["chat", "code"])
    #expect(group.tenant.isEmpty && group.deadline.isEmpty && group.gapKind.isEmpty)
  }

  @Test func `every column is read, and empty fields mean none`() throws {
    let trace = try read(
      """
      arrival_seconds,prompt_tokens,output_tokens,max_output_tokens,session,turn,class,tenant,\
      priority,model,adapter,ttft_slo_seconds,tpot_slo_seconds,deadline_seconds,\
      reasoning_tokens,gap_kind,tool
      10,1,2,3,4,5,c,t,-6,m,a,0.7,0.08,19.5,1,tool,grep
      10,1,2,,,,,,,,,,,,,,
      11,1,2,0,0,0,"c, ""d""\",t,6,m,a,1,1,11,2,human,
      """
    )
    let group = try #require(trace.groups.first)
    #expect(group.maxOutputTokens == [3, 0, 0])
    #expect(group.session == [4, -1, 0])
    #expect(group.turn == [5, 0, 0])
    #expect(group.requestClass == [0, 1, 2])
    #expect(trace.names.classes == ["c", "", "c, \"d\""])
    #expect(group.tenant == [0, 1, 0])
    #expect(group.priority == [-6, 0, 6])
    #expect(group.model == [0, 1, 0])
    #expect(group.adapter == [0, 1, 0])
    #expect(group.ttftSLO == [700_000_000, 0, 1_000_000_000])
    #expect(group.tpotSLO == [80_000_000, 0, 1_000_000_000])
    #expect(group.deadline == [9_500_000_000, .never, 1_000_000_000])
    #expect(group.reasoningTokens == [1, 0, 2])
    #expect(group.gapKind == [.tool, .none, .human])
    #expect(group.tool == [0, 1, 1])
    #expect(trace.names.tools == ["grep", ""])
  }

  @Test(arguments: [
    ("arrival_second,prompt_tokens,output_tokens", 1, "did you mean 'arrival_seconds'?"),
    ("arrival_seconds,PromptTokens,output_tokens", 17, "did you mean 'prompt_tokens'?"),
    ("arrival_seconds,prompt_tokens", 30, "output_tokens is missing"),
    ("arrival_seconds,prompt_tokens,output_tokens,class,class", 51, "twice"),
    (
      "arrival_seconds,prompt_tokens,output_tokens,parents", 52, "session is missing; parents needs"
    ),
    ("arrival_seconds,prompt_tokens,output_tokens,session,delay_seconds", 66, "turn is missing"),
    ("arrival_seconds,prompt_tokens,output_tokens,", 45, "unknown column nothing"),
    ("arrival_seconds,prompt_tokens,output_tokens,\u{e9}t\u{e9}", 45, "\\xC3"),
  ])
  func `a wrong header names the column and the nearest`(
    header: String,
    column: Int,
    text: String
  ) throws {
    let error = try failure(header + "\n0,1,1\n", as: .csv)
    #expect(error?.line == 1)
    #expect(error?.column == column)
    #expect(error?.problem.contains(text) == true, "\(error?.problem ?? "no error")")
  }

  @Test(arguments: [
    ("-1,1,1,,", 1, "'-1'"), (".5,1,1,,", 1, "'.5'"), ("5.,1,1,,", 1, "'5.'"),
    ("1e3,1,1,,", 1, "'1e3'"), (",1,1,,", 1, "nothing"), ("1.0123456789,1,1,,", 1, "9 decimals"),
    ("9223372036.854775808,1,1,,", 1, "292 years"), ("99999999999,1,1,,", 1, "292 years"),
    ("4.9,1,1,,", 1, "earlier"), ("5,0,1,,", 3, "prompt_tokens is '0'"),
    ("5,1,0,,", 5, "output_tokens is '0'"), ("5,1,1,4,", 7, "before arrival"),
    ("5,1,1,,2", 8, "exceeds output_tokens"), ("5,1,1,,-2", 8, "whole number"),
    ("5,1,1,", 7, "reasoning_tokens is missing"), ("5,1,1,,,", 9, "more"),
    ("5,1,\"1,,", 5, "not closed"), ("5,1,1\",,", 6, "quote inside"),
    ("5,1,\"\"\"\",,", 6, "whole number"), ("5,+1,1,,", 3, "'+1'"),
  ])
  func `a bad row is an error at its column`(row: String, column: Int, text: String) throws {
    let header = "arrival_seconds,prompt_tokens,output_tokens,deadline_seconds,reasoning_tokens"
    let error = try failure("\(header)\n5,1,1,,\n\(row)\n", as: .csv)
    #expect(error?.line == 3)
    #expect(error?.column == column)
    #expect(error?.problem.contains(text) == true, "\(error?.problem ?? "no error")")
  }

  @Test(arguments: [
    ("session", "-1"), ("turn", "x"), ("priority", "2147483648"), ("gap_kind", "Tool"),
    ("ttft_slo_seconds", "-0.5"), ("tpot_slo_seconds", "1s"), ("max_output_tokens", "1.0"),
  ])
  func `optional columns are as strict`(name: String, value: String) throws {
    let error = try failure(
      "arrival_seconds,prompt_tokens,output_tokens,\(name)\n0,1,1,\(value)\n",
      as: .csv
    )
    #expect(error?.column == 7)
    #expect(error?.problem.hasPrefix("\(name) is '\(value)'; expected ") == true)
  }

  @Test func `a name that is not UTF-8 is an error`() throws {
    let folder = try TemporaryFolder()
    let header = "arrival_seconds,prompt_tokens,output_tokens,class\n0,1,1,"
    let path = try folder.file("latin1", Array(header.utf8) + [0xE9, 0x0A])
    let error = #expect(throws: TraceError.self) {
      try InMemoryTrace(reading: TraceFile(path: path))
    }
    #expect(error?.problem.contains("\\xE9") == true)
  }

  @Test func `more names than a column can number are an error`() throws {
    var text = "arrival_seconds,prompt_tokens,output_tokens,tenant\n"
    for row in 0...65_536 { text += "0,1,1,t\(row)\n" }
    let error = try failure(text, as: .csv)
    #expect(error?.line == 65_538)
    #expect(error?.problem.contains("65,536") == true)
  }
}
