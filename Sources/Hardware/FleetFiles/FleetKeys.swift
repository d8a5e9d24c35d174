/// The keys of a fleet file, section by section.
///
/// `FleetFiles.md` documents each with its unit, range and default.
enum FleetKey: String, CaseIterable {
  case name, summary
  case firstToken = "first_token"
  case tick
  case blockTokens = "block_tokens"
  case recompute, handoff, speculation, pools
}

enum HandOffKey: String, CaseIterable {
  case decodeAt = "decode_at"
  case overlap, direction
  case coldStart = "cold_start"
  case pairs
}

enum PairKey: String, CaseIterable {
  case prefill, decode, efficiency
}

enum SpeculationKey: String, CaseIterable {
  case acceptedTokensPerStep = "accepted_tokens_per_step"
  case draftedTokens = "drafted_tokens"
}

enum PoolKey: String, CaseIterable {
  case name, role, count, instance, chip, domain, chips, model, precision, weights
  case kvBytes = "kv_bytes"
  case fabric, staged, transport
  case fabricGigabytesPerSecond = "fabric_gigabytes_per_second"
  case maxBatch = "max_batch"
  case host, tiers, constants
  case attentionRanks = "attention_ranks"
  case expertParallel = "expert_parallel"
  case engine, profile, costs
}

/// Of measured times in place of the formulas.
enum TableKey: String, CaseIterable {
  case table, model, hardware
  case tensorParallel = "tensor_parallel"
}

enum TierKey: String, CaseIterable {
  case name
  case capacityGigabytes = "capacity_gigabytes"
  case gigabytesPerSecond = "gigabytes_per_second"
  case latency, shared
}

enum HostKey: String, CaseIterable {
  case gigabytesPerSecond = "gigabytes_per_second"
  case capacityGigabytes = "capacity_gigabytes"
}

/// Constants of the roofline formulas, for GPUs and Trainium.
enum RooflineKey: String, CaseIterable {
  case gemmEfficiency = "gemm_efficiency"
  case gemmRampTokens = "gemm_ramp_tokens"
  case attentionEfficiency = "attention_efficiency"
  case attentionRampTokens = "attention_ramp_tokens"
  case decodeAttentionEfficiency = "decode_attention_efficiency"
  case bandwidthEfficiency = "bandwidth_efficiency"
  case layerFloor = "layer_floor"
  case expertLayerFloor = "expert_layer_floor"
  case promptLayerFloor = "prompt_layer_floor"
  case promptExpertLayerFloor = "prompt_expert_layer_floor"
  case slowdown
  case expertRampShare = "expert_ramp_share"
  case expertTrafficBytes = "expert_traffic_bytes"
  case decodeSlowdown = "decode_slowdown"
  case requestTime = "request_time"
  case allToAllLatency = "all_to_all_latency"
  case hostTime = "host_time"
  case allReduceLatency = "all_reduce_latency"
  case networkLatency = "network_latency"
  case allReduceRamp = "all_reduce_ramp"
  case allReduceRampBytes = "all_reduce_ramp_bytes"
  case linkEfficiency = "link_efficiency"
}

/// Constants of the pipeline formulas, for wafers.
enum WaferKey: String, CaseIterable {
  case layerTime = "layer_time"
  case widthExponent = "width_exponent"
  case hopTime = "hop_time"
  case computeShare = "compute_share"
}
