import Hardware

// Engines of papers: those of 2023, of which each has its own times, and DistServe's.

extension AnchorStudy {
  /// vLLM of 2023 spends its time per layer in Python: the time per layer of each chip is taken from
  /// its token time at batch 1, and the slow-down of prompts, of both, from one prompt on H100.
  static func splitwise(_ bench: AnchorBench) throws -> [AnchorLine] {
    var lines: [AnchorLine] = []
    var slowdown: Double?
    for chip in ["h100", "a100"] {
      let prefix = "splitwise-llama-2-70b-\(chip)"
      guard let token = bench["\(prefix)-token-b1"] else { continue }
      var deployment = try bench.deployment(of: token)
      deployment.chip = try EngineLevel.layerFloor(
        of: deployment,
        batch: 1,
        contextTokens: Self.splitwiseContext,
        seconds: token.value / 1e3,
        source: token.id
      )
      if let slowdown {
        deployment.chip = deployment.chip.tuned {
          $0.slowdown = Sourced(slowdown, .derived, "splitwise-llama-2-70b-h100-prompt-2048")
        }
      } else if let prompt = bench["\(prefix)-prompt-2048"] {
        deployment.chip = try EngineLevel.slowdown(
          of: deployment,
          promptTokens: 2_048,
          seconds: prompt.value / 1e3,
          source: prompt.id
        )
        if case .roofline(let constants) = deployment.chip.timing {
          slowdown = constants.slowdown.value
        }
      }
      let bloom = chip == "h100" ? bench.anchors(from: "splitwise-bloom") : []
      for anchor in bench.anchors(from: prefix) + bloom {
        lines.append(try splitwiseLine(anchor, on: deployment))
      }
    }
    return lines
  }

  /// The prompts of 512 tokens with which batches were measured, and half of their 128 tokens.
  private static let splitwiseContext = 512 + 64

  private static func splitwiseLine(
    _ anchor: Anchor,
    on deployment: Deployment
  ) throws -> AnchorLine {
    var deployment = deployment
    deployment.model = try Model.named(anchor.model ?? "")
    let kind = try InstanceKind(deployment)
    let isSet =
      anchor.id.hasSuffix("70b-h100-prompt-2048")
      || anchor.id.hasSuffix("00-token-b1")
        && !anchor.id.contains("bloom")
    let role: AnchorLine.Role = isSet ? .set : .test
    if let prompt = anchor.promptTokens {
      return AnchorLine(
        .splitwisePrompts,
        anchor,
        predicted: kind.costs.promptSeconds(prompt) * 1e3,
        role: role,
        by: .costs,
        note: isSet ? "sets the slow-down of prompts" : ""
      )
    }
    let step = kind.decodeCost(batch: anchor.batch ?? 1, contextTokens: splitwiseContext)
    return AnchorLine(
      .splitwiseTokens,
      anchor,
      predicted: step.seconds * 1e3,
      role: role,
      by: .costs,
      note: isSet ? "sets the time per layer" : "contexts of \(splitwiseContext) tokens"
    )
  }

  /// The coefficients of DistServe's own fit, at points; the catalogue's constants.
  static func distServe(_ bench: AnchorBench) throws -> [AnchorLine] {
    let name = "distserve-opt-66b-"
    guard let constant = bench["\(name)prefill-constant"],
      let perToken = bench["\(name)prefill-token"],
      let perSquare = bench["\(name)prefill-square"],
      let decode = bench["\(name)decode-constant"],
      let perContext = bench["\(name)decode-context"],
      let perRequest = bench["\(name)decode-request"]
    else { return [] }
    let kind = try InstanceKind(try bench.deployment(of: constant, maxBatch: 256))
    var lines: [AnchorLine] = []
    for tokens in [256, 512, 1_024, 2_048] {
      let count = Double(tokens)
      var point = constant
      point.id += "@\(tokens)"
      point.what = "prefill of \(tokens) tokens"
      point.value = constant.value + perToken.value * count + perSquare.value * count * count
      let predicted = kind.costs.promptSeconds(tokens) * 1e3
      lines.append(
        AnchorLine(.distServe, point, predicted: predicted, role: .test, by: .costs)
      )
    }
    for (batch, context) in [(1, 512), (16, 512), (32, 1_024)] {
      var point = decode
      point.id += "@\(batch)x\(context)"
      point.what = "decode step of \(batch) over \(context) tokens each"
      point.value =
        decode.value + perContext.value * Double(batch * context)
        + perRequest.value * Double(batch)
      let predicted = kind.decodeCost(batch: batch, contextTokens: context).seconds * 1e3
      lines.append(
        AnchorLine(.distServe, point, predicted: predicted, role: .test, by: .costs)
      )
    }
    for anchor in bench.anchors("\(name)prefill-2048") {
      let predicted = kind.costs.promptSeconds(2_048) * 1e3
      lines.append(
        AnchorLine(.distServe, anchor, predicted: predicted, role: .test, by: .costs)
      )
    }
    for anchor in bench.anchors(from: "distserve-mfu") {
      lines.append(try operationsOverPeak(bench, anchor, .distServe, tokens: 2_048))
    }
    return lines
  }

