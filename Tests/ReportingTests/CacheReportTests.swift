import Foundation
import Hardware
import Reporting
import Simulation
import Testing
import Workload

/// What a summary says of prefix caches, and of where the time of sessions went.
@Suite struct CacheReportTests {
  @Test func `a run that caches nothing says nothing of caches`() throws {
    let summary = summary(try sink([completed()]))
    for word in ["cache", "prefix", "evict", "session"] {
      #expect(!summary.text.contains(word), "\(word)")
      #expect(!ComparisonReport([summary, summary]).text.contains(word), "\(word)")
    }
    #expect(summary.overall.prefixHits.hitShare == nil)
  }

  @Test func `shares are of prompts that started, and of those that were handed off`() throws {
    var (hit, missed, waiting) = (completed(0), completed(1), completed(2))
    (hit.promptTokens, hit.hitTokens, hit.decodeHitTokens) = (1_000, 640, 320)
    (missed.promptTokens, missed.hitTokens) = (600, 0)
    waiting.promptTokens = 5_000
    let summary = summary(try sink([hit, missed, waiting]))
    #expect(summary.overall.prefixHits.hitShare == 0.4)
    #expect(summary.overall.prefixHits.unsentShare == 0.32)
    let lines = Self.lines(summary)
    #expect(lines.contains("prompt cached 640 1,600 40.0 %"))
    #expect(lines.contains("not sent 320 1,000 32.0 %"))
  }

  @Test func `classes have hits of their own`() throws {
    var (chat, code) = (completed(0), completed(1))
    (chat.hitTokens, code.hitTokens, code.requestClass) = (50, 0, 1)
    let summary = summary(try sink([chat, code], classes: ["chat", "code"]))
    let shares = summary.metricRows.filter { $0.metric == "hit_share" }
    #expect(shares.map(\.requestClass) == ["", "chat", "code"])
    #expect(shares.map(\.value) == [.number(0.25), .number(0.5), .number(0)])
  }

