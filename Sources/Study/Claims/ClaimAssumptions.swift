public import Hardware

/// Under what conditions a claim is computed; a ratio without them says nothing.
public struct ClaimAssumptions: Sendable, Equatable {
  /// What "faster", "larger" or "less" is taken to mean where articles leave it open.
  public enum Meaning: String, Sendable, CaseIterable {
    case speed = "output rate of one user"
    case bandwidth = "memory bandwidth per device"
    case bandwidthPerWatt = "memory bandwidth per watt"
  }

  public var model = "gpt-oss-120b"
  /// Nominal lengths; those of requests are uniform in 0.8–1.0 of them.
  public var promptTokens = 1_024
  public var outputTokens = 1_024
  /// The GPU that is compared with, and its chips per replica where the claim fixes them.
  public var gpu = "b200"
  public var gpuChips = 8
  /// Clients of one replica of the GPU.
  public var clients = 4
  /// Output tokens per second that every user of the GPU gets, where its best batch is looked for.
  public var userRate = 100.0
  /// Tokens that a verified step yields; 1 without speculation.
  public var waferAcceptedTokens = 1.0
  public var gpuAcceptedTokens = 1.0
  /// Share of the wafers' KV memory that requests fill.
  public var fill = 0.7
  /// Slow-down of prompts on Trainium3 over its kernels; the catalogue's unless given.
  public var trainiumSlowdown: Double?
  public var prices = ClaimPrices()
  public var meaning = Meaning.speed
  /// Whether what feeds the wafers counts as footprint or power.
  public var countsPrefill = false
  /// Whether power is what a data centre provides per chip, instead of the package's.
  public var countsProvisionedPower = false
  public var weights: WeightFormat?
  public var handoff = Transfer.direct
  /// Chips of the instance that computes prompts, where one is looked at.
  public var senderChips = 4
  /// Limits of goodput, in seconds.
  public var firstTokenLimit = 1.0
  public var tokenLimit = 0.012

  /// How KV is handed off.
  public enum Transfer: String, Sendable, CaseIterable {
    case direct, staged, layerWise = "layer by layer", tcp
  }

  public init() {}
}

/// Prices of an hour of one chip in dollars, in place of the catalogue's.
public struct ClaimPrices: Sendable, Equatable {
  public var gpu: Double?
  public var trainium: Double?
  public var wafer: Double?

  public init(gpu: Double? = nil, trainium: Double? = nil, wafer: Double? = nil) {
    self.gpu = gpu
    self.trainium = trainium
    self.wafer = wafer
  }

  func perHour(_ chip: String) -> Double? {
    let given: Double? =
      switch chip {
      case "wse-3": wafer
      case "trainium3": trainium
      default: gpu
      }
    return given ?? (try? Chip.named(chip))?.prices.perHour?.value
  }
}
