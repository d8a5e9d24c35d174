import Hardware

// Endpoints on wafers and LPUs, one user at a time.

extension AnchorStudy {
  static func wafers(_ bench: AnchorBench) throws -> [AnchorLine] {
    let set = ["cerebras-llama-3.1-8b", "cerebras-llama-3.1-70b"]
    return try endpoints(bench, from: "cerebras-", .wafers) { set.contains($0.id) }
  }

  static func lpus(_ bench: AnchorBench) throws -> [AnchorLine] {
    try endpoints(bench, from: "groq-", .lpus) { bench.isSource($0) }
  }

  /// A request of 1,000 prompt tokens and 500 output tokens alone. Most endpoints speculate and do
  /// not say how well; the note says how many tokens per step would explain the difference.
  private static func endpoints(
    _ bench: AnchorBench,
    from prefix: String,
    _ group: AnchorGroup,
    isSet: (Anchor) -> Bool
  ) throws -> [AnchorLine] {
    var lines: [AnchorLine] = []
    for anchor in bench.anchors(from: prefix) where anchor.source != "memory" {
      let isAnswer = anchor.unit == "s" && anchor.outputTokens != nil
      guard anchor.unit == "tokens/s" || isAnswer else { continue }
      let native = try Model.named(anchor.model ?? "").nativeWeights
      let precision: Precision = try Chip.named(anchor.chip ?? "").peak.fp8 == nil ? .bf16 : .fp8
      let deployment = try holding(
        16_384,
        try bench.deployment(
          of: anchor,
          precision: native == .bf16 ? .bf16 : precision,
          weights: native,
          fabric: "cs3-io"
        ),
        isFixed: anchor.chips != nil
      )
      let fleet = try Fleet.alone(deployment)
      let run = try SoloRun(
        on: fleet,
        promptTokens: anchor.promptTokens ?? 1_000,
        outputTokens: anchor.outputTokens ?? 500,
        policies: bench.policies
      )
      guard let run else { continue }
      let rate = 1 / run.timePerOutputToken
      let speculates = anchor.conditions.contains("speculative")
      let isSet = isSet(anchor)
      var note = "\(deployment.chips) chips, \(native.rawValue)"
      if !isSet, !isAnswer, anchor.value > rate {
        note += "; \(StepQuantity.digits(anchor.value / rate)) tokens per step would meet it"
      }
      lines.append(
        AnchorLine(
          group,
          anchor,
          predicted: isAnswer ? run.answer : rate,
          role: isSet ? .set : speculates ? .bound : .test,
          by: .engine,
          note: note
        )
      )
    }
    return lines
  }

  /// The deployment on the fewest chips that hold the weights and `tokens` tokens of KV.
  private static func holding(
    _ tokens: Int,
    _ deployment: Deployment,
    isFixed: Bool
  ) throws -> Deployment {
    if isFixed { return deployment }
    var deployment = deployment
    deployment.chips = deployment.sufficientChips
    while true {
      let kind = try InstanceKind(deployment)
      if kind.kvCapacityUnits >= kind.kv.units(tokens: tokens) { return deployment }
      deployment.chips += 1
    }
  }
}
