import Foundation
import Testing

/// Files that the program writes, and those of others, which it leaves alone.
@Suite(.enabled(if: CommandLineProgram.path != nil, "the program has not been built"))
struct OutputTests {
  @Test(arguments: [
    (SIGINT, Int32(130), "error: interrupted\n"), (SIGTERM, 143, "error: terminated\n"),
  ])
  func `a signal removes what is incomplete, and nothing else`(
    signal: Int32,
    status: Int32,
    message: String
  ) throws {
    try CommandLineProgram.withFolder { folder in
      let out = folder + "/big.csv"
      let mine = out + ".partial"
      try Data("mine".utf8).write(to: URL(fileURLWithPath: mine))
      let process = try CommandLineProgram.process(
        ["synthesize", "chat", "--requests", "1000000000", "--seed", "1", out]
      )
      let errors = Pipe()
      process.standardError = errors
      try process.run()
      while process.isRunning,
        try FileManager.default.contentsOfDirectory(atPath: folder).count < 2
      {
        Thread.sleep(forTimeInterval: 0.01)
      }
      kill(process.processIdentifier, signal)
      process.waitUntilExit()
      #expect(process.terminationStatus == status)
      let text = errors.fileHandleForReading.readDataToEndOfFile()
      #expect(String(decoding: text, as: UTF8.self) == message)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["big.csv.partial"])
      #expect(try String(contentsOfFile: mine, encoding: .utf8) == "mine")
    }
  }

  @Test(arguments: [
    ["--requests", "big.csv"], ["--requests", "big.csv.zst"], ["--out", "big.json"],
  ])
  func `a file that grows beyond the limit is an error and leaves nothing`(
    option: [String]
  ) throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try CommandLineProgram.trace(in: folder, requests: 2_000)
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      let program = try #require(CommandLineProgram.path)
      // In blocks of 512 bytes, or of 1,024: less than any of the outputs takes.
      let script = "ulimit -f 1; exec \"$0\" run \"$1\" --slo chat:ttft=1s \"$2\" \"$3\""
      let out = folder + "/" + option[1]
      process.arguments = ["-c", script, program, trace, option[0], out]
      let errors = Pipe()
      process.standardError = errors
      process.standardOutput = FileHandle.nullDevice
      try process.run()
      let text = errors.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      #expect(process.terminationStatus == 74)
      let found = String(decoding: text, as: UTF8.self)
      #expect(found == "error: \(out): cannot write: File too large\n")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["trace.csv"])
    }
  }

  @Test func `one file under two names is one file`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try CommandLineProgram.trace(in: folder)
      let inner = folder + "/inner"
      try FileManager.default.createDirectory(atPath: inner, withIntermediateDirectories: false)
      let link = folder + "/link.csv"
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "inner/x.csv")
      let table = folder + "/x.csv"
      for (requests, out) in [
        (table, folder + "/./x.csv"), (table, inner + "/../x.csv"), (inner + "/x.csv", link),
      ] {
        let result = try CommandLineProgram.run("run", trace, "--requests", requests, "--out", out)
        #expect(result.status == 64)
        #expect(result.errors == "error: --requests and --out are one file, '\(requests)'\n")
      }
      // The link stays one, and what it leads to is written.
      #expect(try CommandLineProgram.run("run", trace, "--requests", link).status == 0)
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "inner/x.csv")
      #expect(try FileManager.default.contentsOfDirectory(atPath: inner) == ["x.csv"])
    }
  }

  @Test func `no output takes the place of an input`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try CommandLineProgram.trace(in: folder)
      let (fleet, policy) = (folder + "/fleet.yaml", folder + "/mine.policy")
      try Data("pools:".utf8).write(to: URL(fileURLWithPath: fleet))
      try Data("order: sjf\n".utf8).write(to: URL(fileURLWithPath: policy))
      let link = folder + "/link.csv"
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: policy)
      for (option, file, what) in [
        ("--out", trace, "trace"), ("--out", fleet, "fleet file"), ("--out", policy, "policy file"),
        ("--requests", link, "policy file"), ("--requests", folder + "/./trace.csv", "trace"),
      ] {
        let before = try Data(contentsOf: URL(fileURLWithPath: file))
        let result = try CommandLineProgram.run(
          "run",
          trace,
          "--fleet",
          fleet,
          "--policy",
          policy,
          option,
          file
        )
        #expect(result.status == 64)
        #expect(result.errors == "error: \(option) is the \(what) itself, '\(file)'\n")
        #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == before)
      }
    }
  }

  @Test func `a synthetic trace replaces files only`() throws {
    try CommandLineProgram.withFolder { folder in
      let (inner, pipe) = (folder + "/inner.csv", folder + "/pipe.csv")
      try FileManager.default.createDirectory(atPath: inner, withIntermediateDirectories: false)
      let made = unsafe mkfifo(pipe, 0o600)
      #expect(made == 0)
      for (path, problem) in [(inner, "is a folder"), (pipe, "is not a file")] {
        let result = try CommandLineProgram.run(
          "synthesize",
          "chat",
          "--requests",
          "1",
          "--seed",
          "1",
          path
        )
        #expect(result.status == 74)
        #expect(result.errors == "error: \(path): \(problem)\n")
      }
      let (file, link) = (folder + "/file.csv", folder + "/link.csv")
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: file)
      let result = try CommandLineProgram.run(
        "synthesize",
        "chat",
        "--requests",
        "1",
        "--seed",
        "1",
        link
      )
      #expect(result.status == 0)
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == file)
      #expect(FileManager.default.fileExists(atPath: file))
    }
  }
}
