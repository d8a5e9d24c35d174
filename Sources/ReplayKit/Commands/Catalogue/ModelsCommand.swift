import ArgumentParser
import Hardware
import Policies

struct ModelsCommand: ReplayCommand {
  static let configuration = CommandConfiguration(
    commandName: "models",
    abstract: "List the models of the catalogue, or every size of one with its source.",
    discussion: "A name may be that of a model repository, such as meta-llama/Llama-3.1-70B."
  )

  @Argument(help: "The name of a model; all of them unless given.")
  var model: String?

  @Flag(help: "Print JSON instead of tables: one object per model.")
  var json = false

  func run(in registry: PolicyRegistry) throws {
    try CatalogueOutput(name: model, json: json).write(
      all: { Model.all },
      named: { try Model.named($0) },
      headings: [
        "model", "parameters", "active", "layers", "width", "experts", "weights", "format",
        "KV per token",
      ],
      row: Self.row,
      listing: { model in
        FigureListing(
          name: model.name,
          summary: model.summary,
          properties: Self.properties(model),
          figures: model.figures
        )
      }
    )
  }

  private static func row(_ model: Model) -> [String] {
    [
      model.name + (model.isStandIn ? " (stand-in)" : ""),
      FigureUnit.parameters.text(Double(model.parameters)),
      FigureUnit.parameters.text(Double(model.activeParameters)),
      "\(model.layers)",
      "\(model.hidden)",
      model.isMixtureOfExperts ? "\(model.activeExperts) of \(model.experts)" : "-",
      FigureUnit.bytes.text(Double(model.weightBytes(model.nativeWeights))),
      model.nativeWeights.rawValue,
      "\(model.kvBytesPerToken) B",
    ]
  }

  private static func properties(_ model: Model) -> [(name: String, value: String)] {
    var properties = [("released as", model.nativeWeights.rawValue)]
    if model.isStandIn { properties.append(("stand-in", "yes")) }
    if model.hasTiedEmbedding { properties.append(("embedding", "tied to the output head")) }
    if model.predictionHeads > 0 {
      properties.append(("prediction heads", "\(model.predictionHeads)"))
    }
    if !model.note.isEmpty { properties.append(("note", model.note)) }
    if !model.aliases.isEmpty {
      properties.append(("aliases", model.aliases.joined(separator: ", ")))
    }
    return properties
  }
}
