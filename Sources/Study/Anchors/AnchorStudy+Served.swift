import Hardware

// Engines of today, under closed loops and fixed batches.

extension AnchorStudy {
  /// Closed loops of clients in the engine. The catalogue's constants rest on rows of the same source,
  /// a profile may on these very ones.
  static func inferenceX(_ bench: AnchorBench) throws -> [AnchorLine] {
    var lines: [AnchorLine] = []
    for anchor in bench.anchors(from: "inferencex-") where anchor.what == "TPOT" {
      let format = FormatOfRun(anchor)
      var deployment = try bench.deployment(
        of: anchor,
        precision: format.precision,
        weights: format.weights
      )
      deployment.kvElementBytes = format.kvElementBytes
      deployment = deployment.calibrated(bench.profile, engine: format.engine)
      let speculates = anchor.conditions.contains("prediction head")
      let fleet =
        anchor.conditions.contains("disaggregated")
        ? try Fleet.pair(prefill: deployment, decode: deployment)
        : try Fleet.alone(deployment)
      let point = try ServingPoint(
        fleet,
        clients: anchor.batch ?? 1,
        promptTokens: anchor.promptTokens ?? 1,
        outputTokens: anchor.outputTokens ?? 2,
        policies: bench.policies
      )
      guard let point else { continue }
      lines.append(
        AnchorLine(
          .inferenceX,
          anchor,
          predicted: 1e3 / point.userRate,
          role: speculates ? .bound : .inView,
          by: .engine,
          note: speculates ? "without speculation" : ""
        )
      )
    }
    return lines
  }

  /// What the conditions of a run say of formats and engine.
  private struct FormatOfRun {
    var precision = Precision.bf16
    var weights: WeightFormat? = .bf16
    var kvElementBytes = 2
    var engine = "vllm"

    init(_ anchor: Anchor) {
      let conditions = anchor.conditions
      if conditions.contains("MXFP4") {
        weights = .mxfp4
      } else if conditions.contains("FP4") {
        (precision, weights, kvElementBytes) = (.fp4, .nvfp4, 1)
      } else if conditions.contains("FP8") {
        (precision, weights, kvElementBytes) = (.fp8, .fp8, 1)
      } else if !conditions.contains("BF16") {
        weights = nil
      }
      if conditions.contains("TensorRT") { engine = "trtllm" }
    }
  }

  /// Steps of a fixed batch, and the power of one chip while they run.
  static func mlEnergy(_ bench: AnchorBench) throws -> [AnchorLine] {
    var lines: [AnchorLine] = []
    let context = 1_024
    for anchor in bench.anchors(from: "mlenergy-") {
      // The smallest batch of the set was 8.
      guard let batch = anchor.batch ?? (anchor.id.contains("-low-") ? 8 : nil) else { continue }
      let isFP8 = anchor.conditions.contains("FP8")
      let deployment = try bench.deployment(
        of: anchor,
        precision: isFP8 ? .fp8 : .bf16,
        weights: isFP8 ? .fp8 : .bf16
      )
      var calibrated = deployment.calibrated(bench.profile, engine: "vllm")
      // What fits was measured; at 16 bits 405B needs more than the default share.
      calibrated.usableMemory = max(
        calibrated.usableMemory,
        Double(calibrated.sufficientChips) / Double(calibrated.chips)
      )
      let step = try InstanceKind(calibrated).decodeCost(batch: batch, contextTokens: context)
      let isPower = anchor.unit == "W"
      let watts = step.joules / step.seconds / Double(calibrated.chips)
      lines.append(
        AnchorLine(
          isPower ? .mlEnergyPower : .mlEnergyTokens,
          anchor,
          predicted: isPower ? watts : step.seconds * 1e3,
          // The power curve was set by hand to readings of this source.
          role: isPower ? .inView : .test,
          by: .costs,
          note: "contexts of \(context) tokens"
        )
      )
    }
    return lines
  }
}
