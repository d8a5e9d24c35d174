import Hardware
import Simulation
import Workload

extension Summary {
  /// The summary as aligned text for a terminal.
  public var text: String {
    let parts = [
      heading, requests, sessionTable, latencies, stages, sessionPath, prefixHits, poolTable,
      cacheTable, footer, life?.text,
    ]
    return parts.compactMap(\.self).joined(separator: "\n")
  }

  private var heading: String {
    var table = TextTable(leftColumns: 2)
    table.append(["trace", description.trace])
    table.append(["fleet", description.fleet])
    let bound =
      description.clairvoyance == .observable ? "" : " (\(description.clairvoyance.label))"
    table.append(["policy", description.policy + bound])
    table.append(["options", description.options.note])
    table.append(["slo", objectives.note])
    if let measured { table.append(["measured", measured.note]) }
    return table.text
  }

  private var requests: String {
    var table = TextTable()
    table.append(["requests", "offered"] + outcomeNames + ["TTFT met", "TPOT met", "both met"])
    for (name, metrics) in [("all", overall)] + classes {
      table.append(
        [name, Quantity.count(metrics.offered)] + outcomes(metrics).map(Quantity.count)
          + [metrics.ttftAttainment, metrics.tpotAttainment, metrics.jointAttainment]
          .map { $0.share.map(Quantity.percent) ?? "–" }
      )
    }
    let explained = reasons.map { "\(Quantity.count($0.count)) × \($0.reason)\n" }.joined()
    let rare = [
      (overall.held, "held at the gateway"),
      (overall.layerWiseHandOffs, "handed off layer by layer"),
      (overall.fallenBackHandOffs, "fell back to a blocking hand-off for want of decode memory"),
      (overall.swaps, "preempted by moving KV to host memory"),
      (notDue, "not due before the end of the run, so not offered"),
    ]
    let notes = rare.filter { $0.0 > 0 }.map { "\(Quantity.count($0.0)) × \($0.1)\n" }.joined()
    return table.text + explained + notes
  }

  var outcomeNames: [String] {
    ["completed", "rejected", "failed", "cancelled", "unfinished"]
  }

  private func outcomes(_ metrics: RequestMetrics) -> [Int64] {
    [metrics.completed, metrics.rejected, metrics.failed, metrics.cancelled, metrics.unfinished]
  }

  private var latencies: String {
    var table = TextTable()
    table.append(["latency"] + LatencyQuantile.all.map(\.name) + ["mean"])
    let session = startedSessions.map { [("", "session", $0.completion)] } ?? []
    for latency in overall.latencies + session {
      let values =
        LatencyQuantile.all.map { latency.distribution.quantile(percent: $0.percent) }
        + [latency.distribution.mean]
      table.append(
        [latency.label] + values.map { $0.map { Quantity.time(nanoseconds: Double($0)) } ?? "–" }
      )
    }
    return table.text
  }

  private var stages: String {
    var table = TextTable()
    table.append(["stage", "mean", "share"])
    let (completed, total) = (Double(overall.completed), Double(overall.stages.total))
    for stage in overall.stages.named where completed > 0 {
      table.append([
        stage.name, Quantity.time(nanoseconds: Double(stage.sum) / completed),
        Quantity.percent(total > 0 ? Double(stage.sum) / total : 0),
      ])
    }
    return table.text
  }

  private var poolTable: String {
    var table = TextTable(leftColumns: 2)
    table.append([
      "pool", "role", "instances", "busy", "estimate", "compute", "bandwidth", "KV mean", "KV peak",
      "link", "batch", "preempted", "energy", "idle energy",
    ])
    for pool in pools {
      let shares: [Double?] = [
        pool.busyShare, pool.estimatedShare, pool.computeShare, pool.bandwidthShare,
        pool.meanKVShare, pool.peakKVShare, pool.linkShare,
      ]
      table.append(
        [pool.name, pool.role.rawValue, String(pool.instances)]
          + shares.map { $0.map(Quantity.percent) ?? "–" }
          + [
            pool.meanBatch.map(Quantity.threeDigits) ?? "–", Quantity.count(pool.preemptions),
            Quantity.energy(joules: pool.joules), Quantity.energy(joules: pool.idleJoules),
          ]
      )
    }
    let swaps = pools.filter { $0.bytesSwappedOut > 0 }.map { pool in
      "\(pool.name): \(Quantity.bytes(pool.bytesSwappedOut)) of KV swapped to host memory, "
        + "\(Quantity.bytes(pool.bytesSwappedIn)) back\n"
    }
    return table.text + swaps.joined()
  }

