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
        ["trace", "synth", "chat", "--requests", "1000000000", "-o", out]
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

  @Test func `a synthetic trace replaces files only`() throws {
    try CommandLineProgram.withFolder { folder in
      let (inner, pipe) = (folder + "/inner.csv", folder + "/pipe.csv")
      try FileManager.default.createDirectory(atPath: inner, withIntermediateDirectories: false)
      let made = unsafe mkfifo(pipe, 0o600)
      #expect(made == 0)
      for (path, problem) in [(inner, "is a folder"), (pipe, "is not a file")] {
        let result = try CommandLineProgram.run(
          "trace",
          "synth",
          "chat",
          "--requests",
          "1",
          "-o",
          path
        )
        #expect(result.status == 74)
        #expect(result.errors == "error: \(path): \(problem)\n")
      }
      let (file, link) = (folder + "/file.csv", folder + "/link.csv")
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: file)
      let result = try CommandLineProgram.run(
        "trace",
        "synth",
        "chat",
        "--requests",
        "1",
        "-o",
        link
      )
      #expect(result.status == 0)
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == file)
      #expect(FileManager.default.fileExists(atPath: file))
    }
  }
}
