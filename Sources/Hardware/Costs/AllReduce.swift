/// The all-reduces of one step: two per layer, after attention and after the feed-forward part.
struct AllReduce: Sendable {
  /// What the step's all-reduces take whatever their size, in seconds.
  let latency: Double
  private let count: Double
  private let ramp: Double
  private let rampBytes: Double
  private let secondsPerByte: Double

  /// A group larger than the scale-up domain is bound by its network cards.
  init(chip: Chip, constants: RooflineConstants, chips: Int, model: Model) {
    let link = chips <= chip.linkDomain ? chip.linkBandwidth : chip.nicBandwidth
    count = chips > 1 ? Double(2 * model.layers) : 0
    latency = count * constants.allReduceLatency.value
    ramp = constants.allReduceRamp.value
    rampBytes = constants.allReduceRampBytes.value
    // In a ring every byte crosses a chip's link twice, but for the chip's own share.
    secondsPerByte =
      2 * Double(chips - 1) / Double(chips) / (link.value * constants.linkEfficiency.value)
  }

  /// The part that grows with size, in seconds, where each all-reduce has `bytes` bytes.
  func transferSeconds(bytes: Double) -> Double {
    count * (ramp * bytes / (bytes + rampBytes) + bytes * secondsPerByte)
  }
}