  private var costNote: String {
    let energy = cost.joulesPerMillionOutputTokens.map { Quantity.energy(joules: $0) } ?? "–"
    let price = cost.dollarsPerMillionOutputTokens.map { Quantity.dollars($0) } ?? "no price"
    return "\(price), \(energy) per million output tokens, idle time included"
  }

  private var footer: String {
    var table = TextTable(leftColumns: 2)
    table.append(["queues", stability.verdict])
    if acceptedTokensPerStep != 1 {
      table.append([
        "speculation",
        "\(Quantity.fixed(acceptedTokensPerStep, decimals: 1)) tokens per step "
          + "(TPOT right on average; ITL burstiness is not modelled)",
      ])
    }
    table.append(["goodput", goodput.map { Quantity.number($0) + " requests/s" } ?? "–"])
    table.append(["output", tokensPerSecond.map { Quantity.number($0) + " tokens/s" } ?? "–"])
    table.append(["cost", costNote])
    for pool in pools { table.append(["error", pool.errorNote]) }
    table.append(["simulated", Quantity.time(nanoseconds: Double(span))])
    table.append([
      "steps",
      "\(Quantity.count(engineSteps)), \(Quantity.count(boundariesVisited)) boundaries visited",
    ])
    let speed = requestsPerSecond.map { ", \(Quantity.number($0)) requests/s" } ?? ""
    let steps = stepsPerSecond.map { ", \(Quantity.number($0)) steps/s" } ?? ""
    table.append([
      "replay", Quantity.time(nanoseconds: timings.replaySeconds * 1e9) + speed + steps,
    ])
    table.append(["wall", Quantity.time(nanoseconds: timings.wallSeconds * 1e9)])
    table.append(["result", resultDigest.hex])
    table.append(["summary", summaryDigest.hex])
    return table.text
  }
}

extension Clairvoyance {
  /// What a table says beside a policy that knows more than a real router could.
  var label: String {
    switch self {
    case .observable: "O: observable"
    case .predicted: "H: uses predictions"
    case .oracle: "X: a bound, uses the future"
    }
  }
}

extension RunOptionsText {
  /// What a heading says of the options.
  var note: String { "seed \(seed), \(noteBesidesSeed)" }

  var noteBesidesSeed: String {
    var notes = ["rate × \(Quantity.threeDigits(rateScale))"]
    if horizon != .never { notes.append("horizon \(DurationText.text(horizon))") }
    if limit != .max { notes.append("limit \(Quantity.count(limit))") }
    if loop != .open { notes.append("\(loop.rawValue) loop") }
    if viewLag > 0 { notes.append("view lag \(DurationText.text(viewLag))") }
    if spreadTies > 0 { notes.append("ties spread over \(DurationText.text(spreadTies))") }
    return notes.joined(separator: ", ")
  }
}

extension PoolSummary {
  /// How far the pool's step times can be trusted.
  fileprivate var errorNote: String {
    guard let error = expectedError else {
      return "\(name): no measured rows stand behind its step times; carry at least ± 40 %"
    }
    let (median, ninetieth) = (error.tpotMedian, error.tpotNinetieth)
    return
      "\(name): time per output token within \(Quantity.percent(median)) of measured ones in the "
      + "median, \(Quantity.percent(ninetieth)) at p90 (\(error.profile), \(error.level))"
  }
}

extension MeasuredPart {
  /// What a heading says of the window and of what is in it.
  var note: String {
    "\(Quantity.count(requests)) of \(Quantity.count(offeredInAll)) requests, \(window.note)"
  }
}

extension MeasureWindow {
  /// Such as `60 s..600 s`.
  var note: String {
    "\(DurationText.spaced(start)).." + (end == .never ? "" : DurationText.spaced(end))
  }
}

extension ServiceObjectives {
  var note: String { description.isEmpty ? "none" : description }
}
