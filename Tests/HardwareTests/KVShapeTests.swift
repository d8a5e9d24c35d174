import Hardware
import Testing

@Suite struct KVShapeTests {
  static let shapes = [
    KVShape(fullBytesPerToken: 131_072),
    KVShape(fullBytesPerToken: 36_864, windowBytesPerToken: 36_864, windowTokens: 128),
    KVShape(fullBytesPerToken: 24, windowBytesPerToken: 36, windowTokens: 5),
    KVShape(fullBytesPerToken: 0, windowBytesPerToken: 7, windowTokens: 3),
  ]

  @Test(arguments: shapes)
  func `growth is the difference of sizes`(shape: KVShape) {
    for tokens in 0..<300 {
      #expect(
        shape.units(tokens: tokens + 1) == shape.units(tokens: tokens)
          + shape.growth(tokens: tokens)
      )
    }
  }

  @Test(arguments: shapes)
  func `bytes are units of the common divisor`(shape: KVShape) {
    #expect(shape.units(tokens: 0) == 0)
    for tokens in [1, 2, 100, 1_000_000] {
      #expect(shape.bytes(tokens: tokens) == shape.units(tokens: tokens) * shape.unitBytes)
    }
  }

  @Test func `the unit is the greatest common divisor`() {
    let shape = Self.shapes[2]
    #expect(shape.unitBytes == 12)
    #expect(shape.fullUnitsPerToken == 2 && shape.windowUnitsPerToken == 3)
    #expect(shape.bytes(tokens: 10) == 10 * 24 + 5 * 36)
  }
}