  @Test func `pools show what their caches did, and only what one of them did`() throws {
    var totals = InstanceTotals()
    (totals.hitTokens, totals.prefillTokens) = (3_000, 1_000)
    (totals.tokensLoaded, totals.bytesLoaded) = (320, 1_000_000)
    totals.evictedBlocks = 1_234
    (totals.retentions, totals.retentionsYielded) = (7, 2)
    totals.bytesWrittenBack = 2_500_000
    var result = RunResult()
    result.instances = [totals, totals]
    let summary = summary(try sink([]), result: result)
    #expect(summary.pools[0].cache.evictedBlocks == 2_468)
    #expect(summary.cache == summary.pools[0].cache)
    #expect(summary.cache.hitShare == 0.75)
    let text = summary.text
    let start = try #require(text.range(of: "caches"))
    let table = text[start.lowerBound...].split(separator: "\n").prefix(2)
      .map { $0.split(separator: " ").joined(separator: " ") }
    #expect(
      table == [
        "caches hit tokens loaded tokens loaded evicted blocks turns held gave way written back",
        "all 6,000 640 2.00 MB 2,468 14 4 5.00 MB",
      ]
    )
    let rows = summary.metricRows
    for (metric, count) in [
      ("cache_hit_tokens", 6_000), ("cache_loaded_tokens", 640), ("loaded", 2_000_000),
      ("evicted_blocks", 2_468), ("retentions", 14),
      ("retentions_yielded", 4), ("written_back", 5_000_000), ("write_backs", 0),
    ] as [(String, Int64)] {
      #expect(rows.first { $0.metric == metric }?.value == .integer(count), "\(metric)")
      #expect(rows.first { $0.metric == "pool_" + metric }?.value == .integer(count), "\(metric)")
    }
  }

  @Test func `no two rows of a summary have one name`() throws {
    var record = completed()
    record.session = 0
    let run = SampleRun(requests: [record], sessions: [Self.session()], classes: ["chat"])
    let names = try run.summary().metricRows.map { [$0.metric, $0.requestClass, $0.pool] }
    #expect(Set(names).count == names.count)
  }

  @Test func `the time of completed sessions is told by what it went into`() throws {
    var failed = Self.session()
    failed.outcome = .failed
    failed.session = 1
    failed.retainedByteTime = 1_000_000_000 * 500_000_000
    let summary = try Self.summarized([Self.session(), failed])
    let sums = try #require(summary.sessions).sums
    #expect(sums.path.total == sums.completionTime)
    #expect(sums.turnsPerSecond == 0.4)
    // Two gigabytes for a second, and half a one.
    #expect(sums.retainedByteSeconds == 2.5e9)
    let lines = Self.lines(summary)
    #expect(lines.contains("decode 2.00 s 20.0 %") && lines.contains("tool 7.00 s 70.0 %"))
    #expect(lines.contains("other gap 1.00 s 10.0 %"))
    #expect(!lines.contains { $0.hasPrefix("human") })
    #expect(lines.contains("0.40 turns/s per session"))
    #expect(lines.contains("1.25 GB·s of KV held between turns per session, 2.50 GB·s in all"))
    let rows = summary.metricRows
    func value(_ metric: String) -> MetricValue? { rows.first { $0.metric == metric }?.value }
    #expect(value("session_tool_mean") == .seconds(7 * second))
    #expect(value("session_tool_share") == .number(0.7))
    #expect(value("session_kv_retained") == .number(2.5e9))
    #expect(value("session_kv_retained_mean") == .number(1.25e9))
    #expect(value("session_turns_per_second") == .number(0.4))
  }

  @Test func `the JSON has what the text has`() throws {
    var record = completed()
    (record.session, record.hitTokens, record.decodeHitTokens) = (0, 60, 30)
    let summary = try Self.summarized([Self.session()], [record])
    let parsed = try JSONSerialization.jsonObject(with: Data(summary.json.document.utf8))
    let json = try #require(parsed as? [String: Any])
    let hits = try #require(json["prefixHits"] as? [String: Any])
    #expect(hits["hitShare"] as? Double == 0.6 && hits["unsentShare"] as? Double == 0.3)
    let sessions = try #require(json["sessions"] as? [String: Any])
    #expect((sessions["pathSeconds"] as? [String: Any])?["tool"] as? Double == 7)
    #expect(sessions["turnsPerSecond"] as? Double == 0.4)
    #expect(sessions["retainedByteSeconds"] as? Double == 2e9)
    #expect((json["caches"] as? [String: Any])?["evictedBlocks"] as? Int == 0)
  }

  @Test func `a comparison shows hits and what was held where a run has some`() throws {
    let cold = try Self.summarized([Self.session(retained: 0)], [completed()])
    var record = completed()
    record.hitTokens = 25
    let warm = try Self.summarized([Self.session()], [record])
    let lines = ComparisonReport([cold, warm]).text.split(separator: "\n").map {
      $0.split(separator: " ").joined(separator: " ")
    }
    #expect(lines.contains("prompt cached – 25.0 %"))
    #expect(lines.contains("KV held per session 0.00 B·s 2.00 GB·s"))
    #expect(lines.contains { $0.hasPrefix("session mean") })
    #expect(lines.contains { $0.hasPrefix("session p99 ") })
  }

  @Test func `the digest tells hits, paths and what was held apart`() throws {
    var hit = completed()
    hit.hitTokens = 16
    var path = Self.session()
    (path.path.tool, path.path.human) = (path.path.human, path.path.tool)
    let digests = [
      try Self.summarized([Self.session()]), try Self.summarized([path]),
      try Self.summarized([Self.session(retained: 1)]),
      try Self.summarized([Self.session()], [hit]),
    ]
    .map(\.summaryDigest)
    #expect(Set(digests).count == digests.count)
    var none = completed()
    none.hitTokens = 0
    #expect(try sink([none]).digest == sink([completed()]).digest)
  }

  /// Ten seconds, of which seven a tool ran; a gigabyte was held for two of them.
  private static func session(retained: Int128 = 2_000_000_000 * 1_000_000_000) -> SessionRecord {
    var path = SessionPath()
    path.decode = 2 * second
    path.tool = 7 * second
    path.otherGap = second
    return SessionRecord(
      session: 0,
      start: 3 * second,
      finish: 13 * second,
      requests: 4,
      offered: 4,
      completed: 4,
      outcome: .completed,
      path: path,
      retainedByteTime: retained
    )
  }

  private static func summarized(
    _ sessions: [SessionRecord],
    _ requests: [RequestRecord] = []
  ) throws -> Summary {
    var sink = SummarySink(objectives: ServiceObjectives(), countsSessions: true) { [] }
    sink.receive(requests: ContiguousArray(requests))
    sink.receive(sessions: ContiguousArray(sessions))
    return summary(sink)
  }

  private static func lines(_ summary: Summary) -> [String] {
    summary.text.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
  }
}
