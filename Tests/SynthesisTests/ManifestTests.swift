import Foundation
import Synthesis
import Testing
import Workload

/// The traces that come with the kit are what their recipes make.
@Suite struct `Bundled traces` {
  private struct Entry {
    var file: String
    var recipe: String
    var seed: UInt64
    var requests: Int64
    var digest: String
    var rows: Int64

    init?(_ line: Substring) {
      let fields = line.split(separator: ",").map(String.init)
      guard fields.count == 6, let seed = UInt64(fields[2]), let rows = Int64(fields[5]),
        fields[3].hasPrefix("--requests "), let requests = Int64(fields[3].dropFirst(11))
      else { return nil }
      (file, recipe, self.seed, self.requests) = (fields[0], fields[1], seed, requests)
      (digest, self.rows) = (fields[4], rows)
    }
  }

  @Test func `each file has the digest and the rows of its line, and so has its recipe`() throws {
    let traces = Folders.package.appending(path: "traces")
    let manifest = try String(contentsOf: traces.appending(path: "MANIFEST.csv"), encoding: .utf8)
    let lines = manifest.split(separator: "\n")
    #expect(lines.first == "file,recipe,seed,size,content_digest,rows")
    let entries = lines.dropFirst().compactMap { Entry($0) }
    #expect(entries.count == lines.count - 1)
    #expect(
      entries.map(\.file).sorted()
        == ["agentic.replay.zst", "chat.replay.zst", "coding.replay.zst"]
    )
    var bytes: Int64 = 0
    for entry in entries {
      let path = traces.appending(path: entry.file).path()
      let header = try TraceArchive(path: path).header
      #expect(header.digest.hex == entry.digest && header.rows == entry.rows, "\(entry.file)")
      let made = SyntheticTrace(
        try Recipe(entry.recipe),
        size: .requests(entry.requests),
        seed: entry.seed
      )
      let (groups, _, digest) = try made.read()
      #expect(digest.hex == entry.digest, "\(entry.file); 'make traces' writes the files anew")
      #expect(groups.reduce(0) { $0 + Int64($1.count) } == entry.rows)
      #expect(entry.rows >= 20_000)
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      bytes += attributes[.size] as? Int64 ?? 0
    }
    #expect(bytes > 0 && bytes <= 2_000_000)
  }
}
