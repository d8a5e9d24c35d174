/// What chips of one instance exchange in a step.
///
/// Under tensor parallelism two all-reduces per layer, after attention and after the feed-forward
/// part. Under attention data parallelism ranks exchange tokens around the experts only: within a
/// scale-up domain of a node one gathering and one scattering per expert layer, together as much as
/// an all-reduce; across many chips two all-to-alls, which carry each token to its experts and back.
struct Collectives: Sendable {
  private enum Pattern { case none, allReduce(count: Double), allToAll(count: Double) }

  /// Chips beyond which engines send tokens to experts rather than gather them on every chip.
  private static let widestGather = 8

  private let pattern: Pattern
  private let smallLatency: Double
  private let ramp: Double
  private let rampBytes: Double
  private let secondsPerByte: Double
  private let activationBytes: Double
  private let ranks: Int
  /// Bytes that a token's experts take and give, over the residual stream's.
  private let dispatchFactor: Double

  /// A group larger than the scale-up domain is bound by its network cards, and waits for the network
  /// between them.
  init(chip: Chip, constants: RooflineConstants, parallelism: Parallelism, model: Model) {
    let (chips, tensor) = (parallelism.chips, parallelism.tensorRanks)
    let wide = parallelism.attentionRanks > 1 && chips > Self.widestGather
    let group = parallelism.attentionRanks > 1 ? chips : tensor
    if group == 1 || (parallelism.attentionRanks > 1 && !model.isMixtureOfExperts) {
      pattern = .none
    } else if parallelism.attentionRanks == 1 {
      pattern = .allReduce(count: Double(2 * model.layers))
    } else if wide {
      pattern = .allToAll(count: Double(2 * model.expertLayers))
    } else {
      pattern = .allReduce(count: Double(model.expertLayers))
    }
    let link = group <= chip.linkDomain ? chip.linkBandwidth : chip.nicBandwidth
    let rate = link.value * constants.linkEfficiency.value
    // In a ring every byte crosses a chip's link twice, but for the chip's own share.
    secondsPerByte = wide ? 1 / rate : 2 * Double(group - 1) / Double(group) / rate
    let hop = group <= chip.linkDomain ? 0 : constants.networkLatency.value
    smallLatency = wide ? constants.allToAllLatency.value : constants.allReduceLatency.value + hop
    ramp = constants.allReduceRamp.value
    rampBytes = constants.allReduceRampBytes.value
    activationBytes = 2 * Double(model.hidden)
    ranks = parallelism.attentionRanks
    // A token goes out in FP8 and comes back in BF16, to each of its experts: 1.5 of two bytes an
    // element; the fullest chip has about 1.3 times the mean.
    dispatchFactor = 1.5 / 2 * Double(max(1, model.activeExperts)) * 1.3
  }

  /// What the step's collectives take whatever their size, in seconds.
  var latency: Double {
    switch pattern {
    case .none: 0
    case .allReduce(let count), .allToAll(let count): count * smallLatency
    }
  }

  /// The part that grows with size, in seconds, where the step has `tokens` tokens.
  func transferSeconds(tokens: Double) -> Double {
    switch pattern {
    case .none: return 0
    case .allReduce(let count):
      let bytes = tokens * activationBytes
      return count * (ramp * bytes / (bytes + rampBytes) + bytes * secondsPerByte)
    case .allToAll(let count):
      let bytes = (tokens / Double(ranks)).rounded(.up) * activationBytes
      return count * bytes * dispatchFactor * secondsPerByte
    }
  }
}
