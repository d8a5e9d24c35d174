import Foundation
import Testing

@testable import Workload

@Suite struct `Trace archive` {
  @Test(arguments: 0..<60)
  func `random rows of every column come back as they were`(seed: Int) throws {
    var sample = RandomTrace(
      seed: UInt64(seed),
      rows: 1 + seed * seed % 300,
      withSessions: seed % 3 != 0,
      everyColumn: seed % 4 == 0
    )
    let trace = sample.trace()
    let folder = try TemporaryFolder()
    let file = try archive(trace, in: folder)
    let back = try InMemoryTrace(reading: file)
    #expect(joined(back) == joined(trace))
    #expect(back.names == trace.names)
    #expect(file.header.digest == digest(of: trace))
    #expect(file.header.rows == Int64(joined(trace).count))
    #expect(file.header.sessions == Int64(Set(joined(trace).session.filter { $0 >= 0 }).count))
    #expect(file.header.span == joined(trace).arrival.last)
    #expect(violations(of: back).isEmpty)
    #expect(joined(try InMemoryTrace(reading: TraceFile(path: file.path))) == joined(trace))
  }

  @Test func `sessions stand whole, by their start, and each group decodes alone`() throws {
    let folder = try TemporaryFolder()
    let trace = try smallTrace()
    let path = try archive(inGroupsOf: trace, in: folder)
    let file = try TraceArchive(path: path)
    #expect(file.index.count == 3)
    #expect(file.index.map(\.rows) == trace.groups.map(\.count))
    #expect(file.index.map(\.start) == trace.groups.map { $0.arrival.first })
    #expect(file.index.map(\.end) == trace.groups.map { $0.arrival.max() })
    for start in 0...3 {
      let reader = try file.makeSessionReader(startingAt: start)
      for expected in trace.groups[start...] {
        let group = try #require(try reader.next())
        #expect(SpelledRows(group, reader.names) == SpelledRows(expected, trace.names))
      }
      #expect(try reader.next() == nil)
      #expect(start < 3 || reader.names.classes.isEmpty)
    }
    let byArrival = joined(try InMemoryTrace(reading: file))
    #expect(byArrival.arrival == ContiguousArray(joined(trace).arrival.sorted()))
    #expect(digest(of: try InMemoryTrace(reading: file)) == digest(of: trace))
  }

  @Test func `long sessions are given out by arrival, and only what is due`() throws {
    var group = RowGroup()
    let rows = 3 * RowGroup.preferredRows
    for row in 0..<rows {
      group.record.append(Int64(row))
      group.arrival.append(SimTime(row) * 10)
      group.promptTokens.append(1)
      group.outputTokens.append(1)
      // Half of the rows are of one session that lasts from the first row to the last.
      group.session.append(row % 2 == 0 ? 0 : Int32(1 + row / 64))
    }
    let trace = InMemoryTrace(name: "long", groups: [group])
    let folder = try TemporaryFolder()
    let file = try archive(trace, in: folder, level: 1)
    #expect(file.index.count > 1)
    let back = try InMemoryTrace(reading: file)
    #expect(back.groups.allSatisfy { $0.count <= RowGroup.preferredRows })
    #expect(joined(back) == group)
  }

  @Test func `rows without sessions pass in groups of the preferred size`() throws {
    var groups: [RowGroup] = []
    var row: Int64 = 0
    for count in [1, 0, 70_000, 3, 4, 65_530, 200_000] {
      var group = RowGroup()
      for _ in 0..<count {
        group.record.append(row)
        group.arrival.append(row * 100)
        group.promptTokens.append(Int32(1 + row % 7))
        group.outputTokens.append(Int32(1 + row % 5))
        row += 1
      }
      groups.append(group)
    }
    let trace = InMemoryTrace(name: "parts", groups: groups)
    let folder = try TemporaryFolder()
    let file = try archive(trace, in: folder, level: 1)
    #expect(
      file.index.map(\.rows) == [1, 70_000, 7, 65_530, 65_536, 65_536, 65_536, 3_392]
    )
    #expect(joined(try InMemoryTrace(reading: file)) == joined(trace))
  }

  @Test func `the header keeps where a trace comes from`() throws {
    let provenance = TraceProvenance(
      source: "https://example.org/\"trace\"",
      format: "csv",
      licence: "CC-BY-4.0",
      epoch: "2023-11-16 18:15:46.6805900",
      timeZone: "UTC",
      note: "line one\nline two – ✓"
    )
    let folder = try TemporaryFolder()
    let file = try archive(read(TraceFormat.csv.example), in: folder, provenance: provenance)
    #expect(file.header.provenance == provenance)
    #expect(file.header.version == 1)
    #expect(try file.makeReader().epoch == provenance.epoch)
    #expect(file.name == "trace.replay.zst")
  }

  @Test func `a trace without rows is a file without groups`() throws {
    let folder = try TemporaryFolder()
    let file = try archive(InMemoryTrace(name: "none", groups: []), in: folder)
    #expect(file.header.rows == 0 && file.index.isEmpty)
    #expect(try InMemoryTrace(reading: file).groups.isEmpty)
  }

  @Test(arguments: TraceFormat.all.map(\.name))
  func `an archive has the digest of the file it was made of`(name: String) throws {
    let format = try #require(TraceFormat.named(name))
    let example = try ExampleFile(format)
    let text = try InMemoryTrace(
      reading: example.trace(format.example.utf8, isDetected: false)
    )
    let file = try archive(text, in: example.folder)
    #expect(file.header.digest == digest(of: text))
    #expect(joined(try InMemoryTrace(reading: TraceFile(path: file.path))) == joined(text))
  }

  @Test func `a file that was packed once more asks to be unpacked`() throws {
    let folder = try TemporaryFolder()
    let path = try archive(inGroupsOf: smallTrace(), in: folder)
    let bytes = Array(try Data(contentsOf: URL(filePath: path)))
    let encoder = try FrameEncoder(level: 3, file: path)
    try encoder.encode(bytes)
    for packed in [encoder.frame, try gzipped(bytes)] {
      let path = try folder.file("packed", packed)
      for format in [nil, TraceFormat.csv] {
        let error = #expect(throws: TraceError.self) {
          try TraceFile(path: path, format: format).makeReader()
        }
        #expect(error?.problem == "is a compressed trace file; unpack it first")
      }
    }
  }

  @Test func `an archive is known by its first bytes, and read from a pipe`() throws {
    let folder = try TemporaryFolder()
    let trace = try smallTrace()
    let path = try archive(inGroupsOf: trace, in: folder)
    let text = try folder.file("text", TraceFormat.csv.example.utf8)
    #expect(try TraceArchive.isArchive(path: path))
    #expect(try !TraceArchive.isArchive(path: text))
    #expect(try !TraceArchive.isArchive(path: folder.file("empty", [])))
    let pipe = folder.path("pipe")
    let made = unsafe mkfifo(pipe, 0o600)
    #expect(made == 0)
    let bytes = try Data(contentsOf: URL(filePath: path))
    let writer = DispatchQueue(label: "writer")
    writer.async { try? FileHandle(forWritingTo: URL(filePath: pipe)).write(contentsOf: bytes) }
    #expect(digest(of: try InMemoryTrace(reading: TraceFile(path: pipe))) == digest(of: trace))
    writer.sync {}
    let error = #expect(throws: TraceError.self) {
      try TraceFile(path: path, format: .csv).makeReader()
    }
    #expect(error?.problem.contains("name no format") == true)
  }
}
