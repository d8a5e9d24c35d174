import Foundation
import Hardware
import Policies
import Reporting
import Simulation
import Study
import Testing
import Workload

/// What real runs report of caches and sessions agrees with itself, wherever it is reported.
@Suite struct CacheReportTests {
  @Test(arguments: ["default", "retain=preserve write-back=prefill", "retain=discard"])
  func `the paths of sessions that ended sum to the time they took`(policy: String) throws {
    let run = try Recorded(policy: policy)
    #expect(run.sessions.count == AgenticTrace.sessions)
    for session in run.sessions where session.outcome != .unfinished {
      #expect(session.path.total == session.finish - session.start)
    }
    let sums = try #require(run.summary.sessions).sums
    #expect(sums.path.total == sums.completionTime && sums.completionTime > 0)
    #expect(sums.path.tool > 0 && sums.path.human > 0 && sums.path.otherGap > 0)
    #expect(sums.turns == Int64(AgenticTrace.sessions * AgenticTrace.turns))
    #expect((sums.retainedByteTime > 0) == policy.contains("preserve"))
  }

  @Test func `a hit is a multiple of the block and leaves a token to compute`() throws {
    let run = try Recorded(policy: "default", blockTokens: 24)
    var hits = 0
    for request in run.requests where request.hitTokens >= 0 {
      #expect(request.hitTokens % 24 == 0 && request.hitTokens < request.promptTokens)
      #expect(request.decodeHitTokens <= request.promptTokens)
      if request.hitTokens > 0 { hits += 1 }
    }
    #expect(hits >= AgenticTrace.sessions)
  }

  @Test(arguments: ["default", "retain=preserve write-back=prefill", "retain=discard"])
  func `pools sum to the run, and requests and sessions to what pools hit`(policy: String) throws {
    let run = try Recorded(policy: policy)
    let totals = run.result.instances
    let cache = run.summary.cache
    #expect(cache.hitTokens == totals.reduce(0) { $0 + $1.hitTokens } && cache.hitTokens > 0)
    #expect(cache.unsentTokens == totals.reduce(0) { $0 + $1.tokensNotSent })
    #expect(cache.evictedBlocks == totals.reduce(0) { $0 + $1.evictedBlocks })
    #expect(cache.evictedBlocks > 0)
    #expect(cache.retentions == totals.reduce(0) { $0 + $1.retentions })
    #expect(cache.bytesWrittenBack == totals.reduce(0) { $0 + $1.bytesWrittenBack })
    #expect((cache.retentions > 0) == policy.contains("preserve"))
    #expect((cache.retentionsDiscarded > 0) == policy.contains("discard"))
    let sums = run.summary.pools.reduce(into: (hits: Int64(0), written: Int64(0))) {
      $0.hits += $1.cache.hitTokens
      $0.written += $1.cache.writeBacks
    }
    #expect(sums.hits == cache.hitTokens && sums.written == cache.writeBacks)
    // Nothing is preempted, so that every hit is of a prompt.
    #expect(run.summary.overall.preemptions == 0)
    #expect(run.summary.overall.prefixHits.hitTokens == cache.hitTokens)
    #expect(run.requests.reduce(0) { $0 + Int64($1.hitTokens) } == cache.hitTokens)
    #expect(run.sessions.reduce(0) { $0 + $1.hitTokens } == cache.hitTokens)
    #expect(run.summary.overall.prefixHits.unsentTokens == cache.unsentTokens)
  }

  @Test func `every file of the dataset says what the summary says`() throws {
    let run = try Recorded(policy: "retain=preserve write-back=prefill")
    let hits = run.summary.overall.prefixHits
    #expect(try run.sum("hit_tokens", of: "requests.csv.zst") == Double(hits.hitTokens))
    #expect(try run.sum("decode_hit_tokens", of: "requests.csv.zst") == Double(hits.unsentTokens))
    #expect(try run.sum("hit_tokens", of: "sessions.csv.zst") == Double(hits.hitTokens))
    let cache = run.summary.cache
    for file in ["instances.csv", "timeline.csv"] {
      #expect(try run.sum("hit_tokens", of: file) == Double(cache.hitTokens))
      #expect(try run.sum("evicted_blocks", of: file) == Double(cache.evictedBlocks))
    }
    #expect(try run.sum("retentions", of: "instances.csv") == Double(cache.retentions))
    #expect(
      try run.sum("written_back_bytes", of: "instances.csv") == Double(cache.bytesWrittenBack)
    )
    #expect(try run.sum("kv_idle_bytes", of: "timeline.csv") > 0)
    #expect(try run.sum("kv_retained_bytes", of: "timeline.csv") > 0)
    let sessions = try #require(run.summary.sessions)
    let retained = try run.sum("kv_idle_byte_seconds", of: "sessions.csv.zst")
    #expect(abs(retained / sessions.sums.retainedByteSeconds - 1) < 1e-12)
    let met = try run.cells("slo_met", of: "sessions.csv.zst")
    #expect(met.count { $0 == "true" } == Int(sessions.attainment.met))
    #expect(met.count { !$0.isEmpty } == Int(sessions.attainment.counted))
    #expect(
      sessions.attainment.met > 0 && sessions.attainment.met < sessions.attainment.counted,
      "\(sessions.attainment), TTFT p50 \(run.summary.overall.ttft.quantile(percent: 50) ?? 0)"
    )
    let parts = try [
      "queue", "prefill", "transfer", "decode", "stall", "tool", "human", "other_gap",
    ]
    .map { try run.cells("\($0)_seconds", of: "sessions.csv.zst").compactMap(Self.nanoseconds) }
    let times = try run.cells("completion_seconds", of: "sessions.csv.zst")
    for (row, time) in times.enumerated() {
      #expect(parts.reduce(0) { $0 + $1[row] } == Self.nanoseconds(time))
    }
  }

  @Test func `without a policy that keeps blocks nothing is hit, and nothing is said of it`() throws
  {
    let run = try Recorded(policy: "evict=none")
    #expect(run.summary.cache == CacheTotals(computing: run.summary.cache.computedTokens))
    #expect(!run.summary.text.contains("cache  "))
    let plain = try Recorded(policy: "default", trace: AgenticTrace.trace(hasPrefixes: false))
    #expect(plain.summary.overall.prefixHits.hitShare == 0)
    #expect(!plain.summary.text.contains("prefix cache"))
  }

  private static func nanoseconds(_ cell: String) -> Int64? { Int64(cell.replacing(".", with: "")) }
}

