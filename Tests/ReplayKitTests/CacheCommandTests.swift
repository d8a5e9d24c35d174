import Foundation
import Testing

@Suite(.enabled(if: CommandLineProgram.path != nil))
struct CacheCommandTests {
  /// Five prompts over blocks 0 1 2, 3, 0 1 2, 0 4, 3: ten references, of which 3, 1 and 1 hit in
  /// a cache that forgets nothing; the last blocks are partial.
  private func trace(in folder: String) throws -> String {
    let prompts = [(1_300, "0,1,2"), (100, "3"), (1_300, "0,1,2"), (600, "0,4"), (100, "3")]
    let lines = prompts.enumerated().map { second, prompt in
      "{\"timestamp\": \(second * 1000), \"input_length\": \(prompt.0), \"output_length\": 1, "
        + "\"hash_ids\": [\(prompt.1)]}\n"
    }
    let path = folder + "/trace.jsonl"
    try lines.joined().write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  @Test func `the curve has a line per eviction and capacity`() throws {
    try CommandLineProgram.withFolder { folder in
      let path = try trace(in: folder)
      let result = try CommandLineProgram.run(
        "cache",
        path,
        "--capacity",
        "3,5",
        "--eviction",
        "lru,infinite",
        "--csv",
        "-"
      )
      #expect(result.status == 0)
      // LRU of 3: block 3 pushes out 0, then 0, 1 and 2 each push out the next one needed; the third
      // prompt finds nothing, the fourth finds 0, the last nothing.
      let hit = Double(512) / Double(3_400)
      let all = Double(1_300 + 512 + 100) / Double(3_400)
      #expect(
        result.output == """
          eviction,capacity_blocks,block_hit_ratio,token_hit_ratio
          lru,3,\(1.0 / 10),\(hit)
          lru,5,\(5.0 / 10),\(all)
          infinite,3,\(5.0 / 10),\(all)
          infinite,5,\(5.0 / 10),\(all)

          """
      )
      let table = try CommandLineProgram.run("cache", path, "--capacity", "5")
      #expect(table.output.contains("belady (X)"))
      #expect(table.output.contains("50.0 %"))
    }
  }

  @Test func `what cannot be replayed says so`() throws {
    try CommandLineProgram.withFolder { folder in
      let path = try trace(in: folder)
      let unknown = try CommandLineProgram.run("cache", path, "--eviction", "s3fifo")
      #expect(unknown.status == 64)
      #expect(unknown.errors.contains("did you mean 's3-fifo'?"))
      #expect(try CommandLineProgram.run("cache", path, "--capacity", "0").status == 64)
      let plain = try CommandLineProgram.trace(in: folder)
      let without = try CommandLineProgram.run("cache", plain)
      #expect(without.status == 65)
      #expect(without.errors.contains("has no prefixes"))
    }
  }
}
