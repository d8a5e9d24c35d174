import Foundation
import Hardware
import Reporting
import Simulation
import Testing
import Workload

/// The tables of a dataset besides the one of the requests.
@Suite struct DatasetTablesTests {
  @Test func `a dataset has all its files, with a header each, even of an empty run`() throws {
    let folder = try TestFolder()
    let dataset = try DatasetFolder(path: folder.path("run"))
    try SampleRun().write(into: dataset)
    try dataset.complete()
    #expect(
      try folder.names("run") == [
        "datapackage.json", "instances.csv", "manifest.json", "requests.csv.zst",
        "sessions.csv.zst", "summary.csv", "timeline.csv",
      ]
    )
    for table in DatasetSchema.tables {
      let rows = try SampleRun.rows(at: folder.path("run/\(table.file)"))
      #expect(rows.first == table.columns.map(\.name))
      #expect(rows.count == 1 || ["instances", "summary"].contains(table.name))
    }
    let manifest = try PlainBytes(path: folder.path("run/manifest.json")).rest(limit: 1 << 20)
    #expect(manifest == Array(SampleRun.manifest.document.utf8))
  }

  @Test func `equal runs give equal bytes, whatever their folders are called`() throws {
    var random = SplitMix64(seed: 3)
    let run = SampleRun(requests: (0..<5_000).map { _ in RequestRecord.random(&random) })
    let folder = try TestFolder()
    for name in ["one", "two"] {
      let dataset = try DatasetFolder(path: folder.path(name))
      try run.write(into: dataset)
      try dataset.complete()
    }
    for name in try folder.names("one") {
      let one = try Data(contentsOf: folder.url.appending(path: "one/\(name)"))
      let two = try Data(contentsOf: folder.url.appending(path: "two/\(name)"))
      #expect(one == two, "\(name)")
    }
  }

  @Test func `a session has a row with its completion if it completed`() throws {
    var records = [
      SessionRecord(
        session: 7,
        start: second,
        finish: 3 * second,
        requests: 4,
        offered: 4,
        completed: 4,
        outcome: .completed
      ),
      SessionRecord(
        session: 8,
        start: 0,
        finish: 2 * second,
        requests: 4,
        offered: 2,
        completed: 1,
        outcome: .rejected
      ),
      // A request in no session is none.
      SessionRecord(
        session: -1,
        start: 0,
        finish: 2 * second,
        requests: 1,
        offered: 1,
        completed: 1,
        outcome: .completed
      ),
    ]
    records[0].path.queue = 1
    records[0].path.tool = 2 * second - 1
    records[0].promptTokens = 900
    records[0].hitTokens = 640
    records[0].outputTokens = 77
    records[0].retainedByteTime = 1_500_000_000
    let run = SampleRun(sessions: records, window: MeasureWindow(start: 1, end: .never))
    let rows = try run.rows(of: "sessions.csv.zst").dropFirst().map { $0.joined(separator: ",") }
    let nothing = "0.000000000"
    #expect(
      rows == [
        "7,completed,true,,4,4,4,1.000000000,3.000000000,2.000000000,2.0,0.000000001,\(nothing),"
          + "\(nothing),\(nothing),\(nothing),1.999999999,\(nothing),\(nothing),900,640,77,1.5",
        "8,rejected,false,,4,2,1,0.000000000,2.000000000,,0.5,\(nothing),\(nothing),\(nothing),"
          + "\(nothing),\(nothing),\(nothing),\(nothing),\(nothing),0,0,0,0.0",
      ]
    )
  }

  @Test func `a session of an open loop is what its requests came to, without a path`() throws {
    func turn(_ session: Int32, finish: SimTime, _ outcome: Outcome = .completed) -> RequestRecord {
      var request = completed(ttft: second)
      request.session = session
      request.sessionStart = second
      request.finish = finish
      request.outcome = outcome
      request.hitTokens = 3
      return request
    }
    let run = SampleRun(requests: [
      turn(9, finish: 3 * second), turn(4, finish: 2 * second, .rejected), turn(-1, finish: second),
      turn(9, finish: 5 * second), turn(4, finish: 4 * second, .failed),
      turn(6, finish: 6 * second),
      turn(6, finish: 8 * second, .unfinished), turn(6, finish: 7 * second, .rejected),
    ])
    func cells(_ name: String) throws -> [String] { try run.column(name, of: "sessions.csv.zst") }
    #expect(try cells("session") == ["4", "6", "9"])
    #expect(try cells("outcome") == ["failed", "unfinished", "completed"])
    #expect(try cells("offered") == ["2", "3", "2"])
    #expect(try cells("completed") == ["0", "1", "2"])
    #expect(try cells("finish_seconds") == ["4.000000000", "8.000000000", "5.000000000"])
    #expect(try cells("completion_seconds") == ["", "", "4.000000000"])
    #expect(try cells("hit_tokens") == ["6", "9", "6"])
    #expect(
      try cells("queue_seconds") + cells("other_gap_seconds") == [String](repeating: "", count: 6)
    )
  }

  @Test func `a session met its targets if all its requests did, as the summary counts it`() throws
  {
    func turn(_ session: Int32, ttft: SimTime = second, _ outcome: Outcome = .completed)
      -> RequestRecord
    {
      var request = completed(ttft: ttft)
      request.session = session
      request.outcome = outcome
      request.sessionStart = 0
      return request
    }
    func ended(_ session: Int32, _ outcome: Outcome = .completed) -> SessionRecord {
      SessionRecord(
        session: session,
        start: 0,
        finish: second,
        requests: 2,
        offered: 2,
        completed: 2,
        outcome: outcome
      )
    }
    let run = SampleRun(
      requests: [
        turn(0), turn(0), turn(1), turn(1, ttft: 2 * second), turn(2), turn(2, .rejected), turn(3),
        turn(4, ttft: 2 * second), turn(-1),
      ],
      sessions: [ended(0), ended(1), ended(2, .rejected), ended(3, .unfinished)]
        + [ended(4, .unfinished)],
      slo: ["ttft=1s"]
    )
    let cells = try run.column("slo_met", of: "sessions.csv.zst")
    #expect(cells == ["true", "false", "false", "", "false"])
    let attainment = try #require(try run.summary().sessions).attainment
    #expect(attainment.met == 1 && attainment.counted == 4)
  }

  @Test func `an instance that is a whole pool has the pool's shares`() throws {
    var run = SampleRun(result: Self.result(Self.totals), instances: 1)
    run.requests = [completed()]
    let rows = try run.rows(of: "instances.csv")
    #expect(rows.count == 2)
    let cells = Dictionary(uniqueKeysWithValues: zip(rows[0], rows[1]))
    let pool = try #require(try run.summary().pools.first)
    #expect(cells["busy_share"].flatMap(Double.init) == pool.busyShare)
    #expect(cells["mean_kv_share"].flatMap(Double.init) == pool.meanKVShare)
    #expect(cells["peak_kv_share"].flatMap(Double.init) == pool.peakKVShare)
    #expect(cells["link_share"].flatMap(Double.init) == pool.linkShare)
    #expect(cells["mean_batch"].flatMap(Double.init) == pool.meanBatch)
    #expect(cells["energy_joules"].flatMap(Double.init) == pool.joules)
    #expect(cells["busy_seconds"] == "4.000000001")
    #expect(cells["kv_capacity_bytes"] == "600")
    #expect(cells["pool"] == "all" && cells["role"] == "mixed" && cells["instance"] == "0")
    #expect(cells["preemptions"] == "3" && cells["swapped_out_bytes"] == "40")
    let caching = [
      ("hit_tokens", "11"), ("unsent_tokens", "12"), ("loaded_tokens", "20"),
      ("loaded_bytes", "21"),
      ("evicted_blocks", "13"), ("retentions", "14"),
      ("retentions_yielded", "15"), ("retentions_discarded", "16"), ("written_back_bytes", "17"),
      ("write_backs", "18"), ("write_backs_dropped", "19"),
    ]
    for (column, text) in caching { #expect(cells[column] == text, "\(column)") }
    #expect(pool.cache.hitTokens == 11 && pool.cache.writeBacksDropped == 19)
  }

  @Test func `an interval has shares of what its pool could have done in it`() throws {
    // Two instances for 10 s: what one did in them is half of what it is of one for 10 s.
    var sample = PoolSample(
      pool: 0,
      start: 5 * second,
      end: 15 * second,
      gatewayRequests: 1,
      queuedRequests: 2,
      runningRequests: 3,
      kvUnits: 150,
      work: Self.totals
    )
    sample.idleUnits = 60
    sample.retainedUnits = 30
    let rows = try SampleRun(samples: [sample]).rows(of: "timeline.csv")
    let cells = Dictionary(uniqueKeysWithValues: zip(rows[0], rows[1]))
    let alone = SampleRun(result: Self.result(Self.totals), instances: 1)
    let pool = try #require(try alone.summary().pools.first)
    #expect(cells["start_seconds"] == "5.000000000" && cells["end_seconds"] == "15.000000000")
    #expect(cells["kv_share"] == "0.25")
    #expect(cells["kv_idle_bytes"] == "120" && cells["kv_retained_bytes"] == "60")
    #expect(cells["hit_tokens"] == "11" && cells["evicted_blocks"] == "13")
    #expect(cells["loaded_tokens"] == "20")
    #expect(cells["gateway_requests"] == "1" && cells["queued_requests"] == "2")
    #expect(cells["running_requests"] == "3" && cells["decode_tokens"] == "9")
    #expect(cells["busy_share"].flatMap(Double.init) == pool.busyShare / 2)
    #expect(cells["mean_kv_share"].flatMap(Double.init) == pool.meanKVShare / 2)
    #expect(cells["link_share"].flatMap(Double.init) == pool.linkShare / 2)
    #expect(cells["mean_batch"].flatMap(Double.init) == pool.meanBatch)
  }

  @Test func `a writer whose folder is gone says so when it is finished`() throws {
    let folder = try TestFolder()
    let dataset = try DatasetFolder(path: folder.path("run"))
    try FileManager.default.createDirectory(
      atPath: folder.path("other"),
      withIntermediateDirectories: false
    )
    let run = SampleRun(requests: [completed()])
    let writer = try DatasetWriter(
      in: dataset,
      fleet: fleet(),
      window: nil,
      objectives: ServiceObjectives(),
      countsSessions: false
    ) { [] }
    writer.receive(requests: [completed()])
    try FileManager.default.removeItem(atPath: dataset.partialPath)
    let error = #expect(throws: DatasetError.self) {
      try writer.finish(summary: try run.summary(), result: run.result) { _ in
        SampleRun.manifest
      }
    }
    #expect(error?.kind == .unwritable)
    #expect(error?.path.hasSuffix("requests.csv.zst.partial") == true)
    #expect(try folder.names() == ["other"])
  }

  @Test func `a writer that is abandoned leaves nothing`() throws {
    let folder = try TestFolder()
    do {
      let dataset = try DatasetFolder(path: folder.path("run"))
      let writer = try DatasetWriter(
        in: dataset,
        fleet: fleet(),
        window: nil,
        objectives: ServiceObjectives(),
        countsSessions: false
      ) { [] }
      for block in 0..<200 {
        writer.receive(
          requests: ContiguousArray((0..<100).map { completed(Int64(block * 100 + $0)) })
        )
      }
      #expect(try folder.names() == ["run.partial"])
    }
    #expect(try folder.names() == [])
  }

  @Test func `a full disk is an error, and leaves nothing`() throws {
    let folder = try TestFolder()
    let disk = folder.path("disk")
    try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: false)
    guard try run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk) == 0 else {
      print("skipped: a full disk; only root can make a small one")
      return
    }
    defer { _ = try? run("umount", disk) }
    var random = SplitMix64(seed: 5)
    let run = SampleRun(requests: (0..<9_000).map { _ in RequestRecord.random(&random) })
    do {
      let dataset = try DatasetFolder(path: disk + "/run")
      let error = #expect(throws: DatasetError.self) { try run.write(into: dataset) }
      #expect(error?.kind == .unwritable)
      #expect(error?.problem.contains("No space left") == true)
    }
    #expect(try folder.names("disk") == [])
  }

  private func run(_ command: String...) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = command
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }

  private static func result(_ totals: InstanceTotals) -> RunResult {
    var result = RunResult()
    result.instances = [totals]
    result.end = 10 * second
    return result
  }

  private static var totals: InstanceTotals {
    var totals = InstanceTotals()
    totals.busy = FixedPoint.fine(nanoseconds: 4 * second + 1)
    totals.energy = 77 << 32
    totals.tokenTime = FixedPoint.fine(nanoseconds: second) * 600
    totals.windowTokenTime = FixedPoint.fine(nanoseconds: second) * 70
    totals.peakUnits = 100
    totals.decodeSteps = 4
    totals.decodeTokens = 9
    totals.bytesSent = 3_000
    totals.bytesReceived = 1_000
    totals.preemptions = 3
    totals.bytesSwappedOut = 40
    totals.hitTokens = 11
    totals.tokensNotSent = 12
    totals.evictedBlocks = 13
    totals.retentions = 14
    totals.retentionsYielded = 15
    totals.retentionsDiscarded = 16
    totals.bytesWrittenBack = 17
    totals.writeBacks = 18
    totals.writeBacksDropped = 19
    totals.tokensLoaded = 20
    totals.bytesLoaded = 21
    return totals
  }
}
