/// Efficiencies and fixed times of a chip and its engine in the roofline formulas.
///
/// A new value holds the constants to use when nothing is known about an engine; a `Profile` has
/// fitted ones, with the errors to expect of them.
public struct RooflineConstants: Sendable, Equatable {
  /// Share of the matrix peak that large GEMMs reach (ε).
  public var gemmEfficiency = ByPrecision(
    bf16: Sourced(0.80, .measured, "aic-gemm-h100-bf16"),
    fp8: Sourced(0.60, .measured, "aic-gemm-h100-fp8"),
    fp4: Sourced(0.60, .assumed, "as FP8")
  )
  /// Tokens M at which a GEMM is 1/√2 as efficient as a large one: ε(m) = ε · m/√(m² + M²).
  public var gemmRampTokens = Sourced(
    260,
    .assumed,
    "meets H100 BF16 kernels of aiconfigurator 0.12 within 11 % at 128–4,096 tokens"
  )
  /// Share of the BF16 peak that prompt attention reaches in long prompts.
  public var attentionEfficiency = Sourced(
    0.55,
    .measured,
    "aic-attention-asymptote"
  )
  /// Tokens K in the efficiency of attention over a prompt of L tokens, 0.55 · L/(L + K).
  public var attentionRampTokens = Sourced(
    2_000,
    .measured,
    "aic-attention-ramp-h100"
  )
  /// Rate of a decode step's attention over the BF16 peak; above 1 where it is computed in FP8.
  public var decodeAttentionEfficiency = Sourced(
    0.8,
    .assumed,
    "fits to InferenceX rows of DeepSeek-R1 on Hopper, 0.8–1; no stack without MLA tells"
  )
  /// Share of the memory bandwidth that reads of weights and KV reach (η).
  public var bandwidthEfficiency = Sourced(
    0.85,
    .assumed,
    "fits of dense stacks to InferenceX rows, 0.7–1.0"
  )
  /// Tokens per expert at which an expert's GEMM is 1/√2 as efficient as a large one, over
  /// `gemmRampTokens`: grouped kernels fill their tiles better than one small GEMM.
  public var expertRampShare = Sourced(0.1, .assumed, "set on InferenceX rows of MoE models")
  /// What is read and written to bring a token to one expert and back, in bytes per element of the
  /// residual stream: gathering, quantizing, and adding up what the experts give.
  public var expertTrafficBytes = Sourced(
    18,
    .assumed,
    "fits to InferenceX rows of MoE models, 12–30; 9 passes of 2 bytes"
  )
  /// How much longer than its kernels the engine computes in decode steps; the slow-down of prompts
  /// does not apply to them.
  public var decodeSlowdown = Sourced(1, .assumed, "InferenceX rows do not tell it from 1")
  /// Time of a layer that no work hides, in seconds (φ).
  public var layerFloor = Sourced(
    45e-6,
    .assumed,
    "fits of dense stacks to InferenceX rows, 33–54 us"
  )
  /// Further time of a layer with experts, in seconds (μ).
  public var expertLayerFloor = Sourced(
    45e-6,
    .assumed,
    "fits to InferenceX rows: expert layers take 35–170 us in all"
  )
  /// Further time of a layer in a pass with prompt tokens, in seconds: engines replay decode steps as
  /// one graph, and launch the kernels of other passes one by one.
  public var promptLayerFloor = Sourced(
    100e-6,
    .assumed,
    "set on InferenceX rows of prompts beside decodes"
  )
  /// That of a layer with experts, further still, in seconds.
  public var promptExpertLayerFloor = Sourced(
    200e-6,
    .assumed,
    "set on InferenceX rows of prompts beside decodes"
  )
  /// How much longer than its kernels the engine computes (ψ).
  public var slowdown = Sourced(
    1.2,
    .assumed,
    "fits of dense stacks to InferenceX rows, 0.8–1.4; 2–6 with experts"
  )
  /// Time on the host per step, in seconds.
  public var hostTime = Sourced(0.3e-3, .assumed, "judgement from fits to InferenceX rows")
  /// Further time on the host per token row of a decode step, in seconds: scheduling, sampling and
  /// detokenizing, which no number of chips shortens.
  public var requestTime = Sourced(25e-6, .assumed, "fits to InferenceX rows, 10–65 us")
  /// Time of an all-to-all of few bytes among many chips, in seconds.
  public var allToAllLatency = Sourced(
    40e-6,
    .assumed,
    "fits to InferenceX rows of DeepSeek-R1 on 16–48 chips, 25–45 us"
  )
  /// Time of an all-reduce of few bytes, in seconds.
  public var allReduceLatency = Sourced(
    3.5e-6,
    .assumed,
    "all-reduces of few bytes take 2.8–3.8 us on H100"
  )
  /// Further time of an all-reduce of few bytes among chips of several scale-up domains, in seconds.
  public var networkLatency = Sourced(
    35e-6,
    .assumed,
    "fits to InferenceX rows of DeepSeek-R1 on 16 H100"
  )
  /// What an all-reduce of many bytes takes beyond latency and transfer, in seconds; half of it
  /// at `allReduceRampBytes`.
  public var allReduceRamp = Sourced(
    8e-6,
    .assumed,
    "set on InferenceX rows; NCCL's curves in aiconfigurator 0.12 give 22 us"
  )
  public var allReduceRampBytes = Sourced(1e6, .assumed, "meets NCCL curves of aiconfigurator 0.12")
  /// Share of the scale-up link that large all-reduces reach.
  public var linkEfficiency = Sourced(
    0.9,
    .measured,
    "aic-allreduce-h100"
  )

