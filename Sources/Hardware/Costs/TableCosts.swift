/// Step costs out of a table of measured times, instead of a formula.
///
/// A prompt of a size that was measured takes exactly the median of what was measured; other sizes
/// lie on the lines between, and beyond the largest on the last line continued. Of a prompt's time,
/// what as many tokens in shorter prompts take is the pass's, and the rest its attention's, so that
/// chunks of long prompts grow with what lies before them. Beside a decode step a pass costs what it
/// takes beyond the time of an empty one. Decode steps follow the measured batches, and contexts add
/// to them what they added to a single request; they never fall with the batch. Verifying drafts costs
/// as much as a batch of as many tokens. Energy is the measured share of the design power, or
/// that of the chip's power curve where none was read.
public struct TableCosts: ExplainedCosts {
  let table: StepTable
  let work: ModelWork
  let kvBytesPerToken: Double
  /// Design power of the instance, in watts.
  let power: Double
  let powerCurve: PowerCurve
  let bandwidth: Double
  let peak: Double
  var tokensPerRequest = 1

  /// Times as integers, so that parts of a prompt's time add up to it.
  private func time(_ seconds: Double) -> FineTime { FixedPoint.fineTime(seconds: max(0, seconds)) }

  public func verifying(tokensPerRequest: Int) -> any CostModel {
    var costs = self
    costs.tokensPerRequest = tokensPerRequest
    return costs
  }

  private func decodeParts(batch: Int, kvBytes: Double) -> (batch: Double, context: Double) {
    table.decodeSeconds(
      batch: Double(batch * tokensPerRequest),
      contextTokens: kvBytes / kvBytesPerToken
    )
  }

  public func decodeStep(batch: Int, kvBytes: Double) -> StepCost {
    let parts = decodeParts(batch: batch, kvBytes: kvBytes)
    let seconds = max(parts.batch + parts.context, 1e-9)
    let rows = batch * tokensPerRequest
    let share =
      table.decodePower.map { min(1, $0(Double(rows))) }
      ?? curveShare(
        seconds,
        bytes: work.weightBytes(tokens: rows) + kvBytes,
        operations: Double(rows) * work.tokenOperations
      )
    return StepCost(
      time: time(seconds),
      energy: FixedPoint.fineEnergy(joules: power * share * seconds)
    )
  }

  public func prefillPass(tokens: Int, decodeBatch: Int) -> StepCost {
    let whole = passTime(tokens: tokens)
    guard decodeBatch > 0 else {
      return cost(max(whole, FixedPoint.fine(nanoseconds: 1)), tokens: tokens)
    }
    return cost(max(0, whole - time(emptyPassSeconds)), tokens: tokens)
  }

  public func prefillAttention(newTokens: Int, pastTokens: Int) -> StepCost {
    let whole = attentionTime(tokens: pastTokens + newTokens)
    let past = pastTokens > 0 ? attentionTime(tokens: pastTokens) : 0
    return cost(max(0, whole - past), tokens: newTokens)
  }

  private func passTime(tokens: Int) -> FineTime {
    let count = Double(tokens)
    return min(time(table.prompt(count)), time(table.batchedPrompt(count)))
  }

  /// What one prompt takes beyond as many tokens of short prompts.
  private func attentionTime(tokens: Int) -> FineTime {
    time(table.prompt(Double(tokens))) - passTime(tokens: tokens)
  }

  /// What a pass takes whatever its tokens: the line through the two smallest batches, at none.
  private var emptyPassSeconds: Double {
    let curve = table.batchedPrompt
    guard curve.positions.count > 1 else { return 0 }
    let slope =
      (curve.values[1] - curve.values[0]) / (curve.positions[1] - curve.positions[0])
    return max(0, curve.values[0] - slope * curve.positions[0])
  }

  private func cost(_ time: FineTime, tokens: Int) -> StepCost {
    let seconds = Double(time) * 0x1p-32 * 1e-9
    let share =
      table.promptPower.map { min(1, $0(Double(tokens))) }
      ?? curveShare(seconds, bytes: 0, operations: Double(tokens) * work.tokenOperations)
    return StepCost(
      time: time,
      energy: FixedPoint.fineEnergy(joules: power * share * seconds)
    )
  }

  private func curveShare(_ seconds: Double, bytes: Double, operations: Double) -> Double {
    guard seconds > 0 else { return 0 }
    return min(
      1,
      powerCurve.active.value + powerCurve.memory.value * bytes / bandwidth / seconds
        + powerCurve.compute.value * operations / peak / seconds
    )
  }

  public func floatingPointOperations(tokens: Double, attentionPairs: Double) -> Double {
    work.floatingPointOperations(tokens: tokens, attentionPairs: attentionPairs)
  }

  public func weightBytes(batch: Int) -> Double {
    work.weightBytes(tokens: batch * tokensPerRequest)
  }

  public func decodeTerms(batch: Int, kvBytes: Double) -> StepBreakdown {
    let parts = decodeParts(batch: batch, kvBytes: kvBytes)
    return StepBreakdown([
      StepTerm("batch", seconds: parts.batch, rule: "measured at this batch, contexts as measured"),
      StepTerm("context", seconds: parts.context, rule: "measured over the context of one request"),
    ])
  }

  public func prefillTerms(newTokens: Int, pastTokens: Int, decodeBatch: Int) -> StepBreakdown {
    func seconds(_ cost: StepCost) -> Double { Double(cost.time) * 0x1p-32 * 1e-9 }
    return StepBreakdown([
      StepTerm(
        "pass",
        seconds: seconds(prefillPass(tokens: newTokens, decodeBatch: decodeBatch)),
        rule: "measured over batches of short prompts"
      ),
      StepTerm(
        "attention",
        seconds: seconds(prefillAttention(newTokens: newTokens, pastTokens: pastTokens)),
        rule: "measured over one prompt, beyond as many tokens of short ones"
      ),
    ])
  }
}

extension TableCosts {
  /// Energy and utilization are taken of the chip's power and rates; `peak` is the dense rate of one
  /// chip, in op/s.
  init(
    _ table: StepTable,
    chip: Chip,
    chips: Int,
    work: ModelWork,
    kvBytesPerToken: Int64,
    peak: Double
  ) {
    self.table = table
    self.work = work
    self.kvBytesPerToken = Double(kvBytesPerToken)
    power = Double(chips) * chip.power.value
    powerCurve = chip.powerCurve
    bandwidth = Double(chips) * chip.memoryBandwidth.value
    self.peak = Double(chips) * peak
  }
}
