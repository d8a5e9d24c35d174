import Testing
import Workload

/// Cutting and merging traces that are files of this project.
@Suite struct `Archive editing` {
  @Test func `cutting an archive of many groups is cutting its rows`() throws {
    let folder = try TemporaryFolder()
    let trace = Self.sessions(rows: 160_000)
    let path = folder.path("all.replay.zst")
    try Self.write(trace, to: path)
    let archive = try TraceArchive(path: path)
    #expect(archive.index.count >= 3)
    // Windows that start at a group's start, within groups, and behind the last start.
    let starts = archive.index.map(\.start)
    for window in [
      starts[1]..<starts[2], starts[1] + 1..<starts[1] + 5_000, starts[2] + 1_000..<SimTime.never,
    ] {
      let expected = try TraceProfile(reading: CutTrace(trace, to: window))
      let found = try TraceProfile(reading: CutTrace(archive, to: window))
      #expect(found.digest == expected.digest)
      #expect(found.rows == expected.rows)
      #expect(found.sessions == expected.sessions)
    }
    let whole = CutTrace(archive, to: 0..<SimTime.never)
    #expect(try TraceProfile(reading: whole).digest == archive.header.digest)
    let nothing = CutTrace(archive, to: 1..<2)
    #expect(throws: TraceError.self) { try InMemoryTrace(reading: nothing) }
  }

  @Test func `a merged trace keeps the rules of the format`() throws {
    let folder = try TemporaryFolder()
    let mooncake = try read(
      """
      {"session_id": "a", "timestamp": 9, "input_length": 5, "output_length": 1, "hash_ids": [0]}
      {"session_id": "a", "delay": 4, "input_length": 600, "output_length": 1, "hash_ids": [0, 1]}
      {"session_id": "b", "timestamp": 1, "input_length": 7, "output_length": 1, "hash_ids": [2]}
      """
    )
    let csv = try read(TraceFormat.csv.example)
    let merged = MergedTrace([mooncake, csv, mooncake], offsets: [0, 2_000_000, 3_000_000])
    let path = folder.path("merged.replay.zst")
    try Self.write(merged, to: path)
    let archive = try TraceArchive(path: path)
    #expect(try TraceProfile(reading: archive).digest == TraceProfile(reading: merged).digest)
    #expect(archive.header.rows == 11)
    #expect(try violations(of: InMemoryTrace(reading: archive)).isEmpty)
  }

  @Test func `rows of a trace without names have the empty name, in every group`() throws {
    let folder = try TemporaryFolder()
    var named = Self.sessions(rows: 8)
    named.names.classes = ["chat"]
    named.groups[0].requestClass = ContiguousArray(repeating: 0, count: 8)
    let merged = MergedTrace([Self.sessions(rows: 70_000), named])
    let path = folder.path("merged.replay.zst")
    try Self.write(merged, to: path)
    let profile = try TraceProfile(reading: TraceArchive(path: path))
    #expect(profile.classes.map(\.name) == ["chat"] && profile.classes.map(\.rows) == [8])
    #expect(profile.rows == 70_008)
  }

  @Test func `a whole archive has the epoch of its source, a part none`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("azure.replay.zst")
    try Self.write(read(TraceFormat.azure.example), to: path, epoch: "2023-11-16 18:17:03.9799600")
    let archive = try TraceArchive(path: path)
    for (window, epoch) in [
      (0..<SimTime.never, "2023-11-16 18:17:03.9799600"), (1..<SimTime.never, nil),
    ] {
      let profile = try TraceProfile(reading: CutTrace(archive, to: window))
      #expect(profile.epoch == epoch)
    }
  }

  @Test func `an archive keeps what its source says, but for what it is told`() throws {
    let folder = try TemporaryFolder()
    let first = folder.path("first.replay.zst")
    let said = TraceProvenance(
      source: "a link",
      format: "azure",
      licence: "CC-BY",
      epoch: "2023-11-16 18:17:03.9799600",
      timeZone: "UTC",
      note: "a note"
    )
    try ArchiveWriter.write(
      read(TraceFormat.azure.example),
      to: OutputFile(path: first),
      provenance: said
    )
    let second = folder.path("second.replay.zst")
    // Read as from a pipe, where only the reader knows what the header says.
    let header = try ArchiveWriter.write(
      TraceFile(path: first),
      to: OutputFile(path: second),
      provenance: TraceProvenance(note: "another")
    )
    var expected = said
    expected.note = "another"
    #expect(header.provenance == expected)
    #expect(try TraceArchive(path: second).makeReader().provenance == expected)
    #expect(try TraceProfile(reading: TraceArchive(path: second)).provenance == expected)
  }

  private static func write(_ trace: any Trace, to path: String, epoch: String = "") throws {
    try ArchiveWriter.write(
      trace,
      to: OutputFile(path: path),
      provenance: TraceProvenance(epoch: epoch),
      level: 1
    )
  }

  /// Sessions of four turns, one after the other at their start and overlapping behind.
  private static func sessions(rows: Int) -> InMemoryTrace {
    var turns: [(arrival: SimTime, session: Int32, turn: Int32)] = []
    for session in 0..<rows / 4 {
      let start = SimTime(session / 3 * 1_000)
      for turn in 0..<4 {
        turns.append((start + SimTime(turn * (session % 50) * 700), Int32(session), Int32(turn)))
      }
    }
    turns.sort { $0 < $1 }
    var group = RowGroup()
    group.record = ContiguousArray(0..<Int64(turns.count))
    group.arrival = ContiguousArray(turns.map(\.arrival))
    group.session = ContiguousArray(turns.map(\.session))
    group.turn = ContiguousArray(turns.map(\.turn))
    group.promptTokens = ContiguousArray(turns.map { 1 + $0.session % 900 })
    group.outputTokens = ContiguousArray(turns.map { 1 + $0.turn })
    return InMemoryTrace(name: "sessions", groups: [group])
  }
}
