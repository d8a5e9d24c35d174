import Foundation
import Workload

extension Benchmark {
  static let archives = Benchmark(
    name: "archives",
    summary: "rows per second and bytes per row of the trace file, and writing it"
  ) { bench in
    try TemporaryFolder.with { folder in
      let hour = bench.traces.chatHour
      let packed = folder.appending(path: "hour.replay.zst").path
      var header: ArchiveHeader?
      let writing = try bench.time { header = try write(hour.trace, to: packed) }
      let text = try Data(contentsOf: URL(filePath: hour.trace.path)).count
      let bytes = try Data(contentsOf: URL(filePath: packed)).count
      let rows = header?.rows ?? 0
      return [
        Row(
          name: "archive \(hour.label)",
          value: Double(bytes) / Double(rows),
          unit: "bytes/row",
          budget: .atMost(7),
          note: "\(rows) rows"
        ),
        Row(
          name: "import \(hour.label) → archive",
          value: Double(text) / writing.minimum / 1e6,
          unit: "MB/s of the file",
          timing: writing,
          note: "compressed as far as 'replay trace import' does"
        ),
        try decoding(hour, in: folder, bench),
      ]
    }
  }

  private static func decoding(
    _ hour: (trace: TraceFile, label: String),
    in folder: URL,
    _ bench: Bench
  ) throws -> Row {
    let size = bench.requests(2_000_000)
    let path = folder.appending(path: "tiled.replay.zst").path
    let base = try InMemoryTrace(reading: hour.trace)
    _ = try write(TiledTrace(base: base, requests: size, seed: 1), to: path, level: 3)
    var rows = 0
    let timing = try bench.time {
      rows = 0
      let reader = try TraceArchive(path: path).makeReader()
      while let group = try reader.next() { rows += group.count }
    }
    return Row(
      name: "decode archive \(hour.label)-\(size)",
      value: Double(rows) / timing.minimum,
      unit: "rows/s",
      budget: .atLeast(40_000_000),
      timing: timing,
      note: "checksums, index and content digest checked"
    )
  }

  static func write(
    _ trace: some Trace,
    to path: String,
    level: Int32 = 19
  ) throws -> ArchiveHeader {
    try ArchiveWriter.write(
      trace,
      to: OutputFile(path: path),
      provenance: TraceProvenance(),
      level: level
    )
  }
}
