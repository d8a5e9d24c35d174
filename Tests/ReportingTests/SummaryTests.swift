import Foundation
import Reporting
import Simulation
import Testing
import Workload

@Suite struct SummaryTests {
  @Test func `the digest depends on neither order nor blocks but on content and SLOs`() throws {
    let requests = (0..<50).map { completed(Int64($0), ttft: SimTime($0 + 1) * millisecond) }
    let whole = try sink(requests, slo: ["ttft=1s"])
    var split = SummarySink(objectives: try ServiceObjectives(parsing: ["all:ttft=1s"])) { [] }
    for request in requests.reversed() { split.receive(requests: [request]) }
    #expect(whole.digest == split.digest)
    #expect(try sink(requests, slo: ["ttft=2s"]).digest != whole.digest)
    #expect(try sink(Array(requests.dropLast()), slo: ["ttft=1s"]).digest != whole.digest)
  }

  @Test func `metrics come from the right times`() throws {
    let metrics = try sink([completed(ttft: 2 * second, decode: 18 * second)]).overall
    #expect(metrics.ttft.mean == 2 * second)
    #expect(metrics.tpot.mean == 2 * second)
    #expect(metrics.e2e.mean == 20 * second)
    #expect(metrics.stages.total == Int128(20 * second))
    #expect(metrics.outputTokens == 10)
  }

  @Test func `goodput counts good requests per simulated second`() throws {
    var result = RunResult()
    result.end = 4 * second
    let summary = summary(
      try sink(
        [completed(), completed(1), completed(2, ttft: 3 * second)],
        slo: ["ttft=1s"]
      ),
      result: result
    )
    #expect(summary.goodput == 0.5)
    #expect(summary.tokensPerSecond == 7.5)
  }

  @Test func `pool shares follow from the totals by hand`() throws {
    var totals = InstanceTotals()
    totals.busy = Int128(5 * second) << 32
    totals.energy = 3_000_000_000 << 32
    // 30 tokens for 10 s at 2 + 1 units, capacity 300 units.
    totals.tokenTime = 30 * Int128(10 * second) << 32
    totals.windowTokenTime = 30 * Int128(10 * second) << 32
    totals.peakUnits = 150
    totals.steps = 9
    totals.decodeSteps = 5
    totals.decodeTokens = 10
    totals.prefillTokens = 1_000
    totals.attentionPairs = 390
    totals.unitsRead = 300
    totals.bytesSent = 500
    totals.bytesReceived = 2_000
    var result = RunResult()
    result.end = 10 * second
    result.instances = [totals, InstanceTotals()]
    result.stepsAtBatch = [[0, 2, 3]]
    let pool = try #require(summary(try sink([]), result: result).pools.first)
    #expect(pool.busyShare == 0.25)
    // Of the 300 units read at most 80 are in windows, so at least 110 pairs were decoded.
    #expect(abs(pool.computeShare - (1_000 + 10 + 390 + 110) / 20_000) < 1e-12)
    #expect(abs((pool.bandwidthShare ?? 0) - (500 + 600) / 200_000) < 1e-12)
    #expect(abs(pool.meanKVShare - 0.15) < 1e-12)
    #expect(pool.peakKVShare == 0.5)
    #expect(pool.linkShare == 0.1)
    #expect(pool.meanBatch == 2)
    #expect(abs(pool.joules - 3) < 1e-12)
  }

  @Test func `a run is unstable only if its queues grew and are longer than a step`() {
    func verdict(_ queued: (Int) -> Int64) -> String {
      var load = LoadSeries()
      for arrival in 0..<1_000 { load.append(queued(arrival)) }
      return Stability(load: load, fleet: fleet(instances: 2)).verdict
    }
    #expect(verdict { Int64($0) * 100 } == "unstable")
    #expect(verdict { Int64($0) * 10 } == "stable")
    #expect(verdict { _ in 1_000_000 } == "stable")
    #expect(verdict { 60_000 + Int64($0) * 20 } == "stable")
  }

  @Test func `reasons carry their counts`() throws {
    var rejected = completed()
    rejected.outcome = .rejected
    rejected.reason = 1
    let reasons = summary(try sink([rejected, rejected, completed()])).reasons
    #expect(reasons.map(\.count) == [2])
    #expect(reasons.first?.reason == "prompt exceeds the KV capacity of every instance")
  }

  @Test func `the JSON has the promised keys and is read by an independent reader`() throws {
    var result = RunResult()
    result.end = 10 * second
    result.instances = [InstanceTotals(), InstanceTotals()]
    let document = summary(try sink([completed()], slo: ["ttft=1s"]), result: result).json.document
    let parsed = try JSONSerialization.jsonObject(with: Data(document.utf8))
    let object = try #require(parsed as? [String: Any])
    for key in [
      "resultDigest", "summaryDigest", "offered", "completed", "rejected", "failed", "cancelled",
      "unfinished", "outputTokens", "engineSteps", "boundariesVisited", "wallSeconds",
      "replaySeconds", "requestsPerSecond", "attainment", "quantiles", "pools", "reasons", "trace",
      "fleet", "policy", "seed",
    ] {
      #expect(object[key] != nil, "\(key)")
    }
    #expect((object["resultDigest"] as? String)?.count == 32)
    #expect(document.contains("\"mean\": 1.000000000"))
  }

  @Test func `strings in JSON are escaped`() {
    let text = JSONValue.string("a\"\\\n\u{1}é").document
    #expect(text == "\"a\\\"\\\\\\n\\u0001é\"\n")
  }

  @Test func `the text shows every outcome, latency, stage and pool`() throws {
    var result = RunResult()
    result.end = 10 * second
    result.instances = [InstanceTotals(), InstanceTotals()]
    let text = summary(try sink([completed()], slo: ["ttft=1s,tpot=2s"]), result: result).text
    #expect(text.contains("slo      all:ttft=1s,tpot=2s\n"))
    let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("E2E") })
    #expect(line.split(separator: " ").prefix(3).joined(separator: " ") == "E2E 10.0 s")
    for word in ["TTFT", "TPOT", "ITL", "E2E", "prefill queue", "stall", "mixed", "stable"] {
      #expect(text.contains(word), "\(word)")
    }
  }
}
