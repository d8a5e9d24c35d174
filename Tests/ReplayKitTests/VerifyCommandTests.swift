import Foundation
import Testing
import Workload

@Suite(.enabled(if: CommandLineProgram.path != nil, "the program has not been built"))
struct VerifyCommandTests {
  @Test func `a run is reproduced from its manifest and the trace alone`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try CommandLineProgram.trace(in: folder)
      let (fleet, policy) = (folder + "/fleet.yaml", folder + "/mine.policy")
      let text = try CommandLineProgram.fleetText
      try text.write(toFile: fleet, atomically: true, encoding: .utf8)
      try "order: sjf\n".write(toFile: policy, atomically: true, encoding: .utf8)
      let out = folder + "/out"
      let run = try CommandLineProgram.run([
        "run", trace, "--fleet", fleet, "--policy", policy, "--load", "0.7", "--seed", "9",
        "--slo", "chat:ttft=1s,tpot=50ms", "--measure", "100us..", "--limit", "40", "--loop",
        "closed", "--view-lag", "100ms", "--interval", "500ms", "--out", out,
      ])
      #expect(run.status == 0, "\(run.errors)")
      for path in [fleet, policy] { try FileManager.default.removeItem(atPath: path) }
      let verified = try CommandLineProgram.run("verify", out)
      #expect(verified.output == "\(out): reproduced\n", "\(verified.errors)")
      #expect(verified.status == 0)

      // The trace may move, and must then be named.
      let moved = folder + "/moved.csv"
      try FileManager.default.moveItem(atPath: trace, toPath: moved)
      let gone = try CommandLineProgram.run("verify", out)
      #expect(gone.status == 66)
      let hint = " (the manifest's path; name it with --trace)\n"
      #expect(gone.errors.hasPrefix("error: \(trace): ") && gone.errors.hasSuffix(hint))
      #expect(try CommandLineProgram.run("verify", out, "--trace", moved).status == 0)

      let other = try CommandLineProgram.trace(in: folder, requests: 51)
      let another = try CommandLineProgram.run("verify", out, "--trace", other)
      #expect(another.status == 65)
      #expect(
        another.errors.hasPrefix("error: \(other): is another trace: it has 51 requests and ")
      )
      #expect(try CommandLineProgram.run("verify", out).errors.hasSuffix(hint))
    }
  }

  @Test func `the trace of a pipe has to be named`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try CommandLineProgram.trace(in: folder)
      let (out, pipe) = (folder + "/out", folder + "/pipe")
      let made = unsafe mkfifo(pipe, 0o600)
      try #require(made == 0)
      let process = try CommandLineProgram.process(["run", pipe, "--out", out])
      process.standardOutput = FileHandle.nullDevice
      try process.run()
      try Data(contentsOf: URL(filePath: trace)).write(to: URL(filePath: pipe))
      process.waitUntilExit()
      try #require(process.terminationStatus == 0)
      let verified = try CommandLineProgram.run("verify", out)
      #expect(verified.status == 66)
      #expect(
        verified.errors
          == "error: \(pipe): was a pipe (the manifest's path; name it with --trace)\n"
      )
      #expect(try CommandLineProgram.run("verify", out, "--trace", trace).status == 0)
    }
  }

  @Test func `a field of the manifest that was changed since is named`() throws {
    try Self.withDataset { out in
      let file = out + "/manifest.json"
      let before = try String(contentsOfFile: file, encoding: .utf8)
      for (from, to, field) in [
        ("\"seed\": 0", "\"seed\": 1", "seed"),
        ("\"order\": \"fcfs\"", "\"order\": \"sjf\"", "policy.hooks.order"),
        ("\"timeline.csv\": \"", "\"timeline.csv\": \"0", "files.timeline.csv"),
      ] {
        let range = try #require(before.firstRange(of: from))
        try before.replacingCharacters(in: range, with: to)
          .write(toFile: file, atomically: true, encoding: .utf8)
        let result = try CommandLineProgram.run("verify", out)
        #expect(result.status == 65)
        #expect(result.errors == "error: \(file): changed since it was written: \(field)\n")
      }
    }
  }

  @Test(arguments: DatasetTests.files.filter { $0 != "manifest.json" })
  func `a file that was edited, emptied, cut or removed is named`(name: String) throws {
    try Self.withDataset { out in
      let file = URL(filePath: "\(out)/\(name)")
      let whole = try Data(contentsOf: file)
      func check(_ status: Int32, _ problem: String) throws {
        let result = try CommandLineProgram.run("verify", out)
        #expect(result.status == status)
        #expect(result.output == "")
        #expect(
          result.errors.hasPrefix("error: \(file.path): \(problem)"),
          "\(result.errors)"
        )
      }
      // The last digit or letter of a plain text, with everything else as it was; a frame of zstd
      // also has a checksum.
      let text = try PlainBytes(path: file.path).rest(limit: 1 << 20)
      let position = try #require(
        text.lastIndex { (48...57).contains($0) || (97...122).contains($0) }
      )
      var edited = text
      edited[position] ^= 1
      try Data(edited).write(to: file)
      try check(65, "was changed since the run wrote it")
      try Data(text.dropLast()).write(to: file)
      try check(65, "was changed since the run wrote it")
      try Data().write(to: file)
      try check(65, "is empty")
      if name.hasSuffix(".zst") {
        try whole.dropLast(5).write(to: file)
        try check(65, "")
        // How it is packed is no matter.
        try Data(text).write(to: file)
        #expect(try CommandLineProgram.run("verify", out).status == 0)
      }
      try FileManager.default.removeItem(at: file)
      try check(66, "cannot open")
      try FileManager.default.createDirectory(at: file, withIntermediateDirectories: false)
      try check(65, "is a folder; expected a file")
    }
  }

  @Test func `every folder is looked at, and the first failure is the status`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try CommandLineProgram.trace(in: folder)
      let out = folder + "/out"
      #expect(try CommandLineProgram.run("run", trace, "--out", out).status == 0)
      let result = try CommandLineProgram.run("verify", folder + "/none", folder, out)
      #expect(result.status == 66)
      #expect(result.output == "\(out): reproduced\n")
      #expect(result.errors.split(separator: "\n").count == 2)
      #expect(try CommandLineProgram.run("verify").status == 64)
    }
  }

  /// Calls `body` with the dataset of a small run.
  private static func withDataset(_ body: (String) throws -> Void) throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try CommandLineProgram.trace(in: folder)
      let out = folder + "/out"
      try #require(try CommandLineProgram.run("run", trace, "--out", out).status == 0)
      try body(out)
    }
  }
}
