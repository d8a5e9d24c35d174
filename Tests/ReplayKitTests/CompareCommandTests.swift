import Foundation
import Testing

@Suite(.enabled(if: CommandLineProgram.path != nil, "the program has not been built"))
struct CompareCommandTests {
  @Test func `traces, fleets, policies and seeds make a table per trace`() throws {
    try CommandLineProgram.withFolder { folder in
      let first = try CommandLineProgram.trace(in: folder)
      let second = folder + "/other.csv"
      try FileManager.default.copyItem(atPath: first, toPath: second)
      let result = try CommandLineProgram.run([
        "compare", first, second, "--fleet", "b200-pd", "--fleet", "trn3-cs3", "--policy",
        "default", "--policy", "route-prefill=power-of-two", "--seed", "1", "--seed", "2", "--load",
        "3", "--slo", "ttft=1s,tpot=50ms", "--threads", "3",
      ])
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.errors == "")
      let tables = result.output.split(separator: "trace      ")
      #expect(tables.count == 2)
      for (table, name) in zip(tables, ["trace.csv", "other.csv"]) {
        #expect(table.hasPrefix(name + "\n"))
        #expect(table.contains("\nD          trn3-cs3, route-prefill=power-of-two\n"))
        #expect(table.contains("options A  seeds 1, 2, rate × "))
        #expect(table.contains(" ± "))
      }
    }
  }

  @Test func `a run whose dataset is there is not made again, and prints the same`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try CommandLineProgram.trace(in: folder)
      let out = folder + "/study"
      let options = ["compare", trace, "--policy", "default", "--policy", "order=sjf", "--seed"]
      let common = ["1", "--slo", "ttft=1s,tpot=50ms", "--measure", "2s..", "--out", out]
      let first = try CommandLineProgram.run(options + common)
      #expect(first.status == 0, "\(first.errors)")
      let cells = ["default", "order%3Dsjf"].map {
        "\(out)/trace=trace.csv/fleet=trn3-cs3/policy=\($0)/seed=1"
      }
      let stamps = try cells.map(Self.stamp)
      for form in [[], ["--markdown"], ["--json"]] {
        let again = try CommandLineProgram.run(options + common + form)
        let fresh = try CommandLineProgram.run(options + common.dropLast(2) + form)
        #expect(again.status == 0, "\(again.errors)")
        #expect(again.output == fresh.output)
        if form.isEmpty { #expect(again.output == first.output) }
      }
      #expect(try cells.map(Self.stamp) == stamps)
      // Only what is missing is run.
      try FileManager.default.removeItem(atPath: cells[1])
      #expect(try CommandLineProgram.run(options + common).output == first.output)
      #expect(try Self.stamp(cells[0]) == stamps[0])
      #expect(try Self.stamp(cells[1]) != stamps[1])
      #expect(try CommandLineProgram.run(["verify"] + cells).status == 0)
      #expect(try FileManager.default.contentsOfDirectory(atPath: out) == ["trace=trace.csv"])
    }
  }

  @Test func `a folder with another run is refused with what differs, or overwritten`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try CommandLineProgram.trace(in: folder)
      let out = folder + "/study"
      let command = ["compare", trace, "--seed", "1", "--seed", "2", "--out", out]
      #expect(try CommandLineProgram.run(command).status == 0)
      let other = try CommandLineProgram.run(command + ["--limit", "7"])
      #expect(other.status == 64)
      let cell = "\(out)/trace=trace.csv/fleet=trn3-cs3/policy=default/seed=1"
      #expect(
        other.errors.hasPrefix("error: \(cell): holds another run, with other options.limit; ")
      )
      #expect(try CommandLineProgram.run(command + ["--limit", "7", "--overwrite"]).status == 0)
      #expect(try CommandLineProgram.run("verify", cell).status == 0)
      // An edited manifest is damage, not another run.
      let manifest = cell + "/manifest.json"
      let text = try String(contentsOfFile: manifest, encoding: .utf8)
      try text.replacing("\"limit\": 7", with: "\"limit\": 8")
        .write(toFile: manifest, atomically: true, encoding: .utf8)
      let damaged = try CommandLineProgram.run(command + ["--limit", "7"])
      #expect(damaged.status == 65)
      #expect(
        damaged.errors
          == "error: \(manifest): changed since it was written: options.limit; --overwrite makes "
          + "the runs anew\n"
      )
    }
  }

  @Test func `a damaged dataset is not printed, and is made anew on demand`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try CommandLineProgram.trace(in: folder)
      let out = folder + "/study"
      let command = ["compare", trace, "--seed", "1", "--seed", "2", "--out", out]
      let whole = try CommandLineProgram.run(command)
      #expect(whole.status == 0)
      let cells = [1, 2].map { "\(out)/trace=trace.csv/fleet=trn3-cs3/policy=default/seed=\($0)" }
      let summary = cells[0] + "/summary.csv"
      let text = try String(contentsOfFile: summary, encoding: .utf8)
      let edited = text.replacing("completed,,50,", with: "completed,,49,")
      #expect(edited != text)
      for (damage, status) in [(edited, Int32(65)), (String(text.prefix(99)), 65), (nil, 66)] {
        if let damage {
          try damage.write(toFile: summary, atomically: true, encoding: .utf8)
        } else {
          try FileManager.default.removeItem(atPath: summary)
        }
        let refused = try CommandLineProgram.run(command)
        #expect(refused.status == status)
        #expect(refused.output == "")
        #expect(refused.errors.hasPrefix("error: \(summary): "))
        #expect(refused.errors.hasSuffix("; --overwrite makes the runs anew\n"))
        let stamps = try cells.map(Self.stamp)
        let again = try CommandLineProgram.run(command + ["--overwrite"])
        #expect(again.status == 0, "\(again.errors)")
        #expect(again.output == whole.output)
        #expect(try String(contentsOfFile: summary, encoding: .utf8) == text)
        // All of them, since that is what was asked for.
        for (cell, stamp) in zip(cells, stamps) { #expect(try Self.stamp(cell) != stamp) }
      }
    }
  }

  @Test func `a comparison that fails leaves no folders, and refuses those of others`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = folder + "/bad.csv"
      try "arrival_seconds,prompt_tokens,output_tokens\n0,10,5\n1,-3,5\n"
        .write(toFile: trace, atomically: true, encoding: .utf8)
      let command = ["compare", trace, "--seed", "1", "--seed", "2", "--out"]
      #expect(try CommandLineProgram.run(command + [folder + "/a/study"]).status == 65)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["bad.csv"])

      for name in ["run", "compare"] {
        let seeds = name == "run" ? [] : ["--seed", "1", "--seed", "2"]
        for (out, problem) in [
          (trace, "\(trace): exists and is not a folder"),
          ("", "--out is ''; expected the name of a folder"),
        ] {
          let result = try CommandLineProgram.run([name, trace] + seeds + ["--out", out])
          #expect(result.status == 64)
          #expect(result.errors == "error: \(problem)\n")
        }
      }
      let good = try CommandLineProgram.trace(in: folder)
      let out = folder + "/out"
      #expect(try CommandLineProgram.run("run", good, "--out", out).status == 0)
      for more in [[], ["--overwrite"]] {
        let result = try CommandLineProgram.run(command + [out] + more)
        #expect(result.status == 64)
        #expect(
          result.errors == "error: \(out): is the dataset of a run; choose another folder\n"
        )
      }
    }
  }

  @Test func `long names and other spellings make one folder each`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try CommandLineProgram.trace(in: folder)
      let out = folder + "/study"
      let one = [
        "decode-admit=watermark", "decode-admit=watermark:free=0.01",
        "decode-admit=watermark:free=0.0100",
      ]
      let long =
        "admit=queue-cap:requests=64,tokens=100000 gateway-order=hrrn route-prefill=power-of-two "
        + "order=hrrn batch=prefill-priority:tokens=4096 route-decode=least-requests "
        + "bridge-order=hrrn decode-admit=peak-future-tokens preempt=cheapest"
      let result = try CommandLineProgram.run(
        ["compare", trace, "--out", out] + (one + [long]).flatMap { ["--policy", $0] }
      )
      #expect(result.status == 0, "\(result.errors)")
      let fleet = out + "/trace=trace.csv/fleet=trn3-cs3"
      let names = try FileManager.default.contentsOfDirectory(atPath: fleet).sorted()
      #expect(names.count == 2)
      #expect(names.allSatisfy { $0.utf8.count <= 207 })
      #expect(names.last == "policy=decode-admit%3Dwatermark")
    }
  }

  @Test func `runs that are given twice are made once, and one run is no comparison`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try CommandLineProgram.trace(in: folder)
      let one = try CommandLineProgram.run(
        ["compare", trace, trace, "--policy", "default", "--policy", "default"]
      )
      #expect(one.status == 64)
      #expect(
        one.errors
          == "error: compare needs at least two different runs, and has 1; repeat a trace, --fleet, "
          + "--policy or --seed\n"
      )
      let json = try CommandLineProgram.run([
        "compare", trace, "--seed", "3", "--seed", "4", "--seed", "3", "--json",
      ])
      let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8))
      let tables = try #require((object as? [String: Any])?["traces"] as? [[String: Any]])
      let columns = try #require(tables.first?["columns"] as? [[String: Any]])
      #expect(columns.count == 1)
      #expect(columns[0]["seeds"] as? [Int] == [3, 4])
      let metrics = try #require(columns[0]["metrics"] as? [[String: Any]])
      let offered = metrics.first { $0["metric"] as? String == "offered" }
      #expect(offered?["values"] as? [Int] == [50, 50])
    }
  }

  @Test func `two comparisons do not write one folder at a time`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try CommandLineProgram.trace(in: folder, requests: 100_000)
      let out = folder + "/study"
      let command = ["compare", trace, "--seed", "1", "--seed", "2", "--out", out]
      let first = try CommandLineProgram.process(command)
      first.standardOutput = FileHandle.nullDevice
      try first.run()
      try CommandLineProgram.wait(for: first, untilExists: out + "/.replay.lock")
      let second = try CommandLineProgram.run(command)
      kill(first.processIdentifier, SIGINT)
      first.waitUntilExit()
      #expect(second.status == 74)
      #expect(second.errors == "error: \(out): another process is writing it\n")
      #expect(first.terminationStatus == 130)
      #expect(try CommandLineProgram.files(in: out) == [])
    }
  }

  @Test func `progress is shown on a terminal and leaves nothing there`() throws {
    try CommandLineProgram.withFolder { folder in
      let trace = try CommandLineProgram.trace(in: folder, requests: 20_000)
      var (primary, secondary) = (Int32(-1), Int32(-1))
      let opened = unsafe openpty(&primary, &secondary, nil, nil, nil)
      try #require(opened == 0)
      let process = try CommandLineProgram.process(
        ["compare", trace, "--policy", "default", "--policy", "order=sjf", "--threads", "1"]
      )
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle(fileDescriptor: secondary, closeOnDealloc: false)
      try process.run()
      process.waitUntilExit()
      close(secondary)
      let text = CommandLineProgram.readAll(primary)
      close(primary)
      #expect(process.terminationStatus == 0)
      let lines = text.split(separator: "\r\u{1B}[K")
      let first = try #require(lines.first)
      #expect(first.hasPrefix("["))
      #expect(first.contains("/2 runs  "))
      #expect(lines.allSatisfy { $0.count < 80 && !$0.contains("\n") })
      #expect(text.hasSuffix("\r\u{1B}[K"))
    }
  }

  /// Tells one writing of a dataset from another.
  private static func stamp(_ folder: String) throws -> [Int] {
    let attributes = try FileManager.default.attributesOfItem(atPath: folder + "/manifest.json")
    let date = try #require(attributes[.modificationDate] as? Date)
    let number = try #require(attributes[.systemFileNumber] as? Int)
    return [number, Int(date.timeIntervalSince1970 * 1e6)]
  }
}
