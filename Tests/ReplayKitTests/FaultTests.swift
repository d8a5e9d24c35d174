import Foundation
import Testing

/// Writing that is cut off, refused or disturbed, at any point.
@Suite(.enabled(if: CommandLineProgram.path != nil, "the program has not been built"))
struct FaultTests {
  /// At how many points of a writing a process is killed.
  private static let kills: Int = {
    if ProcessInfo.processInfo.environment["REPLAY_INTEGRATION"] == "1" { return 50 }
    print("skipped: 40 of 50 points of a writing to kill it at; set REPLAY_INTEGRATION=1")
    return 10
  }()

  @Test func `a run that is killed leaves no dataset, and the next one is whole`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try CommandLineProgram.trace(in: folder, requests: 1_000)
      let (whole, out) = (folder + "/whole", folder + "/out")
      try Self.killAtManyPoints(["run", trace, "--out"], whole, out) { path in
        // Whatever has the name is complete.
        let verified = try CommandLineProgram.run("verify", path)
        #expect(verified.status == 0)
      }
      #expect(try CommandLineProgram.run("run", trace, "--out", out).status == 0)
      let manifests = try [whole, out].map { try Self.digests(inManifestOf: $0) }
      #expect(manifests[0] == manifests[1] && manifests[0].count == 3)
      let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      #expect(names == ["out", "trace.csv", "whole"])
    }
  }

  @Test func `an import that is killed leaves no trace file, and the next one is whole`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try CommandLineProgram.trace(in: folder, requests: 40_000)
      let (whole, out) = (folder + "/whole.replay.zst", folder + "/out.replay.zst")
      try Self.killAtManyPoints(["trace", "import", trace], whole, out) { path in
        #expect(FileManager.default.contentsEqual(atPath: path, andPath: whole))
      }
      #expect(try CommandLineProgram.run("trace", "import", trace, out).status == 0)
      #expect(FileManager.default.contentsEqual(atPath: out, andPath: whole))
    }
  }

  @Test func `a disk that is full ends with 74 and leaves nothing`() throws {
    try Self.withFileSystem(options: "size=16k") { disk in
      try CommandLineProgram.withFolder { folder in
        let trace = folder + "/chat.csv"
        _ = try CommandLineProgram.run(
          ["trace", "synth", "chat", "--requests", "4000", "-o", trace]
        )
        let packed = disk + "/out.replay.zst"
        for command in [
          ["run", trace, "--out", disk + "/out"], ["trace", "import", trace, packed],
        ] {
          let result = try CommandLineProgram.run(command)
          #expect(result.status == 74)
          #expect(result.output == "")
          #expect(result.errors.hasPrefix("error: \(disk)/out"))
          #expect(result.errors.hasSuffix(": cannot write: No space left on device\n"))
          #expect(try FileManager.default.contentsOfDirectory(atPath: disk) == [])
        }
      }
    }
  }

  @Test func `a file that grows beyond the limit is an error and leaves nothing`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try CommandLineProgram.trace(in: folder, requests: 2_000)
      let process = Process()
      process.executableURL = URL(filePath: "/bin/sh")
      let program = try #require(CommandLineProgram.path)
      // In blocks of 512 bytes, or of 1,024: less than any of the tables takes.
      let script = "ulimit -f 1; exec \"$0\" run \"$1\" --out \"$2\""
      let out = folder + "/out"
      process.arguments = ["-c", script, program, trace, out]
      let errors = Pipe()
      process.standardError = errors
      process.standardOutput = FileHandle.nullDevice
      try process.run()
      let text = errors.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      #expect(process.terminationStatus == 74)
      let found = String(decoding: text, as: UTF8.self)
      #expect(found.hasPrefix("error: \(out)"), "\(found)")
      #expect(found.hasSuffix(": cannot write: File too large\n"), "\(found)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["trace.csv"])
    }
  }

  @Test func `a folder that cannot be made or written ends with 74`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try CommandLineProgram.trace(in: folder)
      for out in [trace + "/out", "/proc/out"] {
        for command in [["run", trace], ["compare", trace, "--seed", "0", "--seed", "1"]] {
          let result = try CommandLineProgram.run(command + ["--out", out])
          #expect(result.status == 74, "\(result.errors)")
          #expect(result.output == "")
        }
      }
    }
    try Self.withFileSystem(options: "ro") { disk in
      try CommandLineProgram.withFolder { folder in
        let trace = try CommandLineProgram.trace(in: folder)
        let result = try CommandLineProgram.run("run", trace, "--out", disk + "/out")
        #expect(result.status == 74)
        #expect(result.errors.hasSuffix(": Read-only file system\n"), "\(result.errors)")
      }
    }
  }

  @Test func `a folder where a file system is mounted is refused before the run`() throws {
    try Self.withFileSystem(options: "size=1m") { disk in
      for command in [["run", "no.csv"], ["run", "no.csv", "--overwrite"]] {
        let result = try CommandLineProgram.run(command + ["--out", disk])
        #expect(result.status == 64)
        #expect(
          result.errors
            == "error: \(disk): is where a file system is mounted; name a folder in it\n"
        )
      }
    }
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func `one process writes a dataset, and a signal leaves nothing of it`(signal: Int32) throws {
    try CommandLineProgram.withFolder { folder in
      let out = folder + "/out"
      // Waits for a trace that never comes.
      let process = try CommandLineProgram.process(["run", "/dev/stdin", "--out", out])
      let (input, errors) = (Pipe(), Pipe())
      process.standardInput = input
      process.standardError = errors
      try process.run()
      try CommandLineProgram.wait(for: process, untilExists: out + ".partial")
      let trace = try CommandLineProgram.trace(in: folder)
      let second = try CommandLineProgram.run("run", trace, "--out", out)
      #expect(second.status == 74)
      #expect(second.errors == "error: \(out): another process is writing it\n")
      kill(process.processIdentifier, signal)
      let text = errors.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      #expect(process.terminationStatus == (signal == SIGINT ? 130 : 143))
      let word = signal == SIGINT ? "interrupted" : "terminated"
      #expect(String(decoding: text, as: UTF8.self) == "error: \(word)\n")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["trace.csv"])
    }
  }

  @Test func `a reader that leaves early ends the program quietly, with results complete`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try CommandLineProgram.trace(in: folder)
      let out = folder + "/out"
      for command in [["run", trace, "--out", out], ["policies"], ["verify", out], ["--help"]] {
        let process = try CommandLineProgram.process(command)
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try output.fileHandleForReading.close()
        try process.run()
        let text = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationReason == .exit)
        #expect(process.terminationStatus == 74)
        #expect(text.isEmpty)
      }
      #expect(try CommandLineProgram.run("verify", out).status == 0)
    }
  }

  /// Runs a command to its end, then many times over with another last argument, killed at points
  /// that are spread over as long as it took.
  private static func killAtManyPoints(
    _ command: [String],
    _ whole: String,
    _ out: String,
    isComplete: (String) throws -> Void
  ) throws {
    let start = Date()
    #expect(try CommandLineProgram.run(command + [whole]).status == 0)
    let duration = Date().timeIntervalSince(start)
    var partial = 0
    for point in 0..<kills {
      let process = try CommandLineProgram.process(command + [out])
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      Thread.sleep(forTimeInterval: duration * Double(point) / Double(kills))
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      if FileManager.default.fileExists(atPath: out) {
        try isComplete(out)
        try FileManager.default.removeItem(atPath: out)
      } else if process.terminationReason == .uncaughtSignal {
        partial += 1
      }
    }
    #expect(partial > 0)
  }

  private static func digests(inManifestOf folder: String) throws -> [String] {
    let data = try Data(contentsOf: URL(filePath: folder + "/manifest.json"))
    let manifest = try JSONSerialization.jsonObject(with: data) as? [String: Any]
    let trace = manifest?["trace"] as? [String: Any]
    return [manifest?["resultDigest"], manifest?["summaryDigest"], trace?["digest"]]
      .compactMap { $0 as? String }
  }

  /// Calls `body` with a file system in memory, where this process may mount one.
  private static func withFileSystem(options: String, _ body: (String) throws -> Void) throws {
    try CommandLineProgram.withFolder { folder in
      let disk = folder + "/disk"
      try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: false)
      guard try Self.run("mount", "-t", "tmpfs", "-o", options, "tmpfs", disk) == 0 else {
        return print("skipped: a test with a file system of its own, which takes root to mount")
      }
      defer { #expect((try? Self.run("umount", disk)) == 0) }
      try body(disk)
    }
  }

  private static func run(_ command: String...) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = command
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }
}
