/// Constants of decode on a pipeline of wafers or LPUs.
///
/// The two parameters of the layer time rest on two launch figures, so that this law has not been
/// tested: carry at least ± 40 % in a study.
public struct WaferConstants: Sendable, Equatable {
  /// Time of a layer of width 4,096, in seconds.
  public var layerTime = Sourced(
    17e-6,
    .derived,
    "(1 / 1800 - 5e-6) / 32",
    note: "Llama 3.1 8B at 1,800 tokens/s on one wafer, anchor cerebras-llama-3.1-8b"
  )
  /// Exponent of (width / 4,096) in the layer time.
  public var widthExponent = Sourced(
    0.65,
    .assumed,
    "0.65–0.68 takes the rate of Llama 3.1 8B to that of 70B, 450 tokens/s on four wafers"
  )
  /// Time from one wafer to the next, in seconds.
  public var hopTime = Sourced(5e-6, .assumed, "16 KB of activations at 150 GB/s and a few us")
  /// Share of the matrix peak that a full pipeline reaches.
  public var computeShare = Sourced(0.3, .assumed, "judgement; sweep 0.2–0.5")

  public init() {}

  var figures: [Figure] {
    [
      Figure("layer time at width 4,096", unit: .seconds, layerTime),
      Figure("width exponent", widthExponent),
      Figure("hop time", unit: .seconds, hopTime),
      Figure("compute share", computeShare),
    ]
  }
}
