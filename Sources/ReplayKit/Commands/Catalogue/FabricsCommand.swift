import ArgumentParser
import Hardware
import Policies

struct FabricsCommand: ReplayCommand {
  static let configuration = CommandConfiguration(
    commandName: "fabrics",
    abstract: "List the fabrics of the catalogue, or every figure of one with its source."
  )

  @Argument(help: "The name of a fabric; all of them unless given.")
  var fabric: String?

  @Flag(help: "Print JSON instead of tables: one object per fabric.")
  var json = false

  func run(in registry: PolicyRegistry) throws {
    try CatalogueOutput(name: fabric, json: json).write(
      all: { Fabric.all },
      named: { try Fabric.named($0) },
      headings: ["fabric", "port", "efficiency", "staged", "over TCP", "latency"],
      row: { fabric in
        [
          fabric.name,
          fabric.portBandwidth.map { FigureUnit.bytesPerSecond.text($0.value) } ?? "the chip's",
          FigureUnit.share.text(fabric.efficiency.value),
          FigureUnit.share.text(fabric.stagedFactor.value),
          FigureUnit.share.text(fabric.tcpFactor.value),
          FigureUnit.seconds.text(fabric.latency.value),
        ]
      },
      listing: {
        FigureListing(
          name: $0.name,
          summary: $0.summary,
          properties: [("attached to", $0.attachment.rawValue)],
          figures: $0.figures
        )
      }
    )
  }
}
