import Foundation
import Testing

/// The dataset of a run, and the other things that a run writes when asked to.
@Suite(.enabled(if: CommandLineProgram.path != nil, "the program has not been built"))
struct DatasetTests {
  static let files = [
    "datapackage.json", "instances.csv", "manifest.json", "requests.csv.zst", "sessions.csv.zst",
    "summary.csv", "timeline.csv",
  ]

  @Test func `a dataset is the same every time and changes no result`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try CommandLineProgram.trace(in: folder)
      let (first, second) = (folder + "/a/first", folder + "/a/second/")
      let plain = try CommandLineProgram.run("run", trace)
      for path in [first, second] {
        let result = try CommandLineProgram.run("run", trace, "--out", path)
        #expect(result.status == 0)
        #expect(result.errors == "")
        #expect(Self.digests(result.output) == Self.digests(plain.output))
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: first).sorted() == Self.files)
      for file in Self.files where file != "manifest.json" {
        #expect(
          FileManager.default.contentsEqual(atPath: "\(first)/\(file)", andPath: second + file)
        )
      }
      let names = try FileManager.default.contentsOfDirectory(atPath: folder + "/a").sorted()
      #expect(names == ["first", "second"])
    }
  }

  @Test func `every column is listed with its meaning`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try CommandLineProgram.trace(in: folder)
      let path = folder + "/out"
      _ = try CommandLineProgram.run("run", trace, "--out", path)
      for table in ["instances", "timeline", "summary"] {
        let text = try String(contentsOfFile: "\(path)/\(table).csv", encoding: .utf8)
        let header = text.prefix { $0 != "\n" }
        let list = try CommandLineProgram.run("columns", table).output.split(separator: "\n")
        let names = list.dropFirst(2).map { line in line.prefix { $0 != " " } }
        #expect(names == header.split(separator: ","))
      }
      let all = try CommandLineProgram.run("columns").output
      for file in Self.files where file.contains(".csv") { #expect(all.contains("\(file): ")) }
      #expect(try CommandLineProgram.run("columns", "--markdown").output.contains("| `record` |"))
      let unknown = try CommandLineProgram.run("columns", "request")
      #expect(unknown.status == 64)
      #expect(unknown.errors.hasPrefix("error: unknown table 'request'; did you mean 'requests'?"))
    }
  }

  @Test func `the timeline has a row per pool and interval`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try CommandLineProgram.trace(in: folder)
      for (options, rows) in [([], 50), (["--interval", "10s"], 5)] {
        let path = folder + "/out\(rows)"
        _ = try CommandLineProgram.run(["run", trace, "--out", path] + options)
        let text = try String(contentsOfFile: path + "/timeline.csv", encoding: .utf8)
        #expect(text.split(separator: "\n").count == 1 + 2 * rows)
      }
    }
  }

  @Test func `a timeline that would fill the disk is refused at once`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = folder + "/far.csv"
      let out = folder + "/out"
      for (second, options) in [
        ("3000000", ["--interval", "100ms"]), ("1700000000", []),
        ("1", ["--horizon", "1000000000s", "--loop", "closed"]),
      ] {
        try "arrival_seconds,prompt_tokens,output_tokens\n0,10,5\n\(second),10,5\n"
          .write(toFile: trace, atomically: true, encoding: .utf8)
        let result = try CommandLineProgram.run(["run", trace, "--out", out] + options)
        guard second != "1" else {
          // A horizon that the run does not come to costs nothing.
          #expect(result.status == 0)
          continue
        }
        #expect(result.status == 65)
        #expect(
          result.errors.hasPrefix("error: timeline: has more than 10000000 rows by \(second) s ")
        )
        #expect(result.errors.hasSuffix("; choose a longer --interval\n"))
        #expect(!FileManager.default.fileExists(atPath: out))
        let short = ["run", trace, "--out", out, "--horizon", "60s"]
        #expect(try CommandLineProgram.run(short).status == 0)
        try FileManager.default.removeItem(atPath: out)
      }
    }
  }

  @Test func `only a dataset is replaced, and only where that is asked for`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try CommandLineProgram.trace(in: folder)
      let path = folder + "/out"
      #expect(try CommandLineProgram.run("run", trace, "--out", path).status == 0)
      let before = try Data(contentsOf: URL(filePath: path + "/summary.csv"))
      let refused = try CommandLineProgram.run("run", trace, "--limit", "7", "--out", path)
      #expect(refused.status == 64)
      #expect(refused.errors.hasPrefix("error: \(path): exists and is not empty"))
      #expect(refused.output == "")
      #expect(try Data(contentsOf: URL(filePath: path + "/summary.csv")) == before)
      let replaced = try CommandLineProgram.run(
        ["run", trace, "--limit", "7", "--overwrite", "--out", path]
      )
      #expect(replaced.status == 0)
      #expect(try Data(contentsOf: URL(filePath: path + "/summary.csv")) != before)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 2)
      let mine = folder + "/mine"
      try FileManager.default.createDirectory(atPath: mine, withIntermediateDirectories: false)
      try Data("x".utf8).write(to: URL(filePath: mine + "/notes.txt"))
      let foreign = try CommandLineProgram.run("run", trace, "--overwrite", "--out", mine)
      #expect(foreign.status == 64)
      #expect(try FileManager.default.contentsOfDirectory(atPath: mine) == ["notes.txt"])
      let isTrace = try CommandLineProgram.run("run", trace, "--overwrite", "--out", trace)
      #expect(isTrace.status == 64)
      #expect(isTrace.errors == "error: \(trace): exists and is not a folder\n")
    }
  }

  @Test func `a failed run leaves no dataset`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = folder + "/bad.csv"
      try "arrival_seconds,prompt_tokens,output_tokens\n0,10,5\n1,-3,5\n"
        .write(toFile: trace, atomically: true, encoding: .utf8)
      let out = folder + "/out"
      for (path, status) in [(trace, Int32(65)), (folder + "/none.csv", 66)] {
        #expect(try CommandLineProgram.run("run", path, "--out", out).status == status)
        // What the run would not have come to is read all the same, for the digest.
        #expect(
          try CommandLineProgram.run("run", path, "--limit", "1", "--out", out).status == status
        )
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["bad.csv"])
    }
  }

  @Test(arguments: [
    (["--interval", "1s"], "--interval is about the dataset of --out, which is not given"),
    (["--overwrite"], "--overwrite is about the dataset of --out, which is not given"),
    (["--out", "x", "--interval", "1us"], "--interval is '1us'; expected at least 1ms"),
    (["--out", "/", "--limit", "1"], "/: is no name for a new folder"),
  ])
  func `options of a dataset that make no sense end with 64`(
    options: [String],
    problem: String
  ) throws {
    let result = try CommandLineProgram.run(["run", "x.csv"] + options)
    #expect(result.status == 64)
    #expect(result.errors == "error: \(problem)\n")
  }

  @Test func `the measured part is printed by run and compare`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try CommandLineProgram.trace(in: folder)
      let run = try CommandLineProgram.run("run", trace, "--measure", "10s..20s")
      #expect(run.output.contains("measured  10 of 50 requests, 10 s..20 s\n"))
      let warm = try CommandLineProgram.run("run", trace, "--warmup", "45s", "--json")
      #expect(warm.output.contains("\"offered\": 5,"))
      #expect(warm.output.contains("\"toSeconds\": null,"))
      let compare = try CommandLineProgram.run(
        "compare",
        trace,
        "--policy",
        "default",
        "--policy",
        "round-robin",
        "--measure",
        "1500ms.."
      )
      #expect(compare.status == 0)
      #expect(compare.output.contains("measured  48 of 50 requests, 1500 ms..\n"))
    }
  }

  @Test func `the life of a request follows the summary`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try CommandLineProgram.trace(in: folder)
      let result = try CommandLineProgram.run("run", trace, "--explain", "7")
      #expect(result.status == 0)
      let life = "\nrequest 7 of class chat, 107 prompt tokens, 20 of 20 output tokens; arrival at "
      #expect(result.output.contains(life))
      #expect(result.output.contains("\nE2E "))
    }
  }

  @Test func `a request that was not offered costs a warning, not the results`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try CommandLineProgram.trace(in: folder)
      let out = folder + "/out"
      let result = try CommandLineProgram.run("run", trace, "--explain", "50", "--out", out)
      #expect(result.status == 0)
      #expect(
        result.errors
          == "warning: --explain is 50, and no such record is among the 50 requests that were "
          + "offered\n"
      )
      #expect(result.output.hasPrefix("trace "))
      #expect(FileManager.default.fileExists(atPath: out + "/manifest.json"))
    }
  }

  /// The lines that a summary ends with.
  private static func digests(_ output: String) -> [Substring] {
    output.split(separator: "\n").filter { $0.hasPrefix("result ") || $0.hasPrefix("summary ") }
  }
}
