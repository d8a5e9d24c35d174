import Foundation
import Testing

@testable import Hardware

@Suite struct CatalogueFilesTests {
  private static let folder = SharedData.package.appendingPathComponent(
    "Sources/Hardware/Catalogue"
  )

  private func expectFiles(
    _ folder: String,
    _ names: [String],
    _ text: (String) -> [UInt8]?
  ) throws {
    let folder = Self.folder.appendingPathComponent(folder)
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(files.sorted() == names.map { $0 + ".yaml" }.sorted())
    for name in names {
      let file = folder.appendingPathComponent("\(name).yaml")
      #expect(try Data(contentsOf: file) == Data(text(name) ?? []), "\(name)")
    }
  }

  @Test func `every file of the folders is built in, as it is`() throws {
    try expectFiles("Chips", Chip.names, Chip.text)
    try expectFiles("Fabrics", Fabric.names, Fabric.text)
    try expectFiles("Models", Model.names, Model.text)
  }

  @Test func `an entry has the name of its file`() {
    #expect(Chip.all.map(\.name) == Chip.names)
    #expect(Fabric.all.map(\.name) == Fabric.names)
    #expect(Model.all.map(\.name) == Model.names)
  }

  @Test func `no two files of the kit have one name`() {
    let names = Chip.names + Fabric.names + Model.names + Fleets.names
    #expect(Set(names).count == names.count)
  }

  @Test func `every chip runs a model that fits`() throws {
    for chip in Chip.all {
      let model = Model.llama8B
      let usable = chip.memoryBytes.value * Chip.usableMemory.value
      let chips = Int((Double(model.weightBytes(.bf16)) * 1.2 / usable).rounded(.up))
      let kind = try instance(chip, chips, model)
      let step = kind.decode(batch: 1, context: 1_000)
      #expect(step.seconds > 1e-4 && step.seconds < 1, "\(chip.name): \(step.seconds)")
      let watts = step.joules / step.seconds
      let design = Double(chips) * chip.power.value
      #expect(watts > 0 && watts <= design * 1.000_001, "\(chip.name)")
    }
  }

  @Test func `a server's domain can be chosen by name`() throws {
    let chip = try Chip.named("trainium3")
    #expect(chip.linkDomain == 64)
    #expect(chip.inDomain("gen2")?.linkDomain == 144)
    #expect(chip.inDomain("gen2")?.domains.count == 2)
    #expect(chip.inDomain("gen9") == nil)
  }

  @Test func `memory is what drivers report, with the data sheet's noted`() throws {
    let drivers = [
      ("h100", 85.5), ("h200", 150.7), ("b200", 192.2), ("b300", 288.4), ("gb200", 198.6),
      ("rtx-4090", 25.25),
    ]
    for (name, gigabytes) in drivers {
      let memory = try Chip.named(name).memoryBytes
      #expect(agree(memory.value, gigabytes * 1e9, within: 0.001), "\(name): \(memory.value)")
      #expect(memory.note.contains("data sheet"))
    }
  }
}
