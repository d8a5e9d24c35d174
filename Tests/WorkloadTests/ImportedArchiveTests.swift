import Testing
import Workload

/// What importers read can be kept in a trace file.
@Suite struct `Imported traces` {
  @Test(arguments: [
    "aiperf", "burstgpt", "bailian", "dynamo-agentic", "dynamo-agent", "tracelab", "blis",
  ])
  func `an example comes back from a trace file`(name: String) throws {
    let format = try #require(TraceFormat.named(name))
    let folder = try TemporaryFolder()
    let source = TraceFile(path: try folder.file("source", format.example.utf8))
    let trace = try InMemoryTrace(reading: source)
    let path = folder.path("kept.replay.zst")
    let header = try ArchiveWriter.write(
      source,
      to: OutputFile(path: path),
      provenance: TraceProvenance(),
      level: 1
    )
    #expect(header.provenance.format == name)
    #expect(header.provenance.note.isEmpty)
    let kept = try InMemoryTrace(reading: TraceArchive(path: path))
    #expect(kept.names == trace.names)
    #expect(kept.groups.first?.arrival == trace.groups.first?.arrival)
    #expect(kept.groups.first?.promptTokens == trace.groups.first?.promptTokens)
    #expect(edges(of: kept) == edges(of: trace))
  }

  @Test(arguments: [
    (FailurePolicy.drop, "2 failed requests left out"),
    (.keep, "2 failed requests kept with at least 1 prompt and 1 output token"),
  ])
  func `the note says what became of failed requests`(policy: FailurePolicy, note: String) throws {
    let folder = try TemporaryFolder()
    let text = "Timestamp,Request tokens,Response tokens\n0,1,1\n1,0,0\n2,5,0\n3,4,4\n"
    let log = FailureLog()
    let source = TraceFile(path: try folder.file("source", text.utf8), failures: policy)
    let header = try ArchiveWriter.write(
      LoggedTrace(source, into: log),
      to: OutputFile(path: folder.path("kept.replay.zst")),
      provenance: TraceProvenance(note: "mine"),
      level: 1
    )
    #expect(header.provenance.note == "mine; \(note)")
    #expect(log.found?.note == note)
    let kept = try TraceArchive(path: folder.path("kept.replay.zst"))
    #expect(kept.header == header)
  }

  @Test func `a source without failed requests has no note of them`() throws {
    let folder = try TemporaryFolder()
    let text = "Timestamp,Request tokens,Response tokens\n0,1,1\n"
    let header = try ArchiveWriter.write(
      TraceFile(path: try folder.file("source", text.utf8), failures: .drop),
      to: OutputFile(path: folder.path("kept.replay.zst")),
      provenance: TraceProvenance()
    )
    #expect(header.provenance.note.isEmpty)
  }
}
