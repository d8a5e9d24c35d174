import Hardware

// Links and kernels: figures of the catalogue, and what was measured of the same thing.

extension AnchorStudy {
  /// Rates and times of transfers.
  static func transfers(_ bench: AnchorBench) throws -> [AnchorLine] {
    var lines: [AnchorLine] = []
    func add(_ id: String, _ fabric: String, _ note: String = "", _ value: (Fabric) -> Double)
      throws
    {
      guard let anchor = bench[id] else { return }
      let isSet = bench.isSource(anchor)
      // The two constants of each RoCE fabric are a fit through its transfers.
      let isInView = ["mooncake-h800", "mooncake-h20", "efa-v4", "-staged"].contains {
        id.contains($0)
      }
      lines.append(
        AnchorLine(
          .transfers,
          anchor,
          predicted: value(try Fabric.named(fabric)),
          role: isSet ? .set : isInView ? .inView : .test,
          by: .catalogue,
          note: note
        )
      )
    }
    for version in ["efa-v2", "efa-v3"] {
      try add("\(version)-write", version) { $0.efficiency.value }
      try add("\(version)-read", version, "reads are taken to do as well as writes") {
        $0.efficiency.value
      }
      try add("\(version)-staged", version) { 400 * $0.efficiency.value * $0.stagedFactor.value }
    }
    try add("efa-v4-write-b300", "efa-v4") { 800 * $0.efficiency.value }
    try add("efa-v4-write-b200", "efa-v4") { 400 * $0.efficiency.value }
    try add("efa-v4-staged-b300", "efa-v4") { 800 * $0.efficiency.value * $0.stagedFactor.value }
    try add("mooncake-4x200", "roce-200", "100 GB/s raw") { 100 * $0.efficiency.value }
    try add("mooncake-8x400", "roce-400", "400 GB/s raw") { 400 * $0.efficiency.value }
    try add("mooncake-tcp-4x200", "roce-200") { $0.tcpFactor.value }
    try add("mooncake-tcp-8x400", "roce-400") { $0.tcpFactor.value }
    for (chip, fabric) in [("h800", "roce-200"), ("h20", "roce-400")] {
      let name = "mooncake-\(chip)"
      try add("\(name)-share", fabric) { $0.efficiency.value }
      try add("\(name)-latency", fabric) { $0.latency.value * 1e3 }
      try add("\(name)-peak", fabric) { 200 * $0.efficiency.value }
      let sizes = [("20mb", 20e6), ("4.5gib", 4.5 * 0x1p30), ("12.6gb", 12.6e9)]
      for (size, bytes) in sizes {
        try add("\(name)-\(size)", fabric) {
          ($0.latency.value + bytes / (200e9 * $0.efficiency.value)) * 1e3
        }
      }
    }
    return lines + (try allReduces(bench))
  }

  private static func allReduces(_ bench: AnchorBench) throws -> [AnchorLine] {
    var lines: [AnchorLine] = []
    for anchor in bench.anchors(from: "aic-allreduce-") {
      let chip = try Chip.named(anchor.chip ?? "")
      guard case .roofline(let constants) = chip.timing else { continue }
      let share = constants.linkEfficiency.value
      let isTime = anchor.unit == "us"
      // In a ring of eight each byte crosses a chip's link twice, but for its own eighth.
      let time =
        constants.allReduceLatency.value + constants.allReduceRamp.value
        + 2 * 7 / 8 * 0x1p27 / (chip.linkBandwidth.value * share)
      lines.append(
        AnchorLine(
          .transfers,
          anchor,
          predicted: isTime ? time * 1e6 : share,
          // The share was taken from the same all-reduce.
          role: .set,
          by: .catalogue
        )
      )
    }
    return lines
  }

  /// What kernels reach, by the formulas' curves.
  static func kernels(_ bench: AnchorBench) throws -> [AnchorLine] {
    var lines: [AnchorLine] = []
    for anchor in bench.anchors(from: "aic-gemm-") + bench.anchors(from: "aic-attention-") {
      guard let name = anchor.chip ?? (anchor.id == "aic-attention-asymptote" ? "h100" : nil),
        case .roofline(let constants) = try Chip.named(name).timing
      else { continue }
      var predicted: Double?
      if anchor.id.hasPrefix("aic-gemm") {
        let precision = Precision.allCases.first { anchor.id.contains("-\($0.rawValue)") }
        predicted = precision.flatMap { constants.gemmEfficiency[$0]?.value }
        if let share = predicted, let tokens = anchor.batch.map(Double.init) {
          let ramp = constants.gemmRampTokens.value
          predicted = share * tokens / (tokens * tokens + ramp * ramp).squareRoot()
        }
      } else {
        predicted =
          anchor.unit == "share"
          ? constants.attentionEfficiency.value : constants.attentionRampTokens.value
      }
      guard let predicted else { continue }
      lines.append(
        AnchorLine(
          .kernels,
          anchor,
          predicted: predicted,
          role: bench.isSource(anchor) ? .set : .inView,
          by: .catalogue
        )
      )
    }
    for anchor in bench.anchors("rtx-4090-memory") {
      lines.append(
        AnchorLine(
          .kernels,
          anchor,
          predicted: try Chip.named("rtx-4090").memoryBytes.value,
          role: .set,
          by: .catalogue
        )
      )
    }
    return lines
  }
}
