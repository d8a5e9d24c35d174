import Foundation
import Testing

@Suite(.enabled(if: CommandLineProgram.path != nil, "the program has not been built"))
struct CommandLineTests {
  @Test func `a run prints tables, or one JSON object`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try CommandLineProgram.trace(in: folder)
      let options = ["run", trace, "--load", "0.5", "--slo", "chat:ttft=2s,tpot=50ms"]
      let result = try CommandLineProgram.run(options)
      #expect(result.status == 0)
      #expect(result.errors == "")
      #expect(result.output.contains("fleet    trn3-cs3\n"))
      let printed = try CommandLineProgram.run(options + ["--json"]).output
      let json = try JSONSerialization.jsonObject(with: Data(printed.utf8))
      let object = try #require(json as? [String: Any])
      #expect(object["offered"] as? Int == 50)
      #expect(object["slo"] as? String == "chat:ttft=2s,tpot=50ms")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["trace.csv"])
    }
  }

  @Test func `two runs and both engines give the same digests`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try CommandLineProgram.trace(in: folder)
      func digests(_ options: String...) throws -> [String] {
        let process = try CommandLineProgram.process(
          ["run", trace, "--fleet", "b200-pd", "--load", "0.9", "--json"] + options
        )
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let json = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        return ["resultDigest", "summaryDigest"].compactMap { json[$0] as? String }
      }
      let first = try digests()
      #expect(first.count == 2)
      #expect(try digests() == first)
      #expect(try digests("--engine", "stepping") == first)
      #expect(try digests("--consult", "every") == first)
      #expect(try digests("--limit", "7") != first)
    }
  }

  /// The digests are those that the law suite commits, so that a release build, against which these
  /// tests run a second time, is held to the results of the debug build.
  @Test(arguments: ["default", "vllm-v0"])
  func `the bundled trace has the committed digest`(policy: String) throws {
    let package = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let golden = try String(
      contentsOf: package.appending(path: "Tests/SimulationTests/Golden/digests.txt"),
      encoding: .utf8
    )
    let trace = package.appending(path: "traces/chat.replay.zst").path
    let options = ["--policy", policy, "--loop", "open", "--json"]
    let result = try CommandLineProgram.run(["run", trace] + options)
    #expect(result.status == 0)
    let json = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
    let digest = try #require((json as? [String: Any])?["resultDigest"] as? String)
    #expect(golden.contains("chat-trn3-cs3-\(policy) \(digest)\n"))
  }

  @Test func `a comparison shows every policy and the changes`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try CommandLineProgram.trace(in: folder)
      let result = try CommandLineProgram.run(
        "compare",
        trace,
        "--policy",
        "default",
        "--policy",
        "route-prefill=round-robin",
        "--order",
        "sjf"
      )
      #expect(result.status == 0)
      #expect(result.output.contains("A        order=sjf\n"))
      #expect(result.output.contains("B        route-prefill=round-robin order=sjf\n"))
      #expect(result.output.contains("v A"))
    }
  }

  @Test func `lists name what there is`() throws {
    #expect(try CommandLineProgram.run("policies").output.contains("  least-tokens "))
    #expect(try CommandLineProgram.run("fleets").output.hasPrefix("trn3-cs3 (default)  "))
    #expect(try CommandLineProgram.run("formats").output.contains("mooncake  "))
  }

  @Test func `a synthesized trace can be replayed`() throws {
    try CommandLineProgram.withFolder { folder in
      for name in ["chat.csv", "chat.csv.zst", "chat.replay.zst"] {
        let path = folder + "/" + name
        let written = try CommandLineProgram.run(
          "trace",
          "synth",
          "chat",
          "--requests",
          "100",
          "--seed",
          "7",
          "-o",
          path
        )
        #expect(written.status == 0)
        let result = try CommandLineProgram.run("run", path, "--json")
        #expect(result.output.contains("\"offered\": 100,"))
      }
    }
  }

  @Test func `the help of run shows its usage, options, units and defaults`() throws {
    let help = try CommandLineProgram.run("run", "--help")
    #expect(help.status == 0)
    for part in [
      "USAGE: replay run [<options>] <trace>",
      "  <trace>                 The trace file: plain, gzip or zstd.\n",
      "  --fleet <name>          The fleet: a name, see 'replay fleets', or a file.\n",
      """
        --measure <from..to>    Measure only sessions that start, tokens that come
                                and what instances do in a window, such as 60s..600s,
                                or 60s.. for one without end.
      """,
      """
        --loop <mode>           'open' keeps recorded arrivals; 'closed' starts a
                                turn when those before it in its session have come
                                far enough; 'auto' is closed where some of a trace's
                                first requests, up to 65,536, wait for others, else
                                open. (default: auto)
      """,
      """
        --horizon <duration>    The last instant that is simulated, such as 600s;
                                units ns, us, ms, s.
      """,
      """
        --load <share>          The estimated utilization of the busiest pool to
                                which the rate is scaled.
      """,
      "  --order <spec>          Orders the prompts that wait at an instance.\n",
      "  --seed <seed>           The seed of the policies' random draws. (default: 0)\n",
    ] {
      #expect(help.output.contains(part), "\(help.output)")
    }
  }
}
