extension Model {
  /// Parameters of the attention of all layers, and of the routers.
  public var attentionParameters: Int64 {
    var softmax = attention.parameters(hidden: hidden)
    if hasOutputGate, case .grouped(let queryHeads, _, let headSize) = attention {
      softmax += hidden * queryHeads * headSize
    }
    if let index, case .latent(_, let queryRank, _, _, _, _) = attention {
      softmax += index.parameters(hidden: hidden, queryRank: queryRank)
    }
    let recurrent = linearLayers * (linear?.parameters(hidden: hidden) ?? 0)
    let routers = expertLayers * hidden * experts
    return Int64((layers - linearLayers) * softmax + recurrent + routers)
  }

  /// Parameters of one routed expert, over all layers that have experts.
  public var expertParameters: Int64 {
    Int64(expertLayers * feedForwardMatrices * hidden * expertFeedForward)
  }

  /// Parameters of the layers without experts and of the shared experts, which compute every token.
  public var sharedFeedForwardParameters: Int64 {
    Int64(denseLayers * feedForwardMatrices * hidden * denseFeedForward)
      + Int64(sharedExperts) * expertParameters
  }

  /// Parameters of the output head; the input embedding has as many, or is the same.
  public var headParameters: Int64 { Int64(vocabulary * hidden) }

  private var embeddings: Int64 { hasTiedEmbedding ? headParameters : 2 * headParameters }

  public var parameters: Int64 {
    attentionParameters + Int64(experts) * expertParameters + sharedFeedForwardParameters
      + embeddings
  }

  /// Parameters that multiply each token inside the layers.
  public var bodyParameters: Int64 {
    attentionParameters + Int64(activeExperts) * expertParameters + sharedFeedForwardParameters
  }

  /// Parameters that multiply each generated token: the body and the output head.
  public var activeParameters: Int64 { bodyParameters + headParameters }

  /// Bytes of the routed experts' weights.
  func expertWeightBytes(_ format: WeightFormat) -> Double {
    Double(Int64(experts) * expertParameters) * format.expertBytes
  }

  /// Bytes of the feed-forward weights that every token needs.
  func sharedFeedForwardBytes(_ format: WeightFormat) -> Double {
    let bytes = isMixtureOfExperts ? format.sharedFeedForwardBytes : format.expertBytes
    return Double(sharedFeedForwardParameters) * bytes
  }

  /// Bytes of attention, routers and output head.
  func attentionWeightBytes(_ format: WeightFormat) -> Double {
    Double(attentionParameters + headParameters) * format.otherBytes
  }

  /// Bytes of all weights, with `attentionCopies` copies of those of attention and output head.
  public func weightBytes(_ format: WeightFormat, attentionCopies: Int = 1) -> Int64 {
    let embedding = hasTiedEmbedding ? 0 : Double(headParameters) * format.otherBytes
    let bytes =
      expertWeightBytes(format) + sharedFeedForwardBytes(format)
      + Double(attentionCopies) * attentionWeightBytes(format) + embedding
    return Int64(bytes.rounded(.up))
  }

  /// The KV cache of a sequence whose keys and values have `elementBytes` bytes per element.
  ///
  /// A recurrent state has one size whatever the sequence's length; it is counted as that of a
  /// window of one token, which every sequence fills with its first. A cache of prefixes does not
  /// hold it.
  public func kvShape(elementBytes: Int = 2) -> KVShape {
    let layerBytes = attention.cachedElements * elementBytes
    let fullBytes = fullLayers * (layerBytes + (index?.keyBytes ?? 0))
    if stateBytes > 0 {
      return KVShape(
        fullBytesPerToken: Int64(fullBytes),
        windowBytesPerToken: stateBytes,
        windowTokens: 1
      )
    }
    return KVShape(
      fullBytesPerToken: Int64(fullBytes),
      windowBytesPerToken: Int64(windowLayers * layerBytes),
      windowTokens: windowTokens
    )
  }
}
