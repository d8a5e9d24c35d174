/// The format in which weights lie in memory.
public enum WeightFormat: String, Sendable, CaseIterable {
  case bf16, fp8
  /// Feed-forward matrices in MXFP4, 4.25 bits with the shared scales; all else in BF16.
  case mxfp4

  var feedForwardBytes: Double {
    switch self {
    case .bf16: 2
    case .fp8: 1
    case .mxfp4: 0.53125
    }
  }

  var otherBytes: Double { self == .fp8 ? 1 : 2 }
}

/// The shape of a decoder-only transformer with grouped-query attention and gated feed-forward.
///
/// Norms and biases are left out of the counts; they are below 0.01 % of the parameters.
public struct Model: Sendable, Equatable {
  /// What fleets and reports call it, in kebab case.
  public var name: String
  public var layers: Int
  /// Layers, out of `layers`, that attend to the last `windowTokens` tokens only.
  public var windowLayers = 0
  public var windowTokens = 0
  /// Width of the residual stream.
  public var hidden: Int
  public var queryHeads: Int
  public var kvHeads: Int
  public var headSize: Int
  /// Inner width of the feed-forward part, of one expert where there are several.
  public var feedForward: Int
  /// Experts per layer; 1 for a dense model.
  public var experts = 1
  /// Experts that compute each token.
  public var activeExperts = 1
  public var vocabulary: Int
  /// The format in which the weights were released.
  public var nativeWeights: WeightFormat

  public var isMixtureOfExperts: Bool { experts > 1 }

  /// Parameters of the attention of all layers, and of the routers.
  var attentionParameters: Int64 {
    let projections = 2 * hidden * headSize * (queryHeads + kvHeads)
    let router = isMixtureOfExperts ? hidden * experts : 0
    return Int64(layers * (projections + router))
  }

  /// Parameters of one expert in every layer.
  var expertParameters: Int64 { Int64(layers * 3 * hidden * feedForward) }

  /// Parameters of the output head, and as many of the input embedding.
  var headParameters: Int64 { Int64(vocabulary * hidden) }

  public var parameters: Int64 {
    attentionParameters + Int64(experts) * expertParameters + 2 * headParameters
  }

  /// Parameters that multiply each token inside the layers.
  public var bodyParameters: Int64 {
    attentionParameters + Int64(activeExperts) * expertParameters
  }

  /// Parameters that multiply each generated token: the body and the output head.
  public var activeParameters: Int64 { bodyParameters + headParameters }

  /// Bytes of all weights.
  public func weightBytes(_ format: WeightFormat) -> Int64 {
    let feedForward = Double(Int64(experts) * expertParameters) * format.feedForwardBytes
    let other = Double(attentionParameters + 2 * headParameters) * format.otherBytes
    return Int64((feedForward + other).rounded(.up))
  }

  /// The KV cache of a sequence whose keys and values have `elementBytes` bytes per element.
  public func kvShape(elementBytes: Int = 2) -> KVShape {
    let layerBytes = Int64(2 * kvHeads * headSize * elementBytes)
    return KVShape(
      fullBytesPerToken: Int64(layers - windowLayers) * layerBytes,
      windowBytesPerToken: Int64(windowLayers) * layerBytes,
      windowTokens: windowTokens
    )
  }
}
