import Foundation
import Testing

@Suite struct `Trace synth and trace compare` {
  @Test func `a recipe can be printed, changed and used`() throws {
    try CommandLineProgram.withFolder { folder in
      let list = try CommandLineProgram.run("trace", "synth", "--list")
      #expect(list.status == 0 && list.output.contains("\nrag              retrieval"))
      let printed = try CommandLineProgram.run("trace", "synth", "--print", "chat")
      #expect(printed.output.contains("\nname: chat\n"))
      let recipe = folder + "/mine.yaml"
      let changed = printed.output.replacingOccurrences(of: "exponent: 2.68", with: "exponent: 1.9")
      try Data(changed.utf8).write(to: URL(filePath: recipe))
      let mine = folder + "/mine.replay.zst"
      let chat = folder + "/chat.replay.zst"
      for (recipe, path) in [(recipe, mine), ("chat", chat)] {
        let written = try CommandLineProgram.run(
          ["trace", "synth", recipe, "--requests", "2000", "-o", path]
        )
        #expect(written.status == 0, "\(written.errors)")
        #expect(written.output.contains(": 2000 requests, "))
      }
      let (picture, table) = (folder + "/c.svg", folder + "/c.csv")
      let compared = try CommandLineProgram.run(
        ["trace", "compare", mine, chat, "--svg", picture, "--csv", table]
      )
      #expect(compared.status == 0, "\(compared.errors)")
      #expect(compared.output.contains("requests per session"))
      #expect(try String(contentsOfFile: picture, encoding: .utf8).hasPrefix("<svg "))
      let printedTable = try CommandLineProgram.run("trace", "compare", mine, chat, "--csv", "-")
      #expect(try String(contentsOfFile: table, encoding: .utf8) == printedTable.output)
    }
  }

  @Test(
    arguments: [
      (["chat"], "synth needs one of --requests, --sessions and --hours"),
      (["chat", "--requests", "5", "--hours", "1"], "synth needs one of"),
      (["chat", "--requests", "0"], "--requests is 0; expected at least 1"),
      (["chat", "--hours", "-1"], "--hours is -1.0; expected above 0, up to 87,600"),
      (["chatt", "--requests", "5"], "unknown recipe 'chatt'; did you mean 'chat'?"),
      (["--requests", "5"], "synth needs a recipe: one of agentic-coding, chat"),
      (["--print", "rg"], "unknown recipe 'rg'; did you mean 'rag'?"),
    ] as [([String], String)]
  )
  func `what cannot be made is a usage error`(arguments: [String], message: String) throws {
    let result = try CommandLineProgram.run(["trace", "synth"] + arguments)
    #expect(result.status == 64)
    #expect(result.errors.hasPrefix("error: \(message)"), "\(result.errors)")
  }

  @Test func `a bad recipe is bad data, a missing one no input`() throws {
    try CommandLineProgram.withFolder { folder in
      let path = folder + "/r.yaml"
      let arguments = ["trace", "synth", path, "--requests", "5"]
      #expect(try CommandLineProgram.run(arguments).status == 66)
      try Data("name: x\narivals: 3\n".utf8).write(to: URL(filePath: path))
      let result = try CommandLineProgram.run(arguments)
      #expect(result.status == 65)
      #expect(
        result.errors.hasPrefix(
          "error: \(path):2:1: unknown key 'arivals' in a recipe; did you mean 'arrivals'?"
        )
      )
    }
  }
}
