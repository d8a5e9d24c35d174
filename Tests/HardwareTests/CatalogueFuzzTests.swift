import Testing

@testable import Hardware

@Suite struct CatalogueFuzzTests {
  private typealias Reader = (
    name: String, bytes: [UInt8], read: @Sendable ([UInt8]) throws -> Void
  )

  /// A file of each kind, and whether damaged bytes still are one; to trap ends the tests.
  private static let readers: [Reader] = [
    (
      "chip", Chip.text(of: "b200") ?? [],
      { bytes in
        let chip = try Chip.shelf.entry(bytes: bytes, file: "f")
        #expect(chip.figures.allSatisfy { $0.figure.value.isFinite } && chip.linkDomain >= 1)
      }
    ),
    (
      "wafer", Chip.text(of: "groq-lpu-v1") ?? [],
      { _ = try Chip.shelf.entry(bytes: $0, file: "f") }
    ),
    (
      "latent model", Model.text(of: "glm-5") ?? [],
      { bytes in
        let model = try Model.shelf.entry(bytes: bytes, file: "f")
        #expect(model.parameters > 0 && model.kvShape().bytes(tokens: 1) > 0)
        #expect(WeightFormat.allCases.allSatisfy { model.weightBytes($0) > 0 })
      }
    ),
    (
      "linear model", Model.text(of: "qwen3.5-397b-a17b") ?? [],
      { bytes in
        let model = try Model.shelf.entry(bytes: bytes, file: "f")
        #expect(model.parameters > 0 && model.kvShape().bytes(tokens: 1) > 0)
      }
    ),
    (
      "fabric", Fabric.text(of: "roce-400") ?? [],
      { _ = try Fabric.shelf.entry(bytes: $0, file: "f") }
    ),
    (
      "works", Array("works:\n  - { key: a, title: b, address: c, date: d }\n".utf8),
      { _ = try Work.read($0, file: "f") }
    ),
    (
      "anchors",
      Array("anchors:\n  - { id: a, what: b, value: 1, unit: s, conditions: c, source: d }\n".utf8),
      { _ = try Anchor.read($0, file: "f") }
    ),
  ]

  private func isSound(_ bytes: [UInt8], _ read: ([UInt8]) throws -> Void) -> Bool {
    do {
      try read(bytes)
      return true
    } catch {
      let text = "\(error)"
      #expect(text.hasPrefix("f") && !text.contains("\n"), "\(text)")
      return false
    }
  }

  @Test func `a file that is cut off anywhere is an error or sound`() {
    for (name, bytes, read) in Self.readers {
      #expect(isSound(bytes, read), "\(name)")
      var sound = 0
      for count in bytes.indices where isSound(Array(bytes.prefix(count)), read) { sound += 1 }
      #expect(sound < bytes.count / 2, "\(name): \(sound) of \(bytes.count)")
    }
  }

  @Test func `flipped bits are errors or sound`() {
    for (name, bytes, read) in Self.readers {
      var state: UInt64 = 0x9E37_79B9_7F4A_7C15
      var sound = 0
      for _ in 0..<600 {
        var damaged = bytes
        // xorshift64: the same damage every time.
        for _ in 0...Int(state % 3) {
          state ^= state << 13
          state ^= state >> 7
          state ^= state << 17
          damaged[Int(state >> 8) % bytes.count] ^= 1 << UInt8(state & 7)
        }
        if isSound(damaged, read) { sound += 1 }
      }
      #expect(sound > 0 && sound < 600, "\(name): \(sound)")
    }
  }
}