extension CacheTotals {
  /// Of a run that only computes.
  fileprivate init(computing tokens: Int64) {
    self.init()
    computedTokens = tokens
  }
}

/// A run with all that left it, and its dataset.
private final class Recorded: RecordSink {
  private(set) var requests: [RequestRecord] = []
  private(set) var sessions: [SessionRecord] = []
  private(set) var result = RunResult()
  private(set) var summary: Summary
  private var summarySink: SummarySink
  private let writer: DatasetWriter
  private let folder: URL

  /// Runs the sessions in a closed loop on a fleet whose memory holds a third of them.
  init(
    policy: String,
    blockTokens: Int = 16,
    trace: InMemoryTrace = AgenticTrace.trace()
  ) throws {
    var fleet = try Fleets.named("b200-pd")
    fleet.blockTokens = blockTokens
    for index in fleet.pools.indices {
      fleet.pools[index].count = 1
      let kind = fleet.pools[index].kind
      fleet.pools[index].kind.kvCapacityUnits = kind.kv.units(tokens: 20_000)
    }
    var options = RunOptions()
    options.loop = .closed
    options.sampleInterval = 100_000_000
    let objectives = try ServiceObjectives(parsing: ["ttft=40ms"])
    folder = FileManager.default.temporaryDirectory.appending(path: "caches-\(UUID())")
    let dataset = try DatasetFolder(path: folder.path)
    writer = try DatasetWriter(
      in: dataset,
      fleet: fleet,
      window: nil,
      objectives: objectives,
      countsSessions: true
    ) { [] }
    summarySink = SummarySink(objectives: objectives, countsSessions: true) { [] }
    let description = RunDescription(
      trace: trace.name,
      fleet: fleet.name,
      policy: policy,
      clairvoyance: .observable,
      options: RunOptionsText(options)
    )
    summary = Summary(
      description: description,
      fleet: fleet,
      result: result,
      sink: summarySink
    )
    var sink = self
    result = try Engine.run(
      trace,
      fleet: fleet,
      policies: try PolicyChoice.parse(policy).resolve(in: .standard),
      options: options,
      sink: &sink
    )
    summary = Summary(description: description, fleet: fleet, result: result, sink: summarySink)
    try writer.finish(summary: summary, result: result) { _ in .null }
    try dataset.complete()
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func receive(requests records: borrowing ContiguousArray<RequestRecord>) {
    requests.append(contentsOf: copy records)
    summarySink.receive(requests: records)
    writer.receive(requests: records)
  }

  func receive(intervals: borrowing ContiguousArray<TokenIntervals>) {
    summarySink.receive(intervals: intervals)
  }

  func receive(sessions records: borrowing ContiguousArray<SessionRecord>) {
    sessions.append(contentsOf: copy records)
    summarySink.receive(sessions: records)
    writer.receive(sessions: records)
  }

  func receive(samples: borrowing ContiguousArray<PoolSample>) { writer.receive(samples: samples) }

  /// The cells of a column of a file of the dataset.
  func cells(_ column: String, of file: String) throws -> [String] {
    let bytes = try PlainBytes(path: folder.appending(path: file).path).rest(limit: 1 << 26)
    let rows = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let index = try #require(rows.first?.firstIndex(of: column))
    return rows.dropFirst().map { $0[index] }
  }

  func sum(_ column: String, of file: String) throws -> Double {
    try cells(column, of: file).compactMap(Double.init).reduce(0, +)
  }
}
