import Foundation
import Testing

/// `replay trace`, by the program.
@Suite(.enabled(if: CommandLineProgram.path != nil, "the program has not been built"))
struct TraceCommandTests {
  private static let sessions = """
    {"session_id": "0", "timestamp": 0, "input_length": 513, "output_length": 1, "hash_ids": [0, 1]}
    {"session_id": "0", "delay": 4000, "input_length": 7, "output_length": 2, "hash_ids": [2]}
    {"session_id": "1", "timestamp": 2000, "input_length": 9, "output_length": 3, "hash_ids": [0]}

    """

  @Test func `an imported trace tells what it holds, and where it is from`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try CommandLineProgram.trace(in: folder)
      let out = folder + "/t.replay.zst"
      let result = try run("import", trace, out, "--licence", "CC0-1.0", "--note", "made up")
      #expect(result.status == 0 && result.errors == "")
      #expect(result.output.hasPrefix("\(out): 50 requests, "))
      let info = try json("info", out)
      #expect(info["rows"] as? Int == 50)
      #expect(info["bytes"] as? Int == (try size(out)))
      let provenance = try #require(info["provenance"] as? [String: String])
      #expect(provenance["licence"] == "CC0-1.0" && provenance["note"] == "made up")
      #expect(provenance["format"] == "csv")
      let digest = try #require(info["digest"] as? String)
      #expect(result.output.hasSuffix("digest \(digest)\n"))
      #expect(try json("info", trace)["digest"] as? String == digest)
      let text = try run("info", out).output
      #expect(text.hasPrefix("t.replay.zst\n  requests    50\n  span        49.0 s\n"))
      #expect(text.contains("\nnames\n  classes  chat 100.0 %\n"))
    }
  }

  @Test func `head prints the columns that there are, or those that are named`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try write(Self.sessions, folder + "/t.jsonl")
      #expect(
        try run("head", trace, "-n", "2").output == """
          record,arrival_seconds,prompt_tokens,output_tokens,session,turn,parents,prefix_node,\
          prefix_blocks
          0,0,513,1,0,0,,0,2
          2,2,9,3,1,0,,0,1

          """
      )
      #expect(
        try run("head", trace, "--columns", "turn,parents").output
          == "turn,parents\n0,\n0,\n1,0:4\n"
      )
    }
  }

  @Test func `verify has a line for every file and the status of the first that fails`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try CommandLineProgram.trace(in: folder)
      let out = folder + "/t.replay.zst"
      #expect(try run("import", trace, out).status == 0)
      #expect(try run("verify", out, trace).status == 0)
      var bytes = try Data(contentsOf: URL(fileURLWithPath: out))
      bytes[bytes.count - 300] ^= 1
      let broken = folder + "/broken.replay.zst"
      try bytes.write(to: URL(fileURLWithPath: broken))
      let missing = folder + "/missing"
      let result = try run("verify", out, broken, missing, trace)
      let lines = result.output.split(separator: "\n")
      #expect(result.status == 65 && result.errors == "" && lines.count == 4)
      #expect(lines[0].hasPrefix("\(out): ok, 50 requests, digest "))
      #expect(lines[1].hasPrefix("\(broken): ") && !lines[1].contains(": ok,"))
      #expect(lines[2].hasPrefix("\(missing): cannot open"))
      #expect(lines[3].hasPrefix("\(trace): ok, 50 requests, digest "))
      #expect(try run("verify", missing, broken).status == 66)
    }
  }

  @Test func `what is exported imports as it was, and what cannot be is named`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try write(Self.sessions, folder + "/t.jsonl")
      let packed = folder + "/t.replay.zst"
      #expect(try run("import", trace, packed).status == 0)
      let back = folder + "/back.jsonl"
      #expect(try run("export", packed, back).status == 0)
      #expect(try String(contentsOfFile: back, encoding: .utf8) == Self.sessions)
      let csv = folder + "/back.csv.zst"
      let refused = try run("export", packed, csv)
      #expect(refused.status == 64)
      #expect(refused.errors.contains("the format csv cannot hold record"))
      #expect(refused.errors.hasSuffix("--drop record,prefix leaves that out\n"))
      #expect(!FileManager.default.fileExists(atPath: csv))
      #expect(try run("export", packed, csv, "--drop", "record,prefix").status == 0)
      #expect(try json("info", csv)["rows"] as? Int == 3)
    }
  }

  @Test func `a cut is the same from a file of any format`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try CommandLineProgram.trace(in: folder)
      let packed = folder + "/t.replay.zst"
      #expect(try run("import", trace, packed).status == 0)
      var digests: Set<String> = []
      for (source, out) in [(trace, "a.replay.zst"), (packed, "b.replay.zst")] {
        let window = ["--from", "10s", "--to", "20500ms"]
        #expect(try run(["cut", source, folder + "/" + out] + window).status == 0)
        let info = try json("info", folder + "/" + out)
        #expect(info["rows"] as? Int == 11)
        digests.insert(try #require(info["digest"] as? String))
      }
      #expect(digests.count == 1)
      #expect(try run("cut", packed, folder + "/c.csv", "--from", "48s").status == 0)
      #expect(
        try String(contentsOfFile: folder + "/c.csv", encoding: .utf8) == """
          arrival_seconds,prompt_tokens,output_tokens,class
          0,148,20,chat
          1,149,20,chat

          """
      )
      let empty = try run("cut", packed, folder + "/d.csv", "--from", "49500ms")
      #expect(empty.status == 65 && !FileManager.default.fileExists(atPath: folder + "/d.csv"))
    }
  }

  @Test func `merged traces start at their offsets`() throws {
    try CommandLineProgram.withFolder { folder in
      let first = try CommandLineProgram.trace(in: folder, requests: 2)
      let second = try write(Self.sessions, folder + "/t.jsonl")
      let out = folder + "/m.replay.zst"
      #expect(try run("merge", first, second, out, "--offsets", "0s,500ms").status == 0)
      let head = try run("head", out, "--columns", "record,arrival_seconds,session,class,parents")
      #expect(
        head.output == """
          record,arrival_seconds,session,class,parents
          0,0,,chat,
          1,0.5,0,,
          2,1,,chat,
          3,2.5,1,,
          4,4.5,0,,1:4

          """
      )
    }
  }

  @Test func `fine times are rounded and missing ones made only where that is asked for`() throws {
    try CommandLineProgram.withFolder { folder in
      let out = folder + "/out.replay.zst"
      let fine = try write(
        "arrived_at,num_prefill_tokens,num_decode_tokens\n0,1,1\n0.99999999999,2,1\n",
        folder + "/fine.csv"
      )
      let refused = try run("import", fine, out)
      #expect(refused.status == 65 && refused.errors.contains("--round"))
      #expect(try run("import", fine, out, "--round").status == 0)
      let head = try run("head", out, "--columns", "arrival_seconds")
      #expect(head.output == "arrival_seconds\n0\n1\n")
      let lengths = try write(
        "num_prefill_tokens,num_decode_tokens\n1,1\n2,1\n3,1\n",
        folder + "/lengths.csv"
      )
      let untimed = try run("info", lengths)
      #expect(untimed.status == 65 && untimed.errors.contains("--sessions-per-second"))
      let paced = try run(
        ["head", lengths, "--sessions-per-second", "4", "--columns", "arrival_seconds"]
      )
      #expect(paced.output == "arrival_seconds\n0\n0.25\n0.5\n")
    }
  }

  @Test func `a pipe is read where once is enough`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try CommandLineProgram.trace(in: folder)
      let pipe = folder + "/pipe"
      #expect(unsafe mkfifo(pipe, 0o600) == 0)
      let refused = try run("export", pipe, folder + "/out.csv")
      #expect(refused.status == 64 && refused.errors.contains("is a pipe"))
      let feeder = Process()
      feeder.executableURL = URL(fileURLWithPath: "/bin/sh")
      feeder.arguments = ["-c", "cat \"$0\" > \"$1\"", trace, pipe]
      try feeder.run()
      #expect(try run("import", pipe, folder + "/out.replay.zst").status == 0)
      feeder.waitUntilExit()
      #expect(try json("info", folder + "/out.replay.zst")["rows"] as? Int == 50)
    }
  }

  @Test func `mistakes are told before anything is written`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try CommandLineProgram.trace(in: folder)
      let out = folder + "/out.replay.zst"
      for (arguments, status, message) in [
        (["import", trace, folder + "/out.zst"], Int32(64), "does not end in .replay.zst"),
        (["import", trace, out, "--level", "23"], 64, "--level is 23; expected 1 to 22"),
        (["import", trace, out, "--sessions-per-second", "0"], 64, "expected a number above 0"),
        (["import", trace, out, "--format", "azur"], 64, "did you mean 'azure'?"),
        (["import", folder + "/missing", out], 66, "missing: cannot open"),
        (["import", folder, out], 66, "is a folder"),
        (["import", trace, folder + "/no/out.replay.zst"], 74, "cannot create"),
        (["import", trace, out, "--format", "azure"], 65, "trace.csv:1:1: "),
        (["head", trace, "-n", "0"], 64, "-n is 0; expected at least 1"),
        (["head", trace, "--columns", "promt_tokens"], 64, "did you mean 'prompt_tokens'?"),
        (["export", trace, folder + "/out.json"], 64, "ends in none of .csv"),
        (["export", trace, folder + "/out.csv", "--drop", "clas"], 64, "did you mean 'class'?"),
        (["export", trace, trace], 64, "<out> is the trace itself"),
        (["cut", trace, out], 64, "cut needs --from, --to or both"),
        (["cut", trace, out, "--from", "2s", "--to", "1s"], 64, "expected an earlier one"),
        (["cut", trace, out, "--from", "2"], 64, "--from is '2'"),
        (["merge", trace, out], 64, "merge needs at least two traces"),
        (["merge", trace, trace, out, "--offsets", "1s"], 64, "1 durations for 2 traces"),
        (["merge", trace, trace, trace], 64, "<out> is the trace itself"),
      ] {
        let result = try run(arguments)
        #expect(result.status == status, "\(arguments)")
        #expect(result.errors.hasPrefix("error: ") && result.errors.contains(message))
        #expect(result.output == "")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["trace.csv"])
      }
    }
  }

  private func run(_ arguments: String...) throws -> CommandLineProgram.Result {
    try run(arguments)
  }

  private func run(_ arguments: [String]) throws -> CommandLineProgram.Result {
    let process = try CommandLineProgram.process(["trace"] + arguments)
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let errorText = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return CommandLineProgram.Result(
      status: process.terminationStatus,
      output: String(decoding: text, as: UTF8.self),
      errors: String(decoding: errorText, as: UTF8.self)
    )
  }

  private func json(_ arguments: String...) throws -> [String: Any] {
    let result = try run(arguments + ["--json"])
    #expect(result.status == 0)
    let data = Data(result.output.utf8)
    return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  private func size(_ path: String) throws -> Int {
    try Data(contentsOf: URL(fileURLWithPath: path)).count
  }

  private func write(_ text: String, _ path: String) throws -> String {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return path
  }
}
