import Foundation
import Hardware
import Reporting
import Simulation
import Testing
import Workload

/// A folder for one test, removed with this object.
final class TestFolder {
  let url = FileManager.default.temporaryDirectory.appending(path: "dataset-\(UUID())")

  init() throws {
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appending(path: name).path }

  /// The names in the folder, or in a folder inside it.
  func names(_ inside: String = "") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path(inside)).sorted()
  }
}

/// What a small run leaves, as a dataset writer is given it.
struct SampleRun {
  var requests: [RequestRecord] = []
  var sessions: [SessionRecord] = []
  var samples: [PoolSample] = []
  var result = RunResult()
  var classes: [String] = []
  var slo: [String] = []
  var window: MeasureWindow?
  var instances = 2

  func summary() throws -> Summary {
    var sink = SummarySink(
      objectives: try ServiceObjectives(parsing: slo),
      window: window,
      countsSessions: !sessions.isEmpty
    ) { classes }
    sink.receive(requests: ContiguousArray(requests))
    sink.receive(sessions: ContiguousArray(sessions))
    return Summary(
      description: RunDescription(
        trace: "a \"trace\", quoted",
        fleet: "unit",
        policy: "default",
        clairvoyance: .observable,
        options: RunOptionsText(RunOptions())
      ),
      fleet: fleet(instances: instances),
      result: result,
      sink: sink
    )
  }

  static let manifest = JSONValue.object([("resultsVersion", .integer(1))])

  /// Gives a writer everything, the requests in blocks of uneven sizes.
  func write(into folder: DatasetFolder) throws {
    let writer = try DatasetWriter(
      in: folder,
      fleet: fleet(instances: instances),
      window: window,
      objectives: try ServiceObjectives(parsing: slo),
      countsSessions: !sessions.isEmpty
    ) { classes }
    writer.receive(reasons: (0..<256).map { $0 == 0 ? "" : "reason \($0)" })
    var rest = requests[...]
    for size in [1, 300, 2, 700].cycled(until: requests.count) {
      writer.receive(requests: ContiguousArray(rest.prefix(size)))
      rest = rest.dropFirst(size)
    }
    writer.receive(sessions: ContiguousArray(sessions))
    writer.receive(samples: ContiguousArray(samples))
    try writer.finish(summary: try summary(), result: result) { _ in Self.manifest }
  }

  /// Writes the dataset and returns the rows of one table, its header first.
  func rows(of file: String) throws -> [[String]] {
    let folder = try TestFolder()
    let dataset = try DatasetFolder(path: folder.path("run"))
    try write(into: dataset)
    try dataset.complete()
    return try Self.rows(at: folder.path("run/\(file)"))
  }

  static func rows(at path: String) throws -> [[String]] {
    let bytes = try PlainBytes(path: path).rest(limit: 1 << 26)
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  /// The cells of a table's column, without its header.
  func column(_ name: String, of file: String) throws -> [String] {
    let rows = try rows(of: file)
    let index = try #require(rows[0].firstIndex(of: name))
    return rows.dropFirst().map { $0[index] }
  }
}

extension [Int] {
  /// Repeats the sizes until they sum to at least so many.
  fileprivate func cycled(until total: Int) -> [Int] {
    var (sizes, sum) = ([Int](), 0)
    while sum < total {
      sizes.append(self[sizes.count % count])
      sum += self[(sizes.count - 1) % count]
    }
    return sizes
  }
}

extension RequestRecord {
  /// A record whose fields may be anything, except that it did not get a token: what has to fit
  /// together then is tested with the summary.
  static func random(_ random: inout SplitMix64) -> RequestRecord {
    var record = RequestRecord()
    func time() -> SimTime {
      Bool.random(using: &random)
        ? -1 : SimTime(random.next() >> UInt64.random(in: 2...63, using: &random))
    }
    func number() -> Int32 { Int32(random.next() >> UInt64.random(in: 33...63, using: &random)) }
    record.record = SimTime(random.next() >> UInt64.random(in: 1...63, using: &random))
    record.outcome = Outcome.allCases.dropFirst().randomElement(using: &random) ?? .failed
    record.handoff = HandOffKind.allCases.randomElement(using: &random) ?? .none
    record.reason = UInt8.random(in: 0...255, using: &random)
    record.requestClass = UInt16.random(in: 0...2, using: &random)
    record.promptTokens = number()
    record.outputTokens = number()
    record.emittedTokens = number()
    record.preemptions = number()
    record.swaps = number()
    record.hitTokens = Bool.random(using: &random) ? -1 : number()
    record.loadedTokens = number()
    record.decodeHitTokens = Bool.random(using: &random) ? -1 : number()
    record.session = Bool.random(using: &random) ? -1 : number()
    record.prefillInstance = Bool.random(using: &random) ? -1 : number()
    record.decodeInstance = Bool.random(using: &random) ? -1 : number()
    record.transferBytes = max(0, time())
    for path in [
      \RequestRecord.arrival, \.sessionStart, \.prefillStart, \.prefillEnd, \.transferEnd,
      \.decodeStart, \.finish,
    ] {
      record[keyPath: path] = time()
    }
    for path in [
      \RequestRecord.ttftSLO, \.tpotSLO, \.stages.gateway, \.stages.prefillQueue, \.stages.prefill,
      \.stages.transfer, \.stages.decodeQueue, \.stages.decode, \.stages.stall,
    ] {
      record[keyPath: path] = max(0, time())
    }
    return record
  }
}
