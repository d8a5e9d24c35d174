import Hardware
import Testing

@Suite struct ModelTests {
  struct Row: Sendable {
    let model: Model
    let billions: Double
    let activeBillions: Double
    let gigabytes16Bit: Double
    let kvBytes: Int64
    let kvGigabytesAt8K: Double
  }

  static let table = [
    Row(
      model: .llama8B,
      billions: 8.03,
      activeBillions: 7.50,
      gigabytes16Bit: 16.1,
      kvBytes: 131_072,
      kvGigabytesAt8K: 1.07
    ),
    Row(
      model: .llama70B,
      billions: 70.6,
      activeBillions: 69.5,
      gigabytes16Bit: 141.1,
      kvBytes: 327_680,
      kvGigabytesAt8K: 2.68
    ),
    Row(
      model: .gptOSS120B,
      billions: 116.8,
      activeBillions: 5.1,
      gigabytes16Bit: 234,
      kvBytes: 73_728,
      kvGigabytesAt8K: 0.31
    ),
  ]

  @Test(arguments: table)
  func `parameters follow from the shape`(row: Row) {
    #expect(agree(Double(row.model.parameters), row.billions * 1e9, within: 0.001))
    #expect(agree(Double(row.model.activeParameters), row.activeBillions * 1e9, within: 0.01))
  }

  @Test(arguments: table)
  func `16-bit weights take two bytes per parameter`(row: Row) {
    #expect(row.model.weightBytes(.bf16) == 2 * row.model.parameters)
    #expect(
      agree(Double(row.model.weightBytes(.bf16)), row.gigabytes16Bit * 1e9, within: 0.003)
    )
    #expect(row.model.weightBytes(.fp8) == row.model.parameters)
  }

  @Test(arguments: table)
  func `KV per token is that of the table to the byte`(row: Row) {
    let shape = row.model.kvShape()
    #expect(shape.bytes(tokens: 1) == row.kvBytes)
    #expect(row.model.kvShape(elementBytes: 1).bytes(tokens: 1) * 2 == row.kvBytes)
    let gigabytes = Double(shape.bytes(tokens: 8_192)) / 1e9
    #expect(abs(gigabytes - row.kvGigabytesAt8K) <= 0.005)
  }

  @Test func `MXFP4 stores gpt-oss-120b in 65 GB`() {
    let gigabytes = Double(Model.gptOSS120B.weightBytes(.mxfp4)) / 1e9
    #expect(gigabytes.rounded() == 65)
  }

  @Test func `half the layers of gpt-oss-120b stop growing at 128 tokens`() {
    let shape = Model.gptOSS120B.kvShape()
    #expect(shape.bytes(tokens: 128) == 128 * 73_728)
    #expect(shape.bytes(tokens: 129) - shape.bytes(tokens: 128) == 36_864)
  }

  @Test func `every figure names its source and is positive`() {
    let figures = Chip.all.flatMap(\.figures) + Fabric.all.flatMap(\.figures)
    #expect(figures.count > 50)
    for entry in figures {
      #expect(entry.figure.value > 0, "\(entry.name)")
      #expect(!entry.figure.source.isEmpty, "\(entry.name)")
    }
  }
}
