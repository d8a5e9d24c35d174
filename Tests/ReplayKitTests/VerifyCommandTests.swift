import Foundation
import Testing

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
      #expect(try CommandLineProgram.run("verify", out).status == 66)
      #expect(try CommandLineProgram.run("verify", out, "--trace", moved).status == 0)

      let other = try CommandLineProgram.trace(in: folder, requests: 51)
      let another = try CommandLineProgram.run("verify", out, "--trace", other)
      #expect(another.status == 65)
      #expect(
        another.errors.hasPrefix("error: \(other): is another trace: it has 51 requests and ")
      )
    }
  }

  @Test func `what was changed since is named`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try CommandLineProgram.trace(in: folder)
      let out = folder + "/out"
      #expect(try CommandLineProgram.run("run", trace, "--out", out).status == 0)
      for (file, from, to, problem) in [
        ("manifest.json", "\"seed\": 0", "\"seed\": 1", "changed since it was written: seed"),
        (
          "manifest.json", "\"order\": \"fcfs\"", "\"order\": \"sjf\"",
          "changed since it was written: policy.hooks.order"
        ),
        (
          "summary.csv", "completed,,50,", "completed,,49,",
          "was changed since the run, in or after line "
        ),
        ("timeline.csv", "\n0.000000000,", "\n0.000000000,\n", "has 101 rows; the run leaves 100"),
      ] {
        let path = "\(out)/\(file)"
        let before = try String(contentsOfFile: path, encoding: .utf8)
        let range = try #require(before.firstRange(of: from))
        try before.replacingCharacters(in: range, with: to)
          .write(toFile: path, atomically: true, encoding: .utf8)
        let result = try CommandLineProgram.run("verify", out)
        #expect(result.status == 65)
        #expect(result.errors.hasPrefix("error: \(path): \(problem)"), "\(result.errors)")
        try before.write(toFile: path, atomically: true, encoding: .utf8)
      }
      try FileManager.default.removeItem(atPath: out + "/requests.csv.zst")
      let missing = try CommandLineProgram.run("verify", out)
      #expect(missing.status == 66)
      #expect(missing.errors.hasPrefix("error: \(out)/requests.csv.zst: cannot open"))
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
}
