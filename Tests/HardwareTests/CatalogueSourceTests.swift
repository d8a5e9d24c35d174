import Foundation
import Testing

@testable import Hardware

/// Where the figures of the catalogue come from.
@Suite struct CatalogueSourceTests {
  struct Entry: Sendable, CustomTestStringConvertible {
    let name: String
    let figures: [Figure]

    var testDescription: String { name }
  }

  static let entries =
    Chip.all.map { Entry(name: $0.name, figures: $0.figures) }
    + Fabric.all.map { Entry(name: $0.name, figures: $0.figures) }
    + Model.all.map { Entry(name: $0.name, figures: $0.figures) }

  static let anchors = Dictionary(uniqueKeysWithValues: Anchor.all.map { ($0.id, $0) })
  static let works = Dictionary(uniqueKeysWithValues: Work.all.map { ($0.key, $0) })

  @Test(arguments: entries)
  func `every figure is a number with a source`(entry: Entry) {
    #expect(entry.figures.count >= 4)
    for figure in entry.figures {
      #expect(figure.figure.value.isFinite && figure.figure.value >= 0, "\(figure.name)")
      #expect(!figure.figure.source.isEmpty, "\(figure.name)")
    }
    let names = entry.figures.map(\.name)
    #expect(Set(names).count == names.count)
  }

  @Test(arguments: entries)
  func `published figures have a bibliography entry`(entry: Entry) {
    for figure in entry.figures where figure.figure.confidence == .published {
      #expect(Self.works[figure.figure.source] != nil, "\(figure.name): \(figure.figure.source)")
    }
  }

  @Test(arguments: entries)
  func `measured figures are the value of their anchor`(entry: Entry) {
    for figure in entry.figures where figure.figure.confidence == .measured {
      guard let anchor = Self.anchors[figure.figure.source] else {
        Issue.record("\(figure.name): no anchor \(figure.figure.source)")
        continue
      }
      let factors = ["us": 1e-6, "ms": 1e-3, "GB/s": 1e9, "TB/s": 1e12]
      let value = anchor.value * (factors[anchor.unit] ?? 1)
      #expect(agree(figure.figure.value, value, within: 1e-12), "\(figure.name)")
    }
  }

  @Test func `derived figures of chips and fabrics are what their formula gives`() {
    var count = 0
    for entry in Self.entries.prefix(Chip.names.count + Fabric.names.count) {
      let bandwidth = entry.figures.first { $0.name == "memory bandwidth" }?.figure.value
      for figure in entry.figures where figure.figure.confidence == .derived {
        let value = ArithmeticFormula.value(figure.figure.source) { name in
          name == "memory_bandwidth" ? bandwidth : nil
        }
        let place = "\(entry.name), \(figure.name)"
        #expect(value != nil, "\(place): \(figure.figure.source)")
        // Figures are rounded to two or three digits.
        #expect(agree(figure.figure.value, value ?? 0, within: 0.03), "\(place): \(value ?? 0)")
        count += 1
      }
    }
    #expect(count > 40)
  }

  @Test func `a formula is refused unless it is one`() {
    #expect(ArithmeticFormula.value("(1 / 8 - 2.5e-2) * 4") { _ in nil } == 0.4)
    #expect(ArithmeticFormula.value("2 * x + 1") { $0 == "x" ? 3 : nil } == 7)
    for text in ["", "1 +", "(1", "1 2", "fit", "2 * y", "1)"] {
      #expect(ArithmeticFormula.value(text) { _ in nil } == nil, "\(text)")
    }
  }

  @Test func `anchors name entries of the catalogue and works of the bibliography`() throws {
    #expect(Anchor.all.count > 150 && Self.anchors.count == Anchor.all.count)
    for anchor in Anchor.all {
      #expect(Self.works[anchor.source] != nil, "\(anchor.id)")
      #expect(!anchor.conditions.isEmpty && !anchor.unit.isEmpty, "\(anchor.id)")
      if let model = anchor.model { #expect(Model.names.contains(model)) }
      if let chip = anchor.chip { #expect(Chip.names.contains(chip)) }
    }
  }

  /// The last field of every recipe; recipes stand in a module above.
  private func recipeSources() throws -> [String] {
    let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let path = "Sources/Study/Fidelity/Recipes/inferencex-recipes.csv"
    let text = try String(contentsOf: package.appending(path: path), encoding: .utf8)
    return text.split(separator: "\n").compactMap { line in
      line.split(separator: ",", omittingEmptySubsequences: false).last.map(String.init)
    }
  }

  @Test func `every work is used`() throws {
    let used = try Set(
      Self.entries.flatMap(\.figures).map(\.figure.source) + Anchor.all.map(\.source)
        + Model.all.map(\.source) + recipeSources()
    )
    let notes = Self.entries.flatMap(\.figures).map(\.figure.note).joined()
    #expect(Self.works.count == Work.all.count)
    for work in Work.all {
      #expect(used.contains(work.key) || notes.contains("[\(work.key)]"), "\(work.key)")
    }
  }

  @Test func `sizes that were recalled are assumptions`() throws {
    for model in Model.all {
      #expect(Self.works[model.source] != nil, "\(model.name)")
      for name in model.recalled {
        let figure = model.figures.first { $0.name == name }?.figure
        #expect(figure?.confidence == .assumed, "\(model.name): \(name)")
      }
    }
    #expect(try Model.named("glm-5").recalled.count == 5)
  }

  @Test func `a chip that its maker gave up says so`() throws {
    #expect(try Chip.named("rubin-cpx").status == .withdrawn)
    #expect(Chip.all.filter { $0.status == .withdrawn }.count == 1)
  }
}
