/// Efficiencies and fixed times of a chip and its engine in the roofline formulas.
///
/// A new value holds the constants to use when nothing is known about an engine. With them the
/// formulas miss measured times per output token by 14 % in the median and 36 % at the 90th
/// percentile (1,736 InferenceX rows, spring 2026).
public struct RooflineConstants: Sendable {
  /// Share of the matrix peak that large GEMMs reach (ε).
  public var gemmEfficiency = ByPrecision(
    bf16: Sourced(0.80, .measured, "TensorRT-LLM kernels on H100, aiconfigurator 0.12"),
    fp8: Sourced(0.60, .measured, "TensorRT-LLM kernels on H100, aiconfigurator 0.12"),
    fp4: Sourced(0.60, .assumed, "as FP8")
  )
  /// Tokens M at which a GEMM is 1/√2 as efficient as a large one: ε(m) = ε · m/√(m² + M²).
  public var gemmRampTokens = Sourced(
    260,
    .derived,
    "fit within 11 % to H100 BF16 kernels at 128–4,096 tokens, aiconfigurator 0.12"
  )
  /// Share of the BF16 peak that prompt attention reaches in long prompts.
  public var attentionEfficiency = Sourced(
    0.55,
    .measured,
    "attention kernels, aiconfigurator 0.12"
  )
  /// Tokens K in the efficiency of attention over a prompt of L tokens, 0.55 · L/(L + K).
  public var attentionRampTokens = Sourced(
    2_000,
    .measured,
    "H100 attention kernels, aiconfigurator 0.12"
  )
  /// Share of the BF16 peak that the attention of a decode step reaches.
  public var decodeAttentionEfficiency = Sourced(0.3, .derived, "fit to InferenceX rows")
  /// Share of the memory bandwidth that reads of weights and KV reach (η).
  public var bandwidthEfficiency = Sourced(
    0.75,
    .derived,
    "centre of fits to InferenceX rows, 0.45–0.85"
  )
  /// Time of a layer that no work hides, in seconds (φ).
  public var layerFloor = Sourced(50e-6, .derived, "fits to InferenceX rows, 45–80 us")
  /// Further time of a layer with experts, in seconds (μ).
  public var expertLayerFloor = Sourced(60e-6, .derived, "fits to InferenceX rows, 30–220 us")
  /// How much longer than its kernels the engine computes (ψ).
  public var slowdown = Sourced(1.2, .derived, "fits to InferenceX rows, 0.8–3")
  /// Time on the host per step, in seconds.
  public var hostTime = Sourced(0.6e-3, .assumed, "judgement from fits to InferenceX rows")
  /// Time of an all-reduce of few bytes, in seconds.
  public var allReduceLatency = Sourced(3.5e-6, .measured, "H100 NVLink, aiconfigurator 0.12")
  /// What an all-reduce of many bytes takes beyond latency and transfer, in seconds; half of it
  /// at `allReduceRampBytes`.
  public var allReduceRamp = Sourced(22e-6, .derived, "fit to NCCL curves, aiconfigurator 0.12")
  public var allReduceRampBytes = Sourced(1e6, .derived, "fit to NCCL curves, aiconfigurator 0.12")
  /// Share of the scale-up link that large all-reduces reach.
  public var linkEfficiency = Sourced(
    0.9,
    .measured,
    "8 H100, BF16 all-reduce of 128 MiB, aiconfigurator 0.12"
  )

  public init() {}

  var figures: [Figure] {
    gemmEfficiency.figures("GEMM efficiency") + [
      Figure("GEMM ramp", unit: "tokens", gemmRampTokens),
      Figure("attention efficiency", attentionEfficiency),
      Figure("attention ramp", unit: "tokens", attentionRampTokens),
      Figure("decode attention efficiency", decodeAttentionEfficiency),
      Figure("bandwidth efficiency", bandwidthEfficiency),
      Figure("layer floor", unit: "s", layerFloor),
      Figure("expert layer floor", unit: "s", expertLayerFloor),
      Figure("slow-down", slowdown),
      Figure("host time", unit: "s", hostTime),
      Figure("all-reduce latency", unit: "s", allReduceLatency),
      Figure("all-reduce ramp", unit: "s", allReduceRamp),
      Figure("all-reduce ramp size", unit: "B", allReduceRampBytes),
      Figure("link efficiency", linkEfficiency),
    ]
  }
}
