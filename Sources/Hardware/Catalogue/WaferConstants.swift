/// Constants of decode on a pipeline of wafers.
///
/// The two parameters of the layer time rest on two launch figures, so that this law has not been
/// tested: carry at least ± 40 % in a study.
public struct WaferConstants: Sendable {
  /// Time of a layer of width 4,096, in seconds.
  public var layerTime = Sourced(
    17e-6,
    .derived,
    "Cerebras launch rates, Llama 3.1 8B at 1,800 and 70B at 450 tokens/s, August 2024"
  )
  /// Exponent of (width / 4,096) in the layer time.
  public var widthExponent = Sourced(0.65, .derived, "the same two rates")
  /// Time from one wafer to the next, in seconds.
  public var hopTime = Sourced(5e-6, .assumed, "16 KB of activations at 150 GB/s and a few us")
  /// Share of the matrix peak that a full pipeline reaches.
  public var computeShare = Sourced(0.3, .assumed, "judgement; sweep 0.2–0.5")

  public init() {}

  var figures: [Figure] {
    [
      Figure("layer time at width 4,096", unit: "s", layerTime),
      Figure("width exponent", widthExponent),
      Figure("hop time", unit: "s", hopTime),
      Figure("compute share", computeShare),
    ]
  }
}
