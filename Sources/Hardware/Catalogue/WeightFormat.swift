/// The format in which weights lie in memory.
public enum WeightFormat: String, Sendable, CaseIterable {
  case bf16, fp8
  /// Feed-forward matrices in MXFP4, 4.25 bits with the shared scales; all else in BF16.
  case mxfp4
  /// Feed-forward matrices in NVFP4, 4.5 bits with the shared scales; all else in FP8.
  case nvfp4
  /// Routed experts, or the feed-forward matrices of a dense model, in 4-bit integers, 4.5 bits
  /// with the shared scales; all else in BF16.
  case int4

  /// Bytes per weight of routed experts, and of the feed-forward part of dense models.
  var expertBytes: Double {
    switch self {
    case .bf16: 2
    case .fp8: 1
    case .mxfp4: 0.53125
    case .nvfp4, .int4: 0.5625
    }
  }

  /// Bytes per weight of shared experts, and of the layers without experts of models that have
  /// some.
  var sharedFeedForwardBytes: Double { self == .int4 ? 2 : expertBytes }

  /// Bytes per weight of attention, routers, input embedding and output head.
  var otherBytes: Double {
    switch self {
    case .bf16, .mxfp4, .int4: 2
    case .fp8, .nvfp4: 1
    }
  }
}
