import Study
import Testing
import Workload

struct RequestLogReaderTests {
  private static let second = SimTime.nanosecondsPerSecond

  @Test func `a table is read by the names of its columns`() throws {
    let requests = try RequestLogFiles.read(
      "note,request_id,input_tokens,completion_tokens,arrival_time,ttft_ms,e2e_ms\n"
        + "x,b,20,3,101.5,250,1000\n\n\"a, b\",a,10,2,100,125,500\n"
    )
    #expect(requests.map(\.id) == ["a", "b"])
    #expect(
      requests[0]
        == LoggedRequest(
          id: "a",
          promptTokens: 10,
          outputTokens: 2,
          arrival: 0,
          firstToken: Self.second / 8,
          finish: Self.second / 2
        )
    )
    #expect(requests[1].arrival == 3 * Self.second / 2)
    #expect(requests[1].firstToken == 7 * Self.second / 4)
    #expect(requests[1].finish == 5 * Self.second / 2)
  }

  @Test func `the engine's clock is set by the quickest way to its queue`() throws {
    let line = { (arrival: Double, queued: Double) in
      "{\"input_toks\": 5, \"output_toks\": 3, \"arrival_time\": \(arrival), \"queued_ts\": \(queued), "
        + "\"scheduled_ts\": null, \"first_token_ts\": \(queued + 1), "
        + "\"last_token_ts\": \(queued + 3)}\n"
    }
    let requests = try RequestLogFiles.read(line(1000, 7.25) + line(1001, 8) + line(1002, 9.5))
    #expect(requests.map(\.arrival) == [0, Self.second, 2 * Self.second])
    #expect(requests.map(\.latencies.timeToFirstToken) == [1.25, 1, 1.5])
    #expect(requests.map(\.latencies.timePerOutputToken) == [1, 1, 1])
    #expect(requests.map(\.latencies.endToEnd) == [3.25, 3, 3.5])
  }

  @Test func `clocks that agree are left as they are`() throws {
    let requests = try RequestLogFiles.read(
      "arrival,queued,prompt_tokens,output_tokens,first_token,last_token\n10,10.5,1,1,12,12\n"
    )
    #expect(requests[0].latencies.timeToFirstToken == 2)
    #expect(requests[0].latencies.timePerOutputToken == nil)
  }

  @Test(arguments: [
    ("x,1,1,1,1", "arrival", "x"), ("0x10,1,1,1,1", "arrival", "0x10"),
    ("0,0,1,1,1", "prompt_tokens", "0"), ("0,1,1.5,1,1", "output_tokens", "1.5"),
    ("0,1,1,nan,1", "first_token", "nan"), ("0,1,1,1,1e12", "last_token", "1e12"),
    ("0,1,100000001,1,1", "output_tokens", "100000001"),
  ])
  func `a value that its field cannot have is named`(
    line: String,
    field: String,
    value: String
  ) throws {
    let error = try error("\(RequestLogFiles.header)\n0,1,1,1,1\n\(line)\n")
    #expect(error.kind == .badData && error.line == 3)
    #expect(error.field == field && error.value == value)
    #expect(error.description.contains(":3: \(field) is '\(value)'; expected "))
  }

  @Test(arguments: [
    ("5,1,1,4,6", "first_token"), ("5,1,1,7,6", "last_token"), ("5,1,1,6,", "last_token"),
    (",1,1,6,7", "arrival"), ("5,,1,6,7", "prompt_tokens"), ("5,1,1,6,99999999", "last_token"),
  ])
  func `times out of order and gaps are named`(line: String, field: String) throws {
    let error = try error("\(RequestLogFiles.header)\n\(line)\n")
    #expect(error.field == field && error.line == 2)
  }

  @Test(arguments: [
    ("", "empty"), (RequestLogFiles.header, "no requests"), ("{\"arrival\": ", "expected a value"),
    ("{}\n", "is missing"), ("{}\n[1]\n", "no JSON object"),
    ("{\"arrival\": 1, \"arrival_time\": 1}", "says the same as 'arrival'"),
    ("arrival,prompt_tokens\n1,2\n", "no column has it"),
    (RequestLogFiles.header + "\n1,2\n", "has 2 fields; expected 5"),
  ])
  func `what is no log says so`(text: String, problem: String) throws {
    #expect(try error(text).description.contains(problem))
  }

  @Test func `damaged logs are read or refused and never trap`() throws {
    var random = SplitMix64(seed: 7)
    let logs = [
      RequestLogFiles.header + "\n0,11,12,0.5,1.5\n1,9,8,1.25,2e0\n",
      "{\"id\": 1, \"prompt_tokens\": 5, \"output_tokens\": 3, \"arrival\": 1.5, \"ttft\": 0.1, "
        + "\"e2e\": 1}\n",
    ].map { Array($0.utf8) }
    var refused = 0
    for round in 0..<400 {
      var bytes = logs[round % 2]
      switch random.next() % 3 {
      case 0: bytes.removeLast(Int(random.next() % UInt64(bytes.count)))
      case 1: bytes[Int(random.next() % UInt64(bytes.count))] ^= 1 << (random.next() % 8)
      default: bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(random.next() % 256)
      }
      do {
        let requests = try RequestLogFiles.with([("log", bytes)]) {
          try RequestLogReader.requests(path: $0)
        }
        for request in requests {
          #expect(0 <= request.arrival && request.arrival <= request.firstToken)
          #expect(request.firstToken <= request.finish && request.promptTokens >= 1)
        }
      } catch is MeasuredDataError {
        refused += 1
      }
    }
    #expect(refused > 100)
  }

  private func error(_ text: String) throws -> MeasuredDataError {
    try #require(throws: MeasuredDataError.self) { try RequestLogFiles.read(text) }
  }
}
