import Foundation
import Reporting
import Simulation
import Testing
import Workload

@Suite struct MetricRowTests {
  private var sample: SampleRun {
    var random = SplitMix64(seed: 21)
    let requests = (0..<500).map { record in
      var request = completed(
        Int64(record),
        ttft: SimTime.random(in: 1...3 * second, using: &random),
        decode: SimTime.random(in: 1...9 * second, using: &random)
      )
      request.requestClass = UInt16(record % 2)
      request.stages.transfer = SimTime(record)
      if record % 9 == 0 {
        request.outcome = .rejected
        request.reason = 1
      }
      return request
    }
    var run = SampleRun(requests: requests, classes: ["chat", "a,\"b\"\nc"], slo: ["ttft=1s"])
    run.result.end = 60 * second
    run.sessions = [
      SessionRecord(
        session: 1,
        start: 0,
        finish: second,
        requests: 1,
        offered: 1,
        completed: 1,
        outcome: .completed
      )
    ]
    return run
  }

  @Test func `rows read back exactly as they were written`() throws {
    let rows = try sample.summary().metricRows
    #expect(try MetricRow.rows(parsing: MetricRow.csv(of: rows), file: "summary.csv") == rows)
    #expect(rows.count > 150)
    #expect(Set(rows.map(\.requestClass)) == ["", "chat", "a,\"b\"\nc"])
    #expect(rows.contains { $0.reason == "prompt exceeds the KV capacity of every instance" })
  }

  @Test func `every value of every kind reads back`() throws {
    let values: [MetricValue] = [
      .integer(0), .integer(.max), .integer(.min), .number(0), .number(-0.0), .number(3),
      .number(1e300), .number(.leastNonzeroMagnitude), .number(1.0 / 3), .seconds(0), .seconds(1),
      .seconds(.max), .text("x"), .text(""), .text("0.5"),
    ]
    let rows = values.map { value in
      let isTime = if case .seconds = value { true } else { false }
      return MetricRow(metric: "m", value: value, unit: isTime ? "seconds" : "u")
    }
    #expect(try MetricRow.rows(parsing: MetricRow.csv(of: rows), file: "f") == rows)
  }

  @Test func `values are those of the summary`() throws {
    let summary = try sample.summary()
    let rows = summary.metricRows
    func value(_ metric: String, of requestClass: String = "", pool: String = "") -> MetricValue? {
      rows.first { ($0.metric, $0.requestClass, $0.pool) == (metric, requestClass, pool) }?.value
    }
    #expect(value("offered") == .integer(500))
    #expect(value("rejected") == .integer(summary.overall.rejected))
    #expect(value("turned_away") == .integer(summary.overall.rejected))
    #expect(value("ttft_p99") == summary.overall.ttft.quantile(percent: 99).map { .seconds($0) })
    #expect(value("e2e_p99_9") == summary.overall.e2e.quantile(percent: 99.9).map { .seconds($0) })
    #expect(value("tpot_mean") == summary.overall.tpot.mean.map { .seconds($0) })
    #expect(value("itl_p50") == nil)
    #expect(value("ttft_attainment") == summary.overall.ttftAttainment.share.map { .number($0) })
    #expect(value("tpot_attainment") == nil)
    let chat = try #require(summary.classes.first { $0.name == "chat" }).metrics
    #expect(value("ttft_attainment_met", of: "chat") == .integer(chat.ttftAttainment.met))
    #expect(value("goodput") == summary.goodput.map { .number($0) })
    #expect(value("sessions_completed") == .integer(1))
    // A session is never cancelled: a request of it was rejected or has failed before.
    #expect(value("sessions_cancelled") == nil)
    #expect(value("session_completion_p50") != nil)
    #expect(value("pool_instances", pool: "all") == .integer(2))
    #expect(value("queues") == .text("stable"))
    #expect(value("result_digest") == .text(summary.resultDigest.hex))
    #expect(value("simulated_time") == .seconds(60 * second))
  }

  @Test func `no value depends on the machine's speed`() throws {
    var summary = try sample.summary()
    let rows = summary.metricRows
    summary.timings = RunTimings(wallSeconds: 5, replaySeconds: 4, importSeconds: 3)
    #expect(summary.metricRows == rows)
  }

  @Test(
    arguments: [
      ("", 1), ("metric,value\n", 1), ("HEADm,,1,u,\n", 2), ("HEADm,,1,u,,,\n", 2),
      ("HEADm,,x,u,,\n", 2), ("HEADm,,1.5,seconds,,\n", 2), ("HEADm,,1,u,,", 2),
      ("HEADm,,1,u,,\"a\nb\"\nm,,nan,u,,\n", 4), ("HEADm,,1,u,,\"a", 2),
      ("HEADm,,1,u,,\"a\"b\n", 2), ("HEADm,,99999999999.000000000,seconds,,\n", 2),
    ]
  )
  func `a text that no run writes is an error with its line`(text: String, line: Int) {
    let header = "metric,class,value,unit,pool,text\n"
    let bytes = Array(text.replacing("HEAD", with: header).utf8)
    let error = #expect(throws: DatasetError.self) {
      try MetricRow.rows(parsing: bytes, file: "summary.csv")
    }
    #expect(error?.kind == .badData && error?.path == "summary.csv" && error?.line == line)
  }
}
