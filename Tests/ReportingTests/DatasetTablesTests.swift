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
    let records = [
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
    let run = SampleRun(sessions: records, window: MeasureWindow(start: 1, end: .never))
    let rows = try run.rows(of: "sessions.csv.zst").dropFirst().map { $0.joined(separator: ",") }
    #expect(
      rows == [
        "7,completed,true,4,4,4,1.000000000,3.000000000,2.000000000",
        "8,rejected,false,4,2,1,0.000000000,2.000000000,",
      ]
    )
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
  }

  @Test func `an interval has shares of what its pool could have done in it`() throws {
    // Two instances for 10 s: what one did in them is half of what it is of one for 10 s.
    let sample = PoolSample(
      pool: 0,
      start: 5 * second,
      end: 15 * second,
      gatewayRequests: 1,
      queuedRequests: 2,
      runningRequests: 3,
      kvUnits: 150,
      work: Self.totals
    )
    let rows = try SampleRun(samples: [sample]).rows(of: "timeline.csv")
    let cells = Dictionary(uniqueKeysWithValues: zip(rows[0], rows[1]))
    let alone = SampleRun(result: Self.result(Self.totals), instances: 1)
    let pool = try #require(try alone.summary().pools.first)
    #expect(cells["start_seconds"] == "5.000000000" && cells["end_seconds"] == "15.000000000")
    #expect(cells["kv_share"] == "0.25")
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
      objectives: ServiceObjectives()
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
        objectives: ServiceObjectives()
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
    return totals
  }
}
