import Foundation
import Reporting
import Simulation
import Testing
import Workload

@Suite struct RequestTableTests {
  private let file = "requests.csv.zst"

  @Test func `a tiny table has these bytes`() throws {
    var first = completed(3)
    first.sessionStart = 0
    first.session = 12
    first.prefillInstance = 0
    first.decodeInstance = 128
    first.handoff = .layerWise
    first.transferBytes = 9_000_000_000
    first.hitTokens = 0
    first.decodeHitTokens = 90
    first.loadedTokens = 5
    first.prefillStart = 1
    first.prefillEnd = 999_999_999
    first.ttftSLO = 2 * second
    var second = RequestRecord()
    second.record = 1_000_000
    second.outcome = .rejected
    second.reason = 3
    second.requestClass = 1
    second.arrival = 10_000_000_001
    second.sessionStart = 10_000_000_001
    second.finish = 10_000_000_001
    let run = SampleRun(requests: [first, second], classes: ["chat", "a \"b\", c"])
    let text = try run.rows(of: file).dropFirst().map { $0.joined(separator: ",") }
    #expect(
      text == [
        "3,12,chat,completed,,true,0,128,layerWise,100,10,10,0,90,5,0,0,9000000000,0.000000000,"
          + "0.000000000,0.000000001,0.999999999,,,1.000000000,10.000000000,1.000000000,"
          + "1.000000000,10.000000000,2.000000000,,true,,,0.000000000,0.000000000,1.000000000,"
          + "0.000000000,0.000000000,9.000000000,0.000000000",
        "1000000,,\"a \"\"b\"\", c\",rejected,reason 3,true,,,none,0,0,0,,,0,0,0,0,10.000000001,"
          + "10.000000001,,,,,,10.000000001,,,,,,,,,0.000000000,0.000000000,0.000000000,"
          + "0.000000000,0.000000000,0.000000000,0.000000000",
      ]
    )
  }

  @Test func `every cell reads back as its field`() throws {
    var random = SplitMix64(seed: 11)
    let records = (0..<5_000).map { _ in RequestRecord.random(&random) }
    let run = SampleRun(requests: records, classes: ["", "chat", "code"])
    let rows = try run.rows(of: file)
    #expect(rows.count == records.count + 1)
    for (record, row) in zip(records, rows.dropFirst()) {
      let cells = Dictionary(uniqueKeysWithValues: zip(rows[0], row))
      let wrong = Self.fields(of: record).filter { cells[$0.column] != $0.text }
      #expect(wrong.isEmpty, "\(wrong)")
    }
    let derived = [
      "ttft_seconds", "tpot_seconds", "e2e_seconds", "meets_ttft", "meets_tpot", "meets_slo",
      "first_token_seconds",
    ]
    #expect(Set(rows[0]) == Set(Self.fields(of: records[0]).map(\.column) + derived))
  }

  @Test func `counting rows gives the attainment and goodput of the summary`() throws {
    var random = SplitMix64(seed: 7)
    let records = (0..<4_000).map { Self.judged($0, &random) }
    let run = SampleRun(
      requests: records,
      classes: ["chat", "code"],
      slo: ["ttft=1s", "chat:tpot=900ms"],
      window: MeasureWindow(start: 0, end: 2 * second)
    )
    let rows = try run.rows(of: file)
    let metrics = try run.summary().overall
    let columns = Dictionary(uniqueKeysWithValues: rows[0].enumerated().map { ($1, $0) })
    func cell(_ row: [String], _ name: String) -> String { columns[name].map { row[$0] } ?? "" }
    let measured = rows.dropFirst().filter { cell($0, "measured") == "true" }
    #expect(measured.count == Int(metrics.offered) && measured.count < records.count)
    for (column, attainment) in [
      ("meets_ttft", metrics.ttftAttainment), ("meets_tpot", metrics.tpotAttainment),
      ("meets_slo", metrics.jointAttainment),
    ] {
      let cells = measured.map { cell($0, column) }
      #expect(cells.count { $0 == "true" } == Int(attainment.met))
      #expect(cells.count { !$0.isEmpty } == Int(attainment.counted))
      #expect(attainment.met > 0 && attainment.met < attainment.counted)
      #expect(attainment.counted < metrics.offered)
    }
    let good = measured.filter { row in
      cell(row, "outcome") == "completed"
        && ["meets_ttft", "meets_tpot"].allSatisfy { cell(row, $0) != "false" }
    }
    #expect(good.count == Int(metrics.good))
    let means: [(String, LatencyDistribution)] = [
      ("ttft_seconds", metrics.ttft), ("tpot_seconds", metrics.tpot), ("e2e_seconds", metrics.e2e),
    ]
    for (column, latency) in means {
      let values = measured.map { cell($0, column) }.filter { !$0.isEmpty }.compactMap(Double.init)
      #expect(values.count == Int(latency.count))
      let mean = values.reduce(0, +) / Double(values.count)
      #expect(abs(mean - Double(try #require(latency.mean)) * 1e-9) < 1e-8)
    }
  }

  @Test func `targets are those that a request was judged by`() throws {
    var own = completed(1)
    own.tpotSLO = 70 * millisecond
    own.requestClass = 1
    let run = SampleRun(
      requests: [completed(), own],
      classes: ["chat", "code"],
      slo: ["ttft=1s", "code:ttft=3s,tpot=50ms"]
    )
    #expect(try run.column("ttft_slo_seconds", of: file) == ["1.000000000", "3.000000000"])
    #expect(try run.column("tpot_slo_seconds", of: file) == ["", "0.070000000"])
  }

  @Test func `a name as long as a book does not end the table`() throws {
    let name = String(repeating: "long ", count: 40_000)
    let run = SampleRun(requests: [completed(), completed(1)], classes: [name])
    #expect(try run.column("class", of: file) == [name, name])
  }
}

