import Testing
import Workload

private let columns =
  "request_id,tenant_id,slo_class,session_id,round_index,prefix_group,prefix_length,input_tokens,"
  + "output_tokens,reason_ratio,model,deadline_us,arrival_time_us,last_chunk_time_us,status"

@Suite struct `BLIS format` {
  @Test func `every column finds its place`() throws {
    let trace = try read(TraceFormat.blis.example)
    let group = try #require(trace.groups.first)
    #expect(violations(of: trace).isEmpty)
    #expect(group.arrival == [0, 1_500_000, 1_949_000_000])
    #expect(group.promptTokens == [700, 600, 900])
    #expect(group.outputTokens == [90, 20, 10])
    #expect(group.reasoningTokens == [23, 0, 0])
    #expect(group.session == [0, -1, 0] && group.turn == [0, 0, 1])
    #expect(group.priority == [-1, 0, -1])
    #expect(group.ttftSLO == [250_000_000, 0, 250_000_000])
    #expect(group.deadline == [89_999_000_000, .never, .never])
    #expect(group.gapKind == [.none, .none, .human])
    #expect(edges(of: trace) == [2: [after(0, 1_000_000_000)]])
    #expect(group.prefixNode == [0, 0, 0] && group.prefixBlocks == [36, 36, 36])
    #expect(trace.names.blockTokens == 16)
    #expect(trace.names.classes == ["standard", "batch"])
    #expect(trace.names.tenants == ["gold", "free"])
    #expect(trace.names.models == ["m"] && trace.names.adapters == ["", "lora"])
  }

