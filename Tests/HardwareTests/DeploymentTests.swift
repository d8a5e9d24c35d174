import Hardware
import Testing

@Suite struct DeploymentTests {
  @Test func `KV gets the usable memory less the weights`() throws {
    let kind = try instance(.b200, 1, .llama8B)
    let bytes = Int64(0.9 * 183_359 * 0x1p20) - Model.llama8B.weightBytes(.bf16)
    #expect(kind.kvCapacityUnits == bytes / 131_072)
    let wafers = try instance(.wse3, 3, .gptOSS120B)
    let left = 118_800_000_000 - Model.gptOSS120B.weightBytes(.mxfp4)
    #expect(wafers.kvCapacityUnits == left / 36_864)
  }

  @Test func `copies of the KV divide its capacity`() throws {
    let kind = try instance(.trainium3, 16, .llama70B)
    let usable = Int64((0.9 * 144 * 0x1p30 * 16).rounded(.down))
    #expect(kind.kvReplication == 2)
    #expect(kind.kvCapacityUnits == (usable - Model.llama70B.weightBytes(.bf16)) / 2 / 327_680)
  }

  @Test func `a model that does not fit says what is missing`() throws {
    let error = #expect(throws: FleetError.self) { try instance(.wse3, 2, .llama70B) }
    let token: Int64 = 327_680
    let needed = Model.llama70B.weightBytes(.bf16) + token
    #expect(
      error
        == .modelDoesNotFit(
          model: "llama-3.1-70b",
          chip: "wse-3",
          chips: 2,
          neededBytes: needed,
          availableBytes: 79_200_000_000,
          sufficientChips: 4
        )
    )
    #expect(throws: Never.self) { try instance(.wse3, 4, .llama70B) }
    #expect(throws: FleetError.self) { try instance(.wse3, 3, .llama70B) }
  }

  @Test func `a precision without a rate names those that have one`() {
    var chip = Chip.b200
    chip.peak.fp4 = nil
    #expect(
      throws: FleetError.unsupportedPrecision(
        chip: "b200",
        precision: .fp4,
        supported: [.bf16, .fp8]
      )
    ) {
      try instance(chip, 1, .llama8B, precision: .fp4)
    }
  }

  @Test func `staging through the host slows hand-offs`() throws {
    var deployment = Deployment(
      name: "test",
      chip: .b200,
      chips: 4,
      model: .llama70B,
      fabric: .efaV3,
      maxBatch: 1
    )
    #expect(try InstanceKind(deployment).nicBytesPerSecond == 182_000_000_000)
    #expect(try InstanceKind(deployment).handoffLatency == 20_000)
    deployment.staged = true
    #expect(try InstanceKind(deployment).nicBytesPerSecond == 105_560_000_000)
  }
}
