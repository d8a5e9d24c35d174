import Foundation
import Workload

extension Benchmark {
  static let importers = Benchmark(
    name: "importers",
    summary: "text per second of each trace format, zstd included where the file is compressed"
  ) { bench in
    let published = [
      ("azure", "azure-llm-2023/AzureLLMInferenceTrace_conv.csv"),
      ("mooncake", "mooncake-fast25/conversation_trace.jsonl"),
    ]
    var rows = try published.map { format, file in
      let name = "import \(format)"
      guard let path = bench.traces.published(file) else {
        return Row.skipped(name, unit: unit, because: "\(file) is not at hand")
      }
      let bytes = try Data(contentsOf: URL(filePath: path)).count
      return try read(TraceFile(path: path), name: name, textBytes: bytes, bench)
    }
    rows += try TemporaryFolder.with { folder in try written(in: folder, bench) }
    return rows
  }

  /// Files of our own format, as large as the benchmark wants them.
  private static func written(in folder: URL, _ bench: Bench) throws -> [Row] {
    let base = try InMemoryTrace(reading: bench.traces.longChat)
    let tiled = TiledTrace(base: base, requests: bench.requests(1_000_000), seed: 1)
    let plain = folder.appending(path: "chat.csv").path
    try CSVTraceWriter(path: plain, compression: .none).write(tiled)
    let bytes = try Data(contentsOf: URL(filePath: plain)).count
    let packed = plain + ".zst"
    try CSVTraceWriter(path: packed, compression: .zstd(level: 3)).write(tiled)
    return try [("import csv", plain), ("import csv.zst", packed)].map { name, path in
      try read(TraceFile(path: path), name: name, textBytes: bytes, bench)
    }
  }

  private static let unit = "MB/s of text"

  /// Reads a file as often as it takes to last: published files are short, and cannot be repeated
  /// inside one file, since their lines are sorted by time.
  private static func read(
    _ file: TraceFile,
    name: String,
    textBytes: Int,
    _ bench: Bench
  ) throws -> Row {
    let passes = bench.isSmoke ? 1 : max(1, 64_000_000 / textBytes)
    var rows = 0
    let timing = try bench.time {
      rows = 0
      for _ in 0..<passes {
        let reader = try file.makeReader()
        while let group = try reader.next() { rows += group.count }
      }
    }
    return Row(
      name: name,
      value: Double(textBytes * passes) / timing.minimum / 1e6,
      unit: unit,
      budget: .atLeast(200),
      timing: timing,
      note: "\(rows) rows, \(textBytes * passes / 1_000_000) MB in \(passes) passes"
    )
  }
}
