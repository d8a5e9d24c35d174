import Foundation
import Testing

/// `replay chips`, `models`, `fabrics` and `fleets`.
@Suite(.enabled(if: CommandLineProgram.path != nil))
struct CatalogueCommandTests {
  private func objects(_ arguments: String...) throws -> [[String: Any]] {
    let result = try CommandLineProgram.run(arguments)
    #expect(result.status == 0, "\(result.errors)")
    let json = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
    return try #require(json as? [[String: Any]] ?? (json as? [String: Any]).map { [$0] })
  }

  @Test(arguments: [
    ("chips", "b200", "memory bandwidth"), ("models", "deepseek-v3", "KV rank"),
    ("fabrics", "efa-v4", "factor over TCP"), ("fleets", "b200-pd", "decode"),
  ])
  func `a table of all has a line for each, and one name shows everything`(
    command: String,
    name: String,
    row: String
  ) throws {
    let all = try CommandLineProgram.run(command)
    #expect(all.status == 0 && all.errors.isEmpty)
    let lines = all.output.split(separator: "\n")
    #expect(lines.count > 10 && lines.contains { $0.hasPrefix(name) })
    #expect(lines.allSatisfy { $0.last != " " })
    let one = try CommandLineProgram.run(command, name)
    #expect(one.status == 0 && one.errors.isEmpty)
    #expect(one.output.contains("\n\(row) "), "\(one.output)")
  }

  @Test(arguments: ["chips", "models", "fabrics"])
  func `every figure has a unit, a confidence and a source in JSON`(command: String) throws {
    let entries = try objects(command, "--json")
    #expect(entries.count > 10)
    for entry in entries {
      let figures = try #require(entry["figures"] as? [[String: Any]])
      #expect(figures.count >= 4 && entry["summary"] is String)
      for figure in figures {
        #expect(figure["value"] is Double && figure["unit"] is String)
        #expect((figure["source"] as? String)?.isEmpty == false)
        let confidence = try #require(figure["confidence"] as? String)
        #expect(["measured", "published", "derived", "assumed"].contains(confidence))
      }
    }
    let name = try #require(entries[0]["name"] as? String)
    #expect(try objects(command, name, "--json").count == 1)
    let twice = try (0..<2).map { _ in try CommandLineProgram.run(command, "--json").output }
    #expect(twice[0] == twice[1])
  }

  @Test func `a figure's works and measurements are listed with it`() throws {
    let chip = try #require(objects("chips", "b200", "--json").first)
    let works = try #require(chip["published"] as? [[String: Any]])
    #expect(works.contains { $0["key"] as? String == "aic" && $0["title"] is String })
    let anchors = try #require(chip["measured"] as? [[String: Any]])
    #expect(anchors.contains { $0["id"] as? String == "aic-gemm-b200-bf16" })
    let text = try CommandLineProgram.run("chips", "b200").output
    #expect(text.contains("\npublished in:\n") && text.contains("\nmeasured:\n"))
  }

  @Test func `a fleet's JSON has pools, price and power`() throws {
    let fleet = try #require(objects("fleets", "gb200-pd", "--json").first)
    #expect(fleet["dollarsPerHour"] as? Double == 159.12)
    #expect(fleet["watts"] as? Double == 86_400)
    let pools = try #require(fleet["pools"] as? [[String: Any]])
    #expect(pools.map { $0["role"] as? String } == ["prefill", "decode"])
    #expect(pools.map { $0["instances"] as? Int } == [18, 54])
    #expect(try objects("fleets", "--json").count > 15)
  }

  @Test func `a repository's name stands for a model`() throws {
    let model = try #require(objects("models", "DEEPSEEK-AI/DeepSeek-R1", "--json").first)
    #expect(model["name"] as? String == "deepseek-v3")
  }

  @Test(arguments: [
    ("chips", "b2000", "unknown chip 'b2000'; did you mean 'b200'?"),
    ("models", "llama-3.1-7b", "unknown model 'llama-3.1-7b'; did you mean 'llama-3.1-8b'?"),
    ("fabrics", "efa-4", "unknown fabric 'efa-4'; did you mean 'efa-v4'?"),
    ("fleets", "b200-mix", "unknown fleet 'b200-mix'; did you mean 'b200-mixed'?"),
  ])
  func `an unknown name has the nearest, and is a usage error`(
    command: String,
    name: String,
    error: String
  ) throws {
    for arguments in [[command, name], [command, name, "--json"]] {
      let result = try CommandLineProgram.run(arguments)
      #expect(result.status == 64 && result.output.isEmpty)
      #expect(result.errors.hasPrefix("error: \(error)"), "\(result.errors)")
    }
  }
}
