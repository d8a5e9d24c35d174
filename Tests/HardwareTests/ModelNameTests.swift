import Foundation
import Hardware
import Testing

@Suite struct ModelNameTests {
  @Test(arguments: Model.all)
  func `a model is found under its name and its aliases, in any case`(model: Model) throws {
    for name in [model.name] + model.aliases {
      #expect(try Model.named(name) == model)
      #expect(try Model.named(name.uppercased()) == model)
    }
  }

  @Test func `a name means one model`() {
    let names = Model.all.flatMap { [$0.name] + $0.aliases }.map { $0.lowercased() }
    #expect(Set(names).count == names.count)
  }

  @Test(arguments: [
    ("deepseek-ai/DeepSeek-R1", "deepseek-v3"), ("deepseek-ai/DeepSeek-V3", "deepseek-v3"),
    ("moonshotai/Kimi-K2.5", "kimi-k2.5"), ("zhipuai/GLM-5", "glm-5"),
    ("meta-llama/Llama-3.1-70B", "llama-3.1-70b"),
    ("nvidia/Llama-3.1-8B-Instruct-FP8", "llama-3.1-8b"),
  ])
  func `repository names stand for shapes`(alias: String, name: String) throws {
    #expect(try Model.named(alias).name == name)
  }

  @Test func `every model of the measured rows is in the catalogue`() throws {
    let file = SharedData.folder.appendingPathComponent("ground-truth/inferencex_serving.csv")
    guard let text = try? String(contentsOf: file, encoding: .utf8) else {
      print("skipped: no file at \(file.path)")
      return
    }
    let names = Set(
      text.split(whereSeparator: \.isNewline).dropFirst()
        .map { $0.split(separator: ",", omittingEmptySubsequences: false)[2] }
    )
    #expect(names.count > 10)
    for name in names.sorted() { #expect(throws: Never.self) { try Model.named(String(name)) } }
  }

  @Test func `an unknown name has the nearest and all known ones`() {
    let error = #expect(throws: CatalogueError.self) { try Model.named("llama-3.1-8") }
    #expect(error == .unknown(kind: "model", name: "llama-3.1-8", known: Model.names))
    let text = error?.description ?? ""
    #expect(text.hasPrefix("unknown model 'llama-3.1-8'; did you mean 'llama-3.1-8b'? Known: "))
    #expect(throws: CatalogueError.unknown(kind: "chip", name: "h10", known: Chip.names)) {
      try Chip.named("h10")
    }
    #expect(throws: CatalogueError.unknown(kind: "fabric", name: "", known: Fabric.names)) {
      try Fabric.named("")
    }
  }
}
