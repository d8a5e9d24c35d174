import Foundation
import Testing

/// What a user reads, and what a script sees, when something is wrong.
@Suite(.enabled(if: CommandLineProgram.path != nil, "the program has not been built"))
struct CommandLineErrorTests {
  @Test(arguments: [
    (["--fleet", "trn3-cs"], "error: unknown fleet 'trn3-cs'; did you mean 'trn3-cs3'?"),
    (
      ["--route-prefill", "least-token"],
      "error: unknown policy 'least-token' for route-prefill; did you mean 'least-tokens'?"
    ),
    (["--policy", "defualt"], "error: unknown preset 'defualt'; did you mean 'default'?"),
    (["--format", "azur"], "error: unknown format 'azur'; did you mean 'azure'?"),
    (["--engine", "steping"], "error: unknown engine 'steping'; did you mean 'stepping'?"),
    (["--consult", "evry"], "error: unknown consultation 'evry'; did you mean 'every'?"),
    (["--slo", "ttft=1"], "error: SLO 'ttft=1' has no duration above 0 in 'ttft=1'; expected "),
    (["--horizon", "10"], "error: --horizon is '10'; expected a duration above 0, such as 600s"),
    (["--limit", "0"], "error: --limit is 0; expected at least 1"),
    (["--load", "0"], "error: --load is 0.0; expected a number above 0"),
    (["--rate-scale", "inf"], "error: --rate-scale is inf; expected a number above 0"),
    (["--load", "1", "--rate-scale", "1"], "error: --rate-scale and --load exclude each other"),
    (["--load", "-1"], "error: --load is -1.0; expected a number above 0"),
    (["--limit", "-1"], "error: --limit is -1; expected at least 1"),
    (["--seed", "x"], "error: The value 'x' is invalid for '--seed <seed>'"),
    (
      ["--loop", "opne"],
      "error: unknown loop 'opne'; did you mean 'open'? Known: auto, open, closed"
    ),
    (["--view-lag", "0s"], "error: --view-lag is '0s'; expected a duration above 0, such as 600s"),
    (["--view-lag", "3601s"], "error: --view-lag is '3601s'; expected at most an hour"),
    (["--warmup", "60"], "error: --warmup is '60'; expected a duration above 0, such as 600s"),
    (["--measure", "60s"], "error: --measure is '60s'; expected FROM..TO, such as 60s..600s, or "),
    (["--measure", "..60s"], "error: --measure is '..60s'; expected FROM..TO"),
    (["--measure", "1s..2s..3s"], "error: --measure is '1s..2s..3s'; expected FROM..TO"),
    (
      ["--measure", "9s..9s"],
      "error: --measure is '9s..9s', which is empty; expected TO after FROM"
    ),
    (
      ["--measure", "1s..", "--warmup", "1s"],
      "error: --measure and --warmup exclude each other"
    ),
    (["--spread-ties", "-1s"], "error: --spread-ties is '-1s'; expected a duration above 0"),
    (["--explain", "-1"], "error: --explain is -1; expected a record number, from 0"),
    (
      ["--gateway-order", "fcsf"],
      "error: unknown policy 'fcsf' for gateway-order; did you mean 'fcfs'?"
    ),
    (["--nonsense"], "error: Unknown option '--nonsense'"),
  ])
  func `usage errors name the mistake and end with 64`(
    options: [String],
    message: String
  ) throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try CommandLineProgram.trace(in: folder)
      let process = try CommandLineProgram.process(["run", trace] + options)
      let (output, errors) = (Pipe(), Pipe())
      process.standardOutput = output
      process.standardError = errors
      try process.run()
      let text = output.fileHandleForReading.readDataToEndOfFile()
      let errorText = errors.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      #expect(process.terminationStatus == 64)
      #expect(text.isEmpty)
      let found = String(decoding: errorText, as: UTF8.self)
      #expect(found.hasPrefix(message), "\(found)")
    }
  }

  @Test func `a missing argument ends with 64`() throws {
    let result = try CommandLineProgram.run("run")
    #expect(result.status == 64)
    #expect(result.errors.hasPrefix("error: Missing expected argument '<trace>'"))
  }

  @Test func `an unknown command is told the nearest`() throws {
    let result = try CommandLineProgram.run("comapre", "x.csv")
    #expect(result.status == 64)
    let message = "error: unknown command 'comapre'; did you mean 'compare'? Known: run, compare, "
    #expect(result.errors.hasPrefix(message), "\(result.errors)")
    #expect(result.errors.hasSuffix(", help\n"))
  }

  @Test func `a pipe cannot be read again, and time does not overflow`() throws {
    let pipe = try CommandLineProgram.process(["run", "/dev/stdin", "--load", "0.5"])
    pipe.standardInput = Pipe()
    let errors = Pipe()
    pipe.standardError = errors
    try pipe.run()
    let text = errors.fileHandleForReading.readDataToEndOfFile()
    pipe.waitUntilExit()
    #expect(pipe.terminationStatus == 64)
    #expect(String(decoding: text, as: UTF8.self).hasPrefix("error: /dev/stdin is a pipe, "))
    try CommandLineProgram.withFolder { folder in
      let trace = try CommandLineProgram.trace(in: folder)
      let result = try CommandLineProgram.run("run", trace, "--rate-scale", "1e-300")
      #expect(result.status == 65)
      #expect(result.errors.hasPrefix("error: record 1: arrives more than 146 years after"))
    }
  }

  @Test func `a comparison explains no request`() throws {
    let result = try CommandLineProgram.run(
      ["compare", "x.csv", "--seed", "0", "--seed", "1", "--explain", "1"]
    )
    #expect(result.status == 64)
    #expect(result.errors.hasPrefix("error: Unknown option '--explain'"))
  }

  @Test func `a missing trace or policy file ends with 66`() throws {
    let trace = try CommandLineProgram.run("run", "/nonexistent/trace.csv")
    #expect(trace.status == 66)
    #expect(trace.errors.hasPrefix("error: /nonexistent/trace.csv"))
    let policy = try CommandLineProgram.run("run", "x.csv", "--policy", "/nonexistent/x.policy")
    #expect(policy.status == 66)
    #expect(policy.errors == "error: cannot read policy file '/nonexistent/x.policy'\n")
  }

  @Test func `bad data ends with 65 and says where`() throws {
    try CommandLineProgram.withFolder { folder in
      let path = folder + "/bad.csv"
      let text = "arrival_seconds,prompt_tokens,output_tokens\n0,10,5\n1,-3,5\n"
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      let result = try CommandLineProgram.run("run", path)
      #expect(result.status == 65)
      #expect(result.errors.hasPrefix("error: \(path):3:3: "), "\(result.errors)")
      #expect(result.output == "")
    }
  }

  @Test func `a trace without a span cannot be scaled to a load`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try CommandLineProgram.trace(in: folder, requests: 1)
      let result = try CommandLineProgram.run("run", trace, "--load", "0.8")
      #expect(result.status == 65)
      #expect(result.errors.contains("its 1 requests span no time"))
    }
  }

  @Test func `an SLO for a class that nobody has is pointed out`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try CommandLineProgram.trace(in: folder)
      let result = try CommandLineProgram.run("run", trace, "--slo", "chta:ttft=1s")
      #expect(result.status == 0)
      #expect(
        result.errors == "warning: no request has class 'chta'; did you mean 'chat'?\n"
      )
      let far = try CommandLineProgram.run("run", trace, "--slo", "summary:ttft=1s")
      #expect(far.errors == "warning: no request has class 'summary'; the trace names chat\n")
      // A class that a window has no request of is still a class of the trace.
      let window = try CommandLineProgram.run(
        "run",
        trace,
        "--slo",
        "chat:ttft=1s",
        "--measure",
        "100us..200us"
      )
      #expect(window.errors == "")
    }
  }

  @Test func `a write-back to a store that is not there is pointed out, once`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try CommandLineProgram.trace(in: folder)
      let warning = "warning: write-back to a store keeps nothing, since no prefill pool of fleet "
      let run = try CommandLineProgram.run("run", trace, "--write-back", "store")
      #expect(run.status == 0)
      #expect(run.errors.hasPrefix(warning) && run.errors.count { $0 == "\n" } == 1)
      let compare = try CommandLineProgram.run(
        "compare",
        trace,
        "--write-back",
        "store",
        "--seed",
        "1",
        "--seed",
        "2"
      )
      #expect(compare.errors == run.errors)
    }
  }

  @Test func `a closed loop that has nothing to close is pointed out, once`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try CommandLineProgram.trace(in: folder)
      let warning = "warning: --loop closed changes nothing, since no request is in a session\n"
      let run = try CommandLineProgram.run("run", trace, "--loop", "closed")
      #expect(run.status == 0)
      #expect(run.errors == warning)
      let compare = try CommandLineProgram.run(
        "compare",
        trace,
        "--loop",
        "closed",
        "--policy",
        "default",
        "--policy",
        "round-robin"
      )
      #expect(compare.errors == warning)
      let sessions = folder + "/sessions.csv"
      try "arrival_seconds,prompt_tokens,output_tokens,session\n0,10,5,0\n1,10,5,0\n"
        .write(toFile: sessions, atomically: true, encoding: .utf8)
      #expect(try CommandLineProgram.run("run", sessions, "--loop", "closed").errors == "")
    }
  }
}
