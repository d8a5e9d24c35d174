import Foundation
import Testing

/// `replay explain step`, `claims` and `fidelity --anchors`.
@Suite(.enabled(if: CommandLineProgram.path != nil))
struct ExplainCommandTests {
  private func json(_ arguments: String...) throws -> Any {
    let result = try CommandLineProgram.run(arguments)
    #expect(result.status == 0, "\(result.errors)")
    return try JSONSerialization.jsonObject(with: Data(result.output.utf8))
  }

  @Test
  func `a step's terms are printed with the one that binds`() throws {
    let result = try CommandLineProgram.run(
      "explain",
      "step",
      "--fleet",
      "b200-mixed",
      "--batch",
      "64",
      "--context",
      "300000"
    )
    #expect(result.status == 0 && result.errors.isEmpty)
    for word in ["weights", "KV", "host", "binds", "sum", "b200-gpt-oss-120b"] {
      #expect(result.output.contains(word), "\(word)")
    }
    #expect(result.output.split(separator: "\n").allSatisfy { $0.last != " " })
  }

  @Test
  func `both parts of a mixed step are there in JSON, and add up`() throws {
    let parts = try #require(
      try json(
        "explain",
        "step",
        "--fleet",
        "b200-mixed",
        "--batch",
        "8",
        "--context",
        "8000",
        "--prefill",
        "512",
        "--past",
        "100",
        "--json"
      ) as? [[String: Any]]
    )
    #expect(parts.compactMap { $0["work"] as? String } == ["decode", "prefill"])
    for part in parts {
      let terms = try #require(part["terms"] as? [[String: Any]])
      let sum = terms.compactMap { $0["addedSeconds"] as? Double }.reduce(0, +)
      let step = try #require(part["secondsPerToken"] as? Double)
      #expect(abs(sum - step) < 1e-9)
    }
  }

  @Test(arguments: [
    (["explain", "step"], "give --batch, --prefill or both"),
    (["explain", "step", "--context", "10"], "give --batch as well"),
    (["explain", "step", "--batch", "10", "--context", "9"], "--context is 9"),
    (["explain", "step", "--batch", "0"], "--batch is 0"),
    (["explain", "step", "--batch", "1", "--past", "7"], "give --prefill as well"),
    (["explain", "step", "--batch", "1", "--pool", "decod"], "did you mean 'decode'"),
    (["explain", "step", "--batch", "1", "--fleet", "b200-mixd"], "b200-mixed"),
    (["claims", "16"], "expected 1 to 15"), (["claims", "3", "--price-gpu", "-1"], "--price-gpu"),
    (["fidelity", "--anchors", "--out", "x.csv"], "leave --out"),
  ])
  func `what makes no sense is told and ends with 64`(arguments: [String], text: String) throws {
    let result = try CommandLineProgram.run(arguments)
    #expect(result.status == 64 && result.output.isEmpty)
    #expect(result.errors.contains(text), "\(result.errors)")
  }

  @Test
  func `one claim is printed with its conditions and its verdict`() throws {
    let result = try CommandLineProgram.run("claims", "9")
    #expect(result.status == 0 && result.errors.isEmpty)
    for word in ["traced to:", "with:", "predicted:", "under:", "verdict:"] {
      #expect(result.output.contains(word), "\(word)")
    }
    let object = try #require(try json("claims", "15", "--json") as? [String: Any])
    let claims = try #require(object["claims"] as? [[String: Any]])
    #expect(claims.count == 1 && claims[0]["verdict"] as? String == "not simulable")
    #expect((claims[0]["verdictText"] as? String)?.contains("32608 CS-3") == true)
  }

  @Test
  func `the anchors' table is the same twice, and is there in JSON`() throws {
    let object = try #require(try json("fidelity", "--anchors", "--json") as? [String: Any])
    let anchors = try #require(object["anchors"] as? [[String: Any]])
    #expect(anchors.count > 80)
    let groups = try #require(object["groups"] as? [String: Any])
    #expect(groups.count >= 12)
    let twice = try (0..<2).map { _ in try CommandLineProgram.run("fidelity", "--anchors").output }
    #expect(twice[0] == twice[1] && twice[0].contains("not replayed"))
  }
}