  /// Operations of a prompt over the peak for as long as it takes.
  private static func operationsOverPeak(
    _ bench: AnchorBench,
    _ anchor: Anchor,
    _ group: AnchorGroup,
    tokens: Int
  ) throws -> AnchorLine {
    var deployment = try bench.deployment(of: anchor)
    // Rates are asked for, not memory.
    deployment.usableMemory = 4
    let kind = try InstanceKind(deployment)
    let pairs = Double(tokens) * Double(tokens + 1) / 2
    let operations = kind.costs.floatingPointOperations(
      tokens: Double(tokens),
      attentionPairs: pairs
    )
    let share = operations / kind.peakOperationsPerSecond / kind.costs.promptSeconds(tokens)
    return AnchorLine(
      group,
      anchor,
      predicted: share,
      role: .test,
      by: .costs,
      note: "a prompt of \(tokens) tokens"
    )
  }

  /// One request at a time through a prefill and a decode instance.
  static func mooncake(_ bench: AnchorBench) throws -> [AnchorLine] {
    var lines: [AnchorLine] = []
    for anchor in bench.anchors(from: "mooncake-ttft") {
      let fabric = anchor.chip == "h20" ? "roce-400" : "roce-200"
      let deployment = try bench.deployment(of: anchor, fabric: fabric)
      let fleet = try Fleet.pair(prefill: deployment, decode: deployment)
      let run = try SoloRun(
        on: fleet,
        promptTokens: anchor.promptTokens ?? 1,
        outputTokens: 2,
        policies: bench.policies
      )
      guard let run else { continue }
      lines.append(
        AnchorLine(
          .mooncake,
          anchor,
          predicted: run.timeToFirstToken * 1e3,
          role: .test,
          by: .engine
        )
      )
    }
    for anchor in bench.anchors("mooncake-mfu-h20") {
      lines.append(try operationsOverPeak(bench, anchor, .mooncake, tokens: 16_384))
    }
    return lines
  }

  /// One request at a time; the constants of both chips were set by hand to these tutorials.
  static func trainium(_ bench: AnchorBench) throws -> [AnchorLine] {
    var lines: [AnchorLine] = []
    for anchor in bench.anchors(from: "neuron-trn") {
      let fleet = try Fleet.alone(try bench.deployment(of: anchor))
      let prompt = anchor.promptTokens ?? 1_024
      let run = try SoloRun(
        on: fleet,
        promptTokens: prompt,
        outputTokens: anchor.outputTokens ?? 64,
        policies: bench.policies
      )
      guard let run else { continue }
      let isFirst = anchor.what == "TTFT"
      lines.append(
        AnchorLine(
          isFirst ? .trainiumFirst : .trainiumTokens,
          anchor,
          predicted: (isFirst ? run.timeToFirstToken : run.timePerOutputToken) * 1e3,
          role: .inView,
          by: .engine,
          note: anchor.promptTokens == nil ? "a prompt of \(prompt) tokens" : ""
        )
      )
    }
    for anchor in bench.anchors(from: "neuron-layer-time") {
      guard case .roofline(let constants) = try Chip.named("trainium2").timing else { continue }
      lines.append(
        AnchorLine(
          .trainiumTokens,
          anchor,
          predicted: constants.layerFloor.value * 1e6,
          role: .inView,
          by: .catalogue
        )
      )
    }
    return lines
  }
}
