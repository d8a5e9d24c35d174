import Foundation
import Testing
import Workload

/// What `replay trace` says of traces at the edge: none, extreme, from a pipe.
@Suite(.enabled(if: CommandLineProgram.path != nil, "the program has not been built"))
struct TraceCommandEdgeTests {
  @Test func `info is a page for people`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try write(
        """
        arrival_seconds,prompt_tokens,output_tokens,class,session,turn,delay_seconds
        0,1000,10,chat,0,0,
        2.5,3000,20,chat,0,1,0.5
        60,500,5,code,1,0,
        3725,1500,5,,,0,

        """,
        folder + "/t.csv"
      )
      let packed = folder + "/t.replay.zst"
      let origin = ["--licence", "CC0-1.0", "--time-zone", "UTC"]
      #expect(try run(["import", trace, packed] + origin).status == 0)
      let file = try FileManager.default.attributesOfItem(atPath: packed)
      let bytes = try #require(file[.size] as? Int)
      let lines = try run("info", packed).output.split(
        separator: "\n",
        omittingEmptySubsequences: false
      )
      #expect(lines[7] == "  file        \(bytes) B, \(bytes / 4) B per request")
      #expect(lines[8].hasPrefix("  digest      "))
      let text = (lines[..<7] + lines[9...]).joined(separator: "\n")
      #expect(
        text == """
          t.replay.zst
            requests    4
            span        1 h 2 min
            tokens      6,000 prompt, 40 output
            rate        3.87 requests/h
            per minute  mean 0.05 requests, peak 2 (41.33 × the mean)
            burstiness  CV of inter-arrival times 1.38, index of dispersion at 1 s 1.00 (Poisson: 1)

                               mean     p50     p90     p99     max
          prompt tokens       1,500   1,250   2,550   2,955   3,000
          output tokens          10    7.50      17    19.7      20
          turns per session    1.50    1.50    1.90    1.99       2
          gap between turns  2.50 s  2.50 s  2.50 s  2.50 s  2.50 s
          delay of edges     500 ms  500 ms  500 ms  500 ms  500 ms

          columns with values  requests   share
            session                   3  75.0 %
            turn                      1  25.0 %
            parents                   1  25.0 %
            class                     3  75.0 %

          sessions
            sessions        2
            other requests  1
            edges           1, none fire at dispatch, at most 1 per request

          names
            classes  chat 50.0 %, code 25.0 %

          provenance
            source     t.csv
            format     csv
            licence    CC0-1.0
            time zone  UTC

          """
      )
    }
  }

  @Test(arguments: [
    ("0", "0 s"), ("0.25", "250 ms"), ("59.4", "59.4 s"), ("60", "1 min"),
    ("3599.4", "59 min 59 s"),
    ("3599.5", "1 h"), ("86369", "23 h 59 min"), ("86370", "1 d"), ("950400", "11 d"),
    ("9223372036", "106,752 d"),
  ])
  func `a span is said as people say it, and exactly in JSON`(last: String, text: String) throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try write(
        "arrival_seconds,prompt_tokens,output_tokens\n0,1,1\n\(last),1,1\n",
        folder + "/t.csv"
      )
      let said = try run("info", trace).output
      #expect(said.split(separator: "\n")[2] == "  span        \(text)")
      #expect(try run("info", trace, "--json").output.contains("\"spanSeconds\": \(last)"))
    }
  }

  @Test func `a trace file without requests is a trace, and a CSV without is a mistake`() throws {
    try CommandLineProgram.withFolder { folder in
      let empty = folder + "/empty.replay.zst"
      let header = try ArchiveWriter.write(
        InMemoryTrace(name: "empty", groups: []),
        to: OutputFile(path: empty),
        provenance: TraceProvenance()
      )
      let digest = header.digest.hex
      #expect(try run("verify", empty).output == "\(empty): ok, 0 requests, digest \(digest)\n")
      let head = try run("head", empty)
      #expect(head.output == "record,arrival_seconds,prompt_tokens,output_tokens\n")
      let info = try run("info", empty)
      #expect(info.status == 0)
      #expect(info.output.hasPrefix("empty.replay.zst\n  requests  0\n  span      0 s\n"))
      #expect(try run("info", empty, "--json").output.contains("\"bytesPerRow\": null"))
      let merged = folder + "/merged.replay.zst"
      #expect(try run("merge", empty, empty, merged).status == 0)
      #expect(try run("verify", merged).output.hasSuffix("ok, 0 requests, digest \(digest)\n"))
      for out in ["out.csv", "out.csv.zst", "out.jsonl"] {
        let refused = try run("export", empty, folder + "/" + out)
        #expect(refused.status != 0 && refused.errors.contains("the trace holds no requests"))
      }
      let text = try write("arrival_seconds,prompt_tokens,output_tokens\n", folder + "/e.csv")
      for command in ["info", "verify", "head"] {
        let refused = try run(command, text)
        #expect(refused.status == 65)
        #expect((refused.output + refused.errors).contains("e.csv: holds no requests"))
      }
      let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      #expect(names == ["e.csv", "empty.replay.zst", "merged.replay.zst"])
    }
  }

  @Test func `an import from a pipe keeps what the file says of itself`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try CommandLineProgram.trace(in: folder)
      let first = folder + "/first.replay.zst"
      let origin = ["--licence", "CC0", "--source", "a link", "--note", "n", "--time-zone", "UTC"]
      #expect(try run(["import", trace, first] + origin).status == 0)
      let pipe = folder + "/pipe"
      #expect(unsafe mkfifo(pipe, 0o600) == 0)
      for (source, said) in [
        (first, ["CC0", "a link", "n", "UTC", "csv"]), (trace, ["csv"]),
      ] {
        let feeder = Process()
        feeder.executableURL = URL(fileURLWithPath: "/bin/sh")
        feeder.arguments = ["-c", "cat \"$0\" > \"$1\"", source, pipe]
        try feeder.run()
        let out = folder + "/out.replay.zst"
        #expect(try run("import", pipe, out).status == 0)
        feeder.waitUntilExit()
        let text = try run("info", out, "--json").output
        for word in said { #expect(text.contains("\"\(word)\"")) }
      }
    }
  }

  @Test func `a cut and a merge say where their rows are from`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try CommandLineProgram.trace(in: folder)
      let packed = folder + "/t.replay.zst"
      #expect(try run("import", trace, packed, "--licence", "CC0").status == 0)
      let cut = folder + "/cut.replay.zst"
      #expect(try run("cut", packed, cut, "--from", "10s", "--to", "20500ms").status == 0)
      let text = try run("info", cut, "--json").output
      #expect(text.contains("\"note\": \"cut from 10 s up to 20.5 s of t.replay.zst\""))
      #expect(text.contains("\"licence\": \"CC0\"") && text.contains("\"format\": \"csv\""))
      let merged = folder + "/m.replay.zst"
      #expect(try run("merge", cut, packed, merged).status == 0)
      let note =
        "cut from 10 s up to 20.5 s of t.replay.zst; merged of cut.replay.zst, t.replay.zst"
      #expect(try run("info", merged, "--json").output.contains("\"note\": \"\(note)\""))
    }
  }

  @Test func `options that do not fit are refused, and say why`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try CommandLineProgram.trace(in: folder)
      let out = folder + "/out.csv"
      for (arguments, message) in [
        (["export", trace, out, "--level", "3"], "--level is for compressed files"),
        (["cut", trace, out, "--from", "1s", "--level", "3"], "--level is for compressed files"),
        (["merge", trace, trace, out, "--level", "3"], "--level is for compressed files"),
        (["export", trace, out + ".zst", "--level", "0"], "--level is 0; expected 1 to 22"),
        (["merge", trace, trace, out, "--offsets", "-1s,0s"], "--offsets holds '-1s'; expected"),
        (["merge", trace, trace, out, "--offsets", "1,0s"], "durations of at least 0"),
      ] {
        let result = try run(arguments)
        #expect(result.status == 64 && result.errors.contains(message), "\(arguments)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["trace.csv"])
      }
      #expect(try run("export", trace, out + ".zst", "--level", "3").status == 0)
    }
  }

  @Test func `turns at the end of their range are named, and leave no file behind`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try write(
        """
        arrival_seconds,prompt_tokens,output_tokens,session,turn,parents
        0,1,1,0,2147483647,
        1,1,1,0,0,0

        """,
        folder + "/t.csv"
      )
      let result = try run("export", trace, folder + "/t.jsonl")
      #expect(result.status == 64 && result.errors.contains("cannot hold session"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["t.csv"])
    }
  }

  private func run(_ arguments: String...) throws -> CommandLineProgram.Result {
    try run(arguments)
  }

  private func run(_ arguments: [String]) throws -> CommandLineProgram.Result {
    try CommandLineProgram.run(["trace"] + arguments)
  }

  private func write(_ text: String, _ path: String) throws -> String {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return path
  }
}
