import Foundation
import Testing

@Suite(.enabled(if: CommandLineProgram.path != nil))
struct FidelityCommandTests {
  /// Nine rows of one dense model.
  private func rows(in folder: String) throws -> String {
    var text = "row_id,mode,model,chip,engine,isl_tokens,osl_tokens,concurrency,tp,"
    text += "ttft_ms,tpot_ms\n"
    for tensor in [1, 2, 4] {
      for clients in [1, 4, 8] {
        text += "r\(tensor)-\(clients),aggregated,llama-3.1-8b,b200,vllm,1024,64,\(clients),"
        text += "\(tensor),20,\(3 + clients)\n"
      }
    }
    let path = folder + "/rows.csv"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  @Test func `rows are predicted, scored and drawn`() throws {
    try CommandLineProgram.withFolder { folder in
      let path = try rows(in: folder)
      let (out, svg) = (folder + "/predictions.csv", folder + "/parity.svg")
      let result = try CommandLineProgram.run(
        "fidelity",
        "--measured",
        path,
        "--out",
        out,
        "--svg",
        svg
      )
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output.contains("|predicted ÷ measured − 1|"))
      #expect(result.output.contains("llama-3.1-8b"))
      let lines = try String(contentsOfFile: out, encoding: .utf8).split(separator: "\n")
      #expect(lines.count == 10)
      #expect(lines[0] == "row_id,predicted_ttft_ms,predicted_tpot_ms,profile,status")
      #expect(lines[1].hasPrefix("r1-1,") && lines[1].hasSuffix(",inferencex,predicted"))
      #expect(try String(contentsOfFile: svg, encoding: .utf8).hasSuffix("</svg>\n"))
      let few = try CommandLineProgram.run("fidelity", "--measured", path, "--rows", "3", "--json")
      let json = try JSONSerialization.jsonObject(with: Data(few.output.utf8)) as? [String: Any]
      let overall = try #require(json?["overall"] as? [String: Any])
      #expect((overall["tpot"] as? [String: Any])?["rows"] as? Int == 3)
    }
  }

  @Test func `a calibration's profile is taken by its file`() throws {
    try CommandLineProgram.withFolder { folder in
      let path = try rows(in: folder)
      let profile = folder + "/mine.yaml"
      let made = try CommandLineProgram.run(
        "calibrate",
        "--measured",
        path,
        "--out",
        profile,
        "--folds",
        "2",
        "--date",
        "2026-05-01"
      )
      #expect(made.status == 0, "\(made.errors)")
      #expect(made.output.contains("2-fold cross-validation"))
      let text = try String(contentsOfFile: profile, encoding: .utf8)
      #expect(text.contains("profile: mine\n") && text.contains("date: \"2026-05-01\"\n"))
      let used = try CommandLineProgram.run("fidelity", "--measured", path, "--profile", profile)
      #expect(used.status == 0, "\(used.errors)")
    }
  }

  @Test func `mistakes end with the code of their kind`() throws {
    try CommandLineProgram.withFolder { folder in
      let path = try rows(in: folder)
      #expect(try CommandLineProgram.run("fidelity").status == 64)
      #expect(try CommandLineProgram.run("fidelity", "--measured", "/no/such").status == 66)
      let unknown = try CommandLineProgram.run(
        "fidelity",
        "--measured",
        path,
        "--profile",
        "catalog"
      )
      #expect(unknown.status == 64 && unknown.errors.contains("did you mean 'catalogue'?"))
      try "row_id\nx\n".write(toFile: folder + "/bad.csv", atomically: true, encoding: .utf8)
      let bad = try CommandLineProgram.run("fidelity", "--measured", folder + "/bad.csv")
      #expect(bad.status == 65 && bad.errors.contains("mode: the header has no such column"))
      let same = try CommandLineProgram.run("calibrate", "--measured", path, "--out", path)
      #expect(same.status == 64)
      let folds = try CommandLineProgram.run(
        "calibrate",
        "--measured",
        path,
        "--out",
        folder + "/p.yaml",
        "--folds",
        "1"
      )
      #expect(folds.status == 64)
      #expect(try CommandLineProgram.files(in: folder) == ["bad.csv", "rows.csv"])
    }
  }
}
