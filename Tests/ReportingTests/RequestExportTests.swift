import Foundation
import Reporting
import Simulation
import Testing
import Workload

@Suite struct RequestExportTests {
  @Test func `a tiny table has these bytes`() throws {
    var first = completed(3)
    first.sessionStart = 0
    first.session = 12
    first.prefillInstance = 0
    first.decodeInstance = 128
    first.handoff = .layerWise
    first.transferBytes = 9_000_000_000
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
    let text = try table([first, second], classes: ["chat", "a \"b\", c"])
    let header = RequestColumn.all.map(\.name).joined(separator: ",")
    #expect(
      text == """
        \(header)
        3,12,chat,completed,,true,0,128,layerWise,100,10,10,0,0,9000000000,0.000000000,0.000000000,\
        0.000000001,0.999999999,,,1.000000000,10.000000000,2.000000000,,0.000000000,0.000000000,\
        1.000000000,0.000000000,0.000000000,9.000000000,0.000000000
        1000000,,"a ""b"", c",rejected,reason 3,true,,,none,0,0,0,0,0,0,10.000000001,10.000000001,,,,,,\
        10.000000001,,,0.000000000,0.000000000,0.000000000,0.000000000,0.000000000,0.000000000,\
        0.000000000

        """
    )
  }

  @Test func `every cell reads back as its field`() throws {
    var random = SplitMix64(seed: 11)
    let records = (0..<3_000).map { _ in Self.randomRecord(&random) }
    let rows = try table(records).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    #expect(rows.count == records.count + 1)
    let names = rows[0]
    for (record, row) in zip(records, rows.dropFirst()) {
      let cells = Dictionary(uniqueKeysWithValues: zip(names, row))
      let found = Self.fields(of: record).filter { cells[$0.column] != $0.text }
      #expect(found.isEmpty, "\(found)")
    }
    // What the list above leaves out is told apart by name.
    let listed = Self.fields(of: records[0]).map(\.column)
    #expect(Set(names) == Set(listed + ["class"]))
  }

  @Test func `a row says whether its session starts in the window`() throws {
    let records = [0, 5, 9].map { (start: SimTime) in
      var record = completed(start)
      record.sessionStart = start
      return record
    }
    let text = try table(records, window: MeasureWindow(start: 5, end: 9))
    let column = try #require(RequestColumn.all.firstIndex { $0.name == "measured" })
    let cells = text.split(separator: "\n").dropFirst()
      .map { $0.split(separator: ",", omittingEmptySubsequences: false)[column] }
    #expect(cells == ["false", "true", "false"])
  }

  @Test func `a name as long as a book does not end the table`() throws {
    let name = String(repeating: "long ", count: 200_000)
    let text = try table([completed(), completed(1)], classes: [name])
    #expect(text.split(separator: "\n").count == 3)
    #expect(text.contains("\n1,,\(name),completed,"))
  }

  @Test func `columns have names, units that the names end in, and a meaning`() {
    let columns = RequestColumn.all
    #expect(Set(columns.map(\.name)).count == columns.count)
    #expect(columns.allSatisfy { $0.summary.hasSuffix(".") })
    let timed = columns.filter { $0.unit == "seconds" }
    #expect(timed.count == 17 && timed.allSatisfy { $0.name.hasSuffix("_seconds") })
  }

  @Test func `nothing has the name of a table that is not complete`() throws {
    try withFolder { folder in
      let path = folder.appending(path: "requests.csv").path
      do {
        var export = RequestExport(to: try TextFileWriter(path: path, compression: .none)) { [] }
        export.receive(requests: [completed()])
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(names.count == 1 && names.allSatisfy { $0.hasSuffix(".partial") })
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
    }
  }

  @Test func `files that stand where a table could begin are left alone`() throws {
    try withFolder { folder in
      let path = folder.appending(path: "requests.csv").path
      let first = "\(path).\(ProcessInfo.processInfo.processIdentifier)-1.partial"
      let taken = [path + ".partial", first]
      for file in taken { try Data("mine".utf8).write(to: URL(filePath: file)) }
      let writer = try TextFileWriter(path: path, compression: .none)
      let beside = try TextFileWriter(path: path, compression: .none)
      #expect(Set(taken + [writer.partialPath, beside.partialPath]).count == 4)
      var export = RequestExport(to: writer) { [] }
      export.receive(requests: [completed()])
      try export.complete()
      for file in taken { #expect(try String(contentsOfFile: file, encoding: .utf8) == "mine") }
      #expect(FileManager.default.fileExists(atPath: path))
    }
  }

  @Test func `a table that cannot get its name is an error when it is completed`() throws {
    try withFolder { folder in
      let path = folder.appending(path: "requests.csv").path
      var export = RequestExport(to: try TextFileWriter(path: path, compression: .none)) { [] }
      export.receive(requests: [completed()])
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
      let error = #expect(throws: TraceWriteError.self) { try export.complete() }
      #expect(error?.file == path)
      #expect(error?.problem.hasPrefix("cannot rename ") == true)
    }
  }

  private func table(
    _ records: [RequestRecord],
    classes: [String] = [],
    window: MeasureWindow? = nil
  ) throws -> String {
    var text = ""
    try withFolder { folder in
      let path = folder.appending(path: "requests.csv").path
      let file = try TextFileWriter(path: path, compression: .none)
      var export = RequestExport(to: file, window: window) { classes }
      export.receive(reasons: (0..<256).map { "reason \($0)" })
      export.receive(requests: ContiguousArray(records.prefix(1)))
      export.receive(requests: ContiguousArray(records.dropFirst()))
      try export.complete()
      text = try String(contentsOfFile: path, encoding: .utf8)
    }
    return text
  }

  private func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "export-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }
}

extension RequestExportTests {
  /// What each cell shall say, by another way than that of the table.
  private static func fields(of record: RequestRecord) -> [(column: String, text: String)] {
    func seconds(_ time: SimTime) -> String {
      let digits = String(repeating: "0", count: 10) + String(time)
      let fraction = digits.suffix(9)
      let whole = String(time / 1_000_000_000)
      return time < 0 ? "" : "\(whole).\(fraction)"
    }
    func index(_ value: Int32) -> String { value < 0 ? "" : String(value) }
    func target(_ value: SimTime) -> String { value == 0 ? "" : seconds(value) }
    let stages = record.stages
    return [
      ("record", "\(record.record)"), ("session", index(record.session)),
      ("outcome", "\(record.outcome)"),
      ("reason", record.reason == 0 ? "" : "reason \(record.reason)"),
      ("measured", "true"), ("prefill_instance", index(record.prefillInstance)),
      ("decode_instance", index(record.decodeInstance)), ("handoff", "\(record.handoff)"),
      ("prompt_tokens", "\(record.promptTokens)"), ("output_tokens", "\(record.outputTokens)"),
      ("emitted_tokens", "\(record.emittedTokens)"), ("preemptions", "\(record.preemptions)"),
      ("swaps", "\(record.swaps)"), ("transfer_bytes", "\(record.transferBytes)"),
      ("arrival_seconds", seconds(record.arrival)),
      ("session_start_seconds", seconds(record.sessionStart)),
      ("prefill_start_seconds", seconds(record.prefillStart)),
      ("prefill_end_seconds", seconds(record.prefillEnd)),
      ("transfer_end_seconds", seconds(record.transferEnd)),
      ("decode_start_seconds", seconds(record.decodeStart)),
      ("first_token_seconds", seconds(record.firstToken)),
      ("finish_seconds", seconds(record.finish)), ("ttft_slo_seconds", target(record.ttftSLO)),
      ("tpot_slo_seconds", target(record.tpotSLO)), ("gateway_seconds", seconds(stages.gateway)),
      ("prefill_queue_seconds", seconds(stages.prefillQueue)),
      ("prefill_seconds", seconds(stages.prefill)), ("transfer_seconds", seconds(stages.transfer)),
      ("decode_queue_seconds", seconds(stages.decodeQueue)),
      ("decode_seconds", seconds(stages.decode)), ("stall_seconds", seconds(stages.stall)),
    ]
  }

  private static func randomRecord(_ random: inout SplitMix64) -> RequestRecord {
    var record = RequestRecord()
    func time() -> SimTime {
      Bool.random(using: &random)
        ? -1 : SimTime(random.next() >> UInt64.random(in: 1...63, using: &random))
    }
    func number() -> Int32 { Int32(random.next() >> UInt64.random(in: 33...63, using: &random)) }
    record.record = SimTime(random.next() >> UInt64.random(in: 1...63, using: &random))
    record.outcome = Outcome.allCases.randomElement(using: &random) ?? .failed
    record.handoff = HandOffKind.allCases.randomElement(using: &random) ?? .none
    record.reason = UInt8.random(in: 0...255, using: &random)
    record.promptTokens = number()
    record.outputTokens = number()
    record.emittedTokens = number()
    record.preemptions = number()
    record.swaps = number()
    record.session = Bool.random(using: &random) ? -1 : number()
    record.prefillInstance = Bool.random(using: &random) ? -1 : number()
    record.decodeInstance = Bool.random(using: &random) ? -1 : number()
    record.transferBytes = max(0, time())
    for path in [
      \RequestRecord.arrival, \.sessionStart, \.prefillStart, \.prefillEnd, \.transferEnd,
      \.decodeStart, \.firstToken, \.finish,
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
