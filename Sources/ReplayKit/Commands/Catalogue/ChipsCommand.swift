import ArgumentParser
import Hardware
import Policies

struct ChipsCommand: ReplayCommand {
  static let configuration = CommandConfiguration(
    commandName: "chips",
    abstract: "List the chips of the catalogue, or every figure of one with its source.",
    discussion: """
      Rates are dense peaks per chip, links in one direction. A price is the lowest level known: a \
      hyperscaler's cost of ownership before a smaller cloud's, before the rent.
      """
  )

  @Argument(help: "The name of a chip; all of them unless given.")
  var chip: String?

  @Flag(help: "Print JSON instead of tables: one object per chip.")
  var json = false

  func run(in registry: PolicyRegistry) throws {
    try CatalogueOutput(name: chip, json: json).write(
      all: { Chip.all },
      named: { try Chip.named($0) },
      headings: [
        "chip", "BF16", "FP8", "FP4", "memory", "bandwidth", "link", "domain", "network", "power",
        "price", "status",
      ],
      row: Self.row,
      listing: {
        FigureListing(
          name: $0.name,
          summary: $0.summary,
          properties: [("status", $0.status.rawValue), ("timing", $0.timingName)],
          figures: $0.figures
        )
      }
    )
  }

  private static func row(_ chip: Chip) -> [String] {
    [
      chip.name,
      chip.peak.bf16.text(.operationsPerSecond),
      chip.peak.fp8.text(.operationsPerSecond),
      chip.peak.fp4.text(.operationsPerSecond),
      FigureUnit.bytes.text(chip.memoryBytes.value),
      FigureUnit.bytesPerSecond.text(chip.memoryBandwidth.value),
      FigureUnit.bytesPerSecond.text(chip.linkBandwidth.value),
      "\(chip.linkDomain)",
      FigureUnit.bytesPerSecond.text(chip.nicBandwidth.value),
      FigureUnit.watts.text(chip.power.value),
      chip.prices.perHour.text(.dollarsPerHour),
      chip.status.rawValue,
    ]
  }
}

extension Chip {
  fileprivate var timingName: String {
    switch timing {
    case .roofline: "roofline"
    case .wafer: "pipeline with weights in SRAM"
    }
  }
}