  public init() {}

  /// The same constants for a chip or engine of which none were measured.
  func borrowed(from name: String) -> RooflineConstants {
    var constants = self
    constants.gemmEfficiency = gemmEfficiency.borrowed(from: name)
    for figure in Self.single {
      constants[keyPath: figure] = constants[keyPath: figure].borrowed(from: name)
    }
    return constants
  }

  private static var single: [WritableKeyPath<RooflineConstants, Sourced>] {
    [
      \.gemmRampTokens, \.attentionEfficiency, \.attentionRampTokens, \.decodeAttentionEfficiency,
      \.bandwidthEfficiency, \.expertRampShare, \.expertTrafficBytes, \.decodeSlowdown,
      \.requestTime, \.allToAllLatency,
      \.layerFloor, \.expertLayerFloor, \.promptLayerFloor, \.promptExpertLayerFloor,
      \.slowdown, \.hostTime,
      \.allReduceLatency, \.networkLatency, \.allReduceRamp, \.allReduceRampBytes, \.linkEfficiency,
    ]
  }

  var figures: [Figure] {
    gemmEfficiency.figures("GEMM efficiency") + [
      Figure("GEMM ramp", unit: .tokens, gemmRampTokens),
      Figure("attention efficiency", attentionEfficiency),
      Figure("attention ramp", unit: .tokens, attentionRampTokens),
      Figure("decode attention efficiency", decodeAttentionEfficiency),
      Figure("bandwidth efficiency", bandwidthEfficiency),
      Figure("expert ramp share", expertRampShare),
      Figure("expert traffic", unit: .bytes, expertTrafficBytes),
      Figure("decode slow-down", decodeSlowdown),
      Figure("request time", unit: .seconds, requestTime),
      Figure("all-to-all latency", unit: .seconds, allToAllLatency),
      Figure("layer floor", unit: .seconds, layerFloor),
      Figure("expert layer floor", unit: .seconds, expertLayerFloor),
      Figure("prompt layer floor", unit: .seconds, promptLayerFloor),
      Figure("prompt expert layer floor", unit: .seconds, promptExpertLayerFloor),
      Figure("slow-down", slowdown),
      Figure("host time", unit: .seconds, hostTime),
      Figure("all-reduce latency", unit: .seconds, allReduceLatency),
      Figure("network latency", unit: .seconds, networkLatency),
      Figure("all-reduce ramp", unit: .seconds, allReduceRamp),
      Figure("all-reduce ramp size", unit: .bytes, allReduceRampBytes),
      Figure("link efficiency", linkEfficiency),
    ]
  }
}