  @Test func `a file without header and think times goes by its recorded responses`() throws {
    let trace = try read(
      """
      \(columns)
      4,a,x,s,0,,,100,5,,m,,3000,9000,ok
      1,a,x,t,0,g,40,100,5,,m,,1000,0,ok
      2,a,x,s,1,g,100,100,5,,m,,9500,9900,ok
      3,a,x,t,2,g,40,100,5,,m,,2000,0,ok
      5,a,x,s,7,h,90,100,5,,m,,9600,9900,ok
      """
    )
    let group = try #require(trace.groups.first)
    #expect(violations(of: trace).isEmpty)
    #expect(group.record == [1, 3, 0, 2, 4])
    #expect(group.arrival == [0, 1_000_000, 2_000_000, 8_500_000, 8_600_000])
    #expect(
      edges(of: trace) == [2: [after(0, 500_000)], 3: [with(1, 1_000_000)], 4: [with(2, 100_000)]]
    )
    #expect(group.prefixBlocks == [2, 2, 0, 4, 5])
    #expect(group.prefixes.parent == [-1, 0, -1])
    #expect(group.deadline.allSatisfy { $0 == .never })
  }

  @Test func `failed requests are kept or left out, and later rounds wait on`() throws {
    let header =
      "session_id,round_index,input_tokens,output_tokens,arrival_time_us,status,think_time_us"
    let text = "\(header)\ns,0,9,9,0,ok,0\ns,1,9,0,100,timeout,5\ns,2,9,9,200,ok,7\n"
    let error = try failure(text, as: .blis)
    #expect(error?.line == 3 && error?.column == 13)
    #expect(error?.problem.contains("status is 'timeout'") == true)
    let kept = try readCounting(text, failures: .keep)
    #expect(kept.failures == FailureCount(kept: 1))
    #expect(kept.trace.groups.first?.outputTokens == [9, 1, 9])
    #expect(edges(of: kept.trace) == [1: [after(0, 5_000)], 2: [after(1, 7_000)]])
    let dropped = try readCounting(text, failures: .drop)
    #expect(dropped.failures == FailureCount(dropped: 1))
    #expect(edges(of: dropped.trace) == [1: [after(0, 12_000)]])
    let zero = try failure("\(header)\ns,0,9,0,0,,0\n", as: .blis)
    #expect(zero?.problem.contains("0 output tokens") == true)
  }

  @Test(arguments: [
    ("1,a,x,s,0,,,9,5,,m,,9,0,ok", 9, "behind round 0"),
    ("1,a,x,s,1,,,9,5,,m,,1,0,ok", 9, "arrives earlier"),
    ("1,a,x,,0,g,10,9,5,,m,,9,0,ok", 12, "exceeds input_tokens"),
    ("1,a,x,,0,,,9,5,1.5,m,,9,0,ok", 16, "a share of 0 to 1"),
    ("1,a,x,,0,,,9,5,x,m,,9,0,ok", 16, "'x'"), ("1,a,x,,0,,,9,5,,m,5,9,0,ok", 19, "before"),
    ("1,a,x,,0,,,-9,5,,m,,9,0,ok", 12, "'-9'"), ("1,a,x,,0,,,9,5,,m,,,0,ok", 20, "microseconds"),
    ("1,a,x,,0,,,9,5,,m,,1.0001,0,ok", 20, "at most 3 decimals"),
    ("1,a,x,,0,,,9,5,,m,,9223372036854776,0,ok", 20, "292 years"),
    ("1,a,x,,0,,,9,5,,m,,9,0,late", 24, "--failures"), ("1,a,x,,0", 9, "prefix_group is missing"),
  ])
  func `a bad row is an error at its column`(row: String, column: Int, text: String) throws {
    let error = try failure(
      "trace_version: 2\n\(columns)\n0,a,x,s,0,,,9,5,,m,,5,0,ok\n\(row)\n",
      as: .blis
    )
    #expect(error?.line == 4)
    #expect(error?.column == column, "\(error?.problem ?? "no error")")
    #expect(error?.problem.contains(text) == true, "\(error?.problem ?? "no error")")
  }

  @Test(arguments: [
    ("trace_version: 1", 16, "expected 2"), ("time_unit: ms", 12, "expected microseconds"),
    ("arrival_time_us,input_tokens", 29, "output_tokens is missing"),
    ("arrival_time_us,input_tokens,output_token", 30, "did you mean 'output_tokens'?"),
  ])
  func `a bad header is an error`(line: String, column: Int, text: String) throws {
    let error = try failure("---\nserver:\n  type: vllm\n# x\n- y\n\(line)\n", as: .blis)
    #expect(error?.line == 6)
    #expect(error?.column == column)
    #expect(error?.problem.contains(text) == true, "\(error?.problem ?? "no error")")
  }

  @Test func `a header alone asks for the file that it is of`() throws {
    let error = try failure("trace_version: 2\n", as: .blis)
    #expect(error?.problem == "is a header without columns; name the CSV file of the trace")
  }

  private static let rows = "arrival_time_us,input_tokens,output_tokens\n0,9,5\n7,8,4\n"

  /// Reads the rows with a header file beside them.
  private func readBesides(_ header: some Sequence<UInt8>, _ name: String, of trace: String) throws
    -> InMemoryTrace
  {
    let folder = try TemporaryFolder()
    _ = try folder.file(name, header)
    return try InMemoryTrace(reading: TraceFile(path: folder.file(trace, Self.rows.utf8)))
  }

  @Test(arguments: [
    ("trace.yaml", "trace.csv"), ("trace.yml", "trace.csv"),
    ("trace_header.yaml", "trace_data.csv"),
    ("a-header.yml", "a-data.csv"),
  ])
  func `a header in a file beside the trace is checked`(name: String, trace: String) throws {
    let good = "trace_version: 2\ntime_unit: \"microseconds\"  # of the columns\nmode: real\n"
    #expect(try readBesides(good.utf8, name, of: trace).groups.first?.promptTokens == [9, 8])
    for (bad, line, column) in [
      ("mode: real\ntrace_version: 1\n", 2, 16), ("trace_version: 2\ntime_unit: 'ms'\n", 2, 13),
      ("trace_version: 2\nwarm_up_requests\n", 2, 1),
    ] {
      let error = #expect(throws: TraceError.self) { try readBesides(bad.utf8, name, of: trace) }
      #expect(error?.file.hasSuffix(name) == true)
      #expect(error?.line == line)
      #expect(error?.column == column)
    }
  }

  @Test func `a file beside the trace that is no header does not matter`() throws {
    let recipe = "name: chat\n{[\nsessions:\n  - time_unit: hours\n"
    #expect(try readBesides(recipe.utf8, "trace.yaml", of: "trace.csv").groups.first?.count == 2)
  }

  @Test func `a damaged header file is an error or says the same`() throws {
    let header = Array("trace_version: 2\ntime_unit: microseconds\nworkload:\n  seed: 7\n".utf8)
    var random = SplitMix64(seed: 8)
    var failures = 0
    for _ in 0..<600 {
      var bytes = header
      let bit = Int(random.next() % UInt64(8 * bytes.count))
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      let folder = try TemporaryFolder()
      _ = try folder.file("t.yaml", bytes)
      let path = try folder.file("t.csv", Self.rows.utf8)
      do throws(TraceError) {
        let trace = try InMemoryTrace(reading: TraceFile(path: path))
        #expect(trace.groups.first?.count == 2)
      } catch {
        #expect(error.kind == .badData)
        failures += 1
      }
    }
    #expect(failures > 100)
  }
}
