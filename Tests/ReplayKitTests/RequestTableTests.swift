import Foundation
import Testing

/// The table of requests, and the other things that a run writes when asked to.
@Suite(.enabled(if: CommandLineProgram.path != nil, "the program has not been built"))
struct RequestTableTests {
  @Test func `a table of requests is the same every time, compressed or not`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try CommandLineProgram.trace(in: folder)
      let (first, second) = (folder + "/first.csv", folder + "/second.csv")
      for path in [first, second] {
        let result = try CommandLineProgram.run("run", trace, "--requests", path)
        #expect(result.status == 0)
        #expect(result.errors == "")
      }
      let text = try String(contentsOfFile: first, encoding: .utf8)
      #expect(try String(contentsOfFile: second, encoding: .utf8) == text)
      #expect(text.split(separator: "\n").count == 51)
      #expect(text.hasPrefix("record,session,class,outcome,"))
      let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      #expect(names == ["first.csv", "second.csv", "trace.csv"])
      let packed = folder + "/third.csv.zst"
      #expect(try CommandLineProgram.run("run", trace, "--requests", packed).status == 0)
      let magic = try Data(contentsOf: URL(fileURLWithPath: packed)).prefix(4)
      #expect(Array(magic) == [0x28, 0xB5, 0x2F, 0xFD])
    }
  }

  @Test func `every column is listed with its meaning`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try CommandLineProgram.trace(in: folder)
      let path = folder + "/requests.csv"
      _ = try CommandLineProgram.run("run", trace, "--requests", path)
      let header = try String(contentsOfFile: path, encoding: .utf8).prefix { $0 != "\n" }
      let list = try CommandLineProgram.run("columns").output.split(separator: "\n").dropFirst()
      let names = list.map { line in line.prefix { $0 != " " } }
      #expect(names == header.split(separator: ","))
    }
  }

  @Test func `a table that cannot be written ends with 74 before anything is simulated`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try CommandLineProgram.trace(in: folder)
      let absent = folder + "/missing/requests.csv"
      let unwritable = try CommandLineProgram.run("run", trace, "--requests", absent)
      #expect(unwritable.status == 74)
      #expect(
        unwritable.errors == "error: \(absent): cannot create: No such file or directory\n"
      )
      let directory = folder + "/folder.csv"
      try FileManager.default.createDirectory(
        atPath: directory,
        withIntermediateDirectories: false
      )
      let isFolder = try CommandLineProgram.run("run", trace, "--requests", directory)
      #expect(isFolder.status == 74)
      #expect(isFolder.errors == "error: \(directory): is a folder\n")
      let isTrace = try CommandLineProgram.run("run", trace, "--requests", trace)
      #expect(isTrace.status == 64)
      #expect(isTrace.errors == "error: --requests is the trace itself, '\(trace)'\n")
      let pipe = folder + "/pipe.csv"
      let made = unsafe mkfifo(pipe, 0o600)
      #expect(made == 0)
      let toPipe = try CommandLineProgram.run("run", trace, "--requests", pipe)
      #expect(toPipe.status == 74)
      #expect(toPipe.errors == "error: \(pipe): is not a file\n")
    }
  }

  @Test func `a table and a report need names of their own`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try CommandLineProgram.trace(in: folder)
      let path = folder + "/both.csv"
      let result = try CommandLineProgram.run("run", trace, "--requests", path, "--out", path)
      #expect(result.status == 64)
      #expect(result.errors == "error: --requests and --out are one file, '\(path)'\n")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["trace.csv"])
    }
  }

  @Test func `a failed run leaves no table`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = folder + "/bad.csv"
      try "arrival_seconds,prompt_tokens,output_tokens\n0,10,5\n1,-3,5\n"
        .write(toFile: trace, atomically: true, encoding: .utf8)
      let path = folder + "/requests.csv.zst"
      let result = try CommandLineProgram.run("run", trace, "--requests", path)
      #expect(result.status == 65)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["bad.csv"])
    }
  }

  @Test func `a comparison writes no table and explains no request`() throws {
    for option in ["--requests", "--explain"] {
      let result = try CommandLineProgram.run(
        "compare",
        "x.csv",
        "--policy",
        "default",
        "--policy",
        "round-robin",
        option,
        "1"
      )
      #expect(result.status == 64)
      #expect(result.errors.hasPrefix("error: Unknown option '\(option)'"))
    }
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
      let out = folder + "/out.json"
      let table = folder + "/out.csv"
      let result = try CommandLineProgram.run(
        "run",
        trace,
        "--explain",
        "50",
        "--out",
        out,
        "--requests",
        table
      )
      #expect(result.status == 0)
      #expect(
        result.errors
          == "warning: --explain is 50, and no such record is among the 50 requests that were "
          + "offered\n"
      )
      #expect(result.output.hasPrefix("trace "))
      for file in [out, table] { #expect(FileManager.default.fileExists(atPath: file)) }
    }
  }
}
