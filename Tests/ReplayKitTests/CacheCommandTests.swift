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

  @Test func `an engine's cache finds what it keeps`() throws {
    try CommandLineProgram.withFolder { folder in
      let path = try trace(in: folder)
      let result = try CommandLineProgram.run(
        "cache",
        path,
        "--semantics",
        "engine",
        "--capacity",
        "3",
        "--eviction",
        "lru,ttl:seconds=0.5,belady",
        "--csv",
        "-"
      )
      #expect(result.status == 0)
      // LRU of 3: block 3 takes the place of 2, so the third prompt finds 0 and 1, and takes that of 3;
      // the fourth finds 0. Prompts are a second apart. Belady lets 2 go for 3, 3 for 2, and 2 for 4.
      #expect(
        result.output == """
          eviction,capacity_blocks,block_hit_ratio,token_hit_ratio
          lru,3,\(3.0 / 10),\(Double(3 * 512) / 3_400)
          ttl:seconds=0.5,3,0.0,0.0
          belady,3,\(3.0 / 10),\(Double(3 * 512) / 3_400)

          """
      )
    }
  }

  @Test func `what leaves the device is found in the tiers below`() throws {
    try CommandLineProgram.withFolder { folder in
      let path = try trace(in: folder)
      let arguments = ["cache", path, "--capacity", "3", "--eviction", "lru"]
      let tiers = ["--tiers", "host:100@50GB/s+10us,ssd:200"]
      let table = try CommandLineProgram.run(arguments + tiers)
      #expect(table.status == 0, "\(table.errors)")
      #expect(table.output.contains("host hits") && table.output.contains("ssd hits"))
      let csv = try CommandLineProgram.run(arguments + tiers + ["--csv", "-"])
      // Nothing is lost: all hits of a cache without limit.
      #expect(csv.output.contains("lru,3,\(5.0 / 10),"))
      // A tier too slow to be worth reading finds nothing.
      let slow = try CommandLineProgram.run(
        arguments + ["--tiers", "tape:100@1kB/s+10s", "--csv", "-"]
      )
      #expect(slow.output.contains("lru,3,\(3.0 / 10),"))
    }
  }

  @Test func `the curves are drawn`() throws {
    try CommandLineProgram.withFolder { folder in
      let path = try trace(in: folder)
      let svg = folder + "/curves.svg"
      let result = try CommandLineProgram.run(
        "cache",
        path,
        "--capacity",
        "1,3,5",
        "--svg",
        svg,
        "--csv",
        folder + "/curves.csv"
      )
      #expect(result.status == 0, "\(result.errors)")
      let text = try String(contentsOfFile: svg, encoding: .utf8)
      #expect(text.hasPrefix("<svg") && text.contains("belady (X)") && text.hasSuffix("</svg>\n"))
      let same = try CommandLineProgram.run("cache", path, "--svg", svg, "--csv", svg)
      #expect(same.status == 64)
    }
  }

  @Test(arguments: [
    (["--tiers", "host:0"], "'host' '0' blocks; expected a whole number from 1"),
    (["--tiers", "host:many"], "expected a whole number from 1"),
    (["--tiers", "host"], "expected NAME:BLOCKS"),
    (["--tiers", "tape:100"], "without a rate, which only host, ssd, store have"),
    (["--tiers", "tape:100@0GB/s"], "the rate '0GB/s'; expected a number above 0"),
    (["--tiers", "tape:100@1GB/s+soon"], "the latency 'soon'; expected a duration"),
    (["--tiers", "host:5,host:6"], "names 'host' twice"),
    (["--tiers", "host:5", "--semantics", "block"], "--tiers is for --semantics engine"),
    (["--tiers", "host:5", "--write", "hit:0"], "expected back, through or hit:N"),
    (["--tiers", "host:5", "--kv-bytes-per-token", "0"], "expected a whole number from 1"),
    (
      ["--tiers", "host:5", "--eviction", "belady"],
      "belady is a bound for one cache, not for --tiers"
    ),
    (["--write", "back"], "--write is for --tiers"),
    (["--kv-bytes-per-token", "5"], "--kv-bytes-per-token is for --tiers"),
    (["--semantics", "engin"], "did you mean 'engine'?"),
    (["--eviction", "ttl:second=5"], "ttl has no parameter 'second'; it takes seconds"),
    (
      ["--eviction", "ttl:seconds=-5"],
      "ttl has seconds -5; expected a number from 0.001 to 1000000000 s"
    ),
    (["--eviction", "ttl:seconds=1:seconds=2"], "which gives seconds twice"),
    (["--eviction", "ttl:seconds"], "expected NAME or NAME:parameter=number"),
    (["--eviction", "lru:uses=2"], "lru has no parameter 'uses'; it takes none"),
    (["--capacity", "9223372036854775807"], "expected whole numbers of blocks from 1 to"),
  ])
  func `what makes no sense says so`(arguments: [String], message: String) throws {
    try CommandLineProgram.withFolder { folder in
      let path = try trace(in: folder)
      let result = try CommandLineProgram.run(["cache", path] + arguments)
      #expect(result.status == 64 && result.errors.contains(message), "\(result.errors)")
    }
  }
}
