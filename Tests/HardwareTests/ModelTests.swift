import Hardware
import Testing

@Suite struct ModelTests {
  @Test(arguments: ModelTable.rows)
  func `parameters follow from the shape`(row: ModelTable.Row) throws {
    let model = try Model.named(row.model)
    #expect(agree(Double(model.parameters), row.billions * 1e9, within: row.tolerance))
    // Tables count the input embedding among the active parameters; the formulas here do not.
    let embedding = row.countsInputEmbedding ? model.headParameters : 0
    let active = Double(model.activeParameters + embedding)
    #expect(agree(active, row.activeBillions * 1e9, within: 0.01), "\(active / 1e9)")
  }

  @Test(arguments: ModelTable.rows)
  func `weights take the bytes of the table`(row: ModelTable.Row) throws {
    let model = try Model.named(row.model)
    #expect(model.weightBytes(.bf16) == 2 * model.parameters)
    #expect(model.weightBytes(.fp8) == model.parameters)
    let gigabytes = Double(model.weightBytes(.bf16)) / 1e9
    #expect(agree(gigabytes, row.gigabytes16Bit, within: row.tolerance), "\(gigabytes)")
    let native = Double(model.weightBytes(model.nativeWeights)) / 1e9
    #expect(agree(native, row.nativeGigabytes, within: row.nativeTolerance), "\(native)")
  }

  @Test(arguments: ModelTable.rows)
  func `KV per token is that of the table to the byte`(row: ModelTable.Row) throws {
    let model = try Model.named(row.model)
    // The table leaves out the keys of an index: 128 bytes and a scale of four, in every layer.
    let index = Int64(model.index == nil ? 0 : 78 * 132)
    #expect(model.kvBytesPerToken == row.kvBytes + index)
    let state = model.stateBytes
    #expect(model.kvShape().bytes(tokens: 1) == row.kvBytes + index + state)
    let halved = model.kvShape(elementBytes: 1).bytes(tokens: 1)
    #expect(2 * (halved - index - state) == row.kvBytes)
    let tokens = model.kvShape().bytes(tokens: 8_192) - state - 8_192 * index
    #expect(abs(Double(tokens) / 1e9 - row.kvGigabytesAt8K) <= 0.05, "\(tokens)")
  }

  @Test func `a recurrent state counts once per sequence`() throws {
    let model = try Model.named("qwen3.5-397b-a17b")
    #expect(model.stateBytes == 45 * 64 * 128 * 128 * 4)
    let shape = model.kvShape()
    for tokens in [1, 2, 1_000, 262_144] {
      #expect(shape.bytes(tokens: tokens) == 30_720 * Int64(tokens) + model.stateBytes)
    }
    #expect(shape.bytes(tokens: 0) == 0)
  }

  @Test func `half the layers of gpt-oss-120b stop growing at 128 tokens`() {
    let shape = Model.gptOSS120B.kvShape()
    #expect(shape.bytes(tokens: 128) == 128 * 73_728)
    #expect(shape.bytes(tokens: 129) - shape.bytes(tokens: 128) == 36_864)
  }

  @Test func `a latent is on every rank, a key and value head on some`() throws {
    let latent = try instance(.b200, 8, Model.named("deepseek-v3"))
    #expect(latent.kvReplication == 8)
    let grouped = try instance(.b200, 8, Model.named("qwen3-235b-a22b"))
    #expect(grouped.kvReplication == 2)
  }

  @Test func `four-bit formats leave attention wider`() throws {
    let model = try Model.named("deepseek-v3")
    let experts = Double(256 * model.expertParameters)
    let rest = Double(model.parameters) - experts
    let shared = Double(model.sharedFeedForwardParameters)
    let nvfp4 = (experts + shared) * 0.5625 + (rest - shared)
    #expect(agree(Double(model.weightBytes(.nvfp4)), nvfp4, within: 1e-9))
    let int4 = experts * 0.5625 + rest * 2
    #expect(agree(Double(model.weightBytes(.int4)), int4, within: 1e-9))
    let dense = Model.llama70B
    let feedForward = Double(dense.sharedFeedForwardParameters)
    let narrow = feedForward * 0.5625 + (Double(dense.parameters) - feedForward) * 2
    #expect(agree(Double(dense.weightBytes(.int4)), narrow, within: 1e-9))
  }

  @Test func `the stand-in has the shape of another model and says so`() throws {
    let standIn = try Model.named("nova-2-stand-in")
    let shape = try Model.named("qwen3-235b-a22b")
    #expect(Model.all.filter(\.isStandIn) == [standIn])
    #expect(standIn.summary.contains("Stand-in") && standIn.name.contains("stand-in"))
    let shapes = standIn.figures.filter { $0.figure.confidence != .derived }
    #expect(shapes.allSatisfy { $0.figure.confidence == .assumed })
    #expect(standIn.figures.map(\.figure.value) == shape.figures.map(\.figure.value))
  }
}