extension RequestTableTests {
  /// A request as a run leaves it, with times around the targets of the test.
  private static func judged(_ record: Int, _ random: inout SplitMix64) -> RequestRecord {
    let tokens = Int32.random(in: 1...4, using: &random)
    var request = completed(
      Int64(record),
      ttft: SimTime.random(in: 0...2_000, using: &random) * millisecond,
      decode: SimTime.random(in: 0...5_000, using: &random) * millisecond,
      outputTokens: tokens
    )
    request.sessionStart = SimTime.random(in: 0...4_000, using: &random) * millisecond
    request.requestClass = UInt16.random(in: 0...1, using: &random)
    switch record % 7 {
    case 0:
      request.outcome = .rejected
      request.firstToken = -1
    case 1, 2:
      request.outcome = .unfinished
      request.emittedTokens = Int32.random(in: 1...tokens, using: &random)
    default: break
    }
    return request
  }

  /// What each cell shall say, by another way than that of the table.
  private static func fields(of record: RequestRecord) -> [(column: String, text: String)] {
    func seconds(_ time: SimTime) -> String {
      let digits = String(repeating: "0", count: 10) + String(time)
      let whole = String(time / 1_000_000_000)
      return time < 0 ? "" : "\(whole).\(digits.suffix(9))"
    }
    func index(_ value: Int32) -> String { value < 0 ? "" : String(value) }
    func target(_ value: SimTime) -> String { value == 0 ? "" : seconds(value) }
    let stages = record.stages
    return [
      ("record", "\(record.record)"), ("session", index(record.session)),
      ("class", ["", "chat", "code"][Int(record.requestClass)]), ("outcome", "\(record.outcome)"),
      ("reason", record.reason == 0 ? "" : "reason \(record.reason)"),
      ("measured", "true"), ("prefill_instance", index(record.prefillInstance)),
      ("decode_instance", index(record.decodeInstance)), ("handoff", "\(record.handoff)"),
      ("prompt_tokens", "\(record.promptTokens)"), ("output_tokens", "\(record.outputTokens)"),
      ("emitted_tokens", "\(record.emittedTokens)"), ("preemptions", "\(record.preemptions)"),
      ("hit_tokens", index(record.hitTokens)),
      ("decode_hit_tokens", index(record.decodeHitTokens)),
      ("loaded_tokens", "\(record.loadedTokens)"),
      ("swaps", "\(record.swaps)"), ("transfer_bytes", "\(record.transferBytes)"),
      ("arrival_seconds", seconds(record.arrival)),
      ("session_start_seconds", seconds(record.sessionStart)),
      ("prefill_start_seconds", seconds(record.prefillStart)),
      ("prefill_end_seconds", seconds(record.prefillEnd)),
      ("transfer_end_seconds", seconds(record.transferEnd)),
      ("decode_start_seconds", seconds(record.decodeStart)),
      ("finish_seconds", seconds(record.finish)), ("ttft_slo_seconds", target(record.ttftSLO)),
      ("tpot_slo_seconds", target(record.tpotSLO)), ("gateway_seconds", seconds(stages.gateway)),
      ("prefill_queue_seconds", seconds(stages.prefillQueue)),
      ("prefill_seconds", seconds(stages.prefill)), ("transfer_seconds", seconds(stages.transfer)),
      ("decode_queue_seconds", seconds(stages.decodeQueue)),
      ("decode_seconds", seconds(stages.decode)), ("stall_seconds", seconds(stages.stall)),
    ]
  }
}
