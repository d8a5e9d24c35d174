extension Model {
  private func shape(_ value: Int) -> Sourced {
    isStandIn
      ? Sourced(Double(value), .assumed, "shape of another model", note: note)
      : Sourced(Double(value), .published, source, note: note)
  }

  private func counted(_ value: Int64, _ formula: String) -> Sourced {
    Sourced(Double(value), .derived, formula, note: isStandIn ? note : "")
  }

  /// Every size of the model, for listings: those of its configuration, and what follows from them.
  public var figures: [Figure] {
    sizes + expertSizes + [
      Figure(
        "parameters",
        unit: .parameters,
        counted(parameters, "attention + experts + feed-forward + embeddings of the shape")
      ),
      Figure(
        "active parameters",
        unit: .parameters,
        counted(activeParameters, "of those, what multiplies a generated token")
      ),
      Figure(
        "weights as released",
        unit: .bytes,
        counted(weightBytes(nativeWeights), "parameters × bytes in \(nativeWeights.rawValue)")
      ),
      Figure(
        "KV at 16 bits",
        unit: .bytesPerToken,
        counted(kvBytesPerToken, kvFormula)
      ),
    ]
      + (stateBytes > 0
        ? [
          Figure(
            "recurrent state",
            unit: .bytes,
            counted(stateBytes, "linear layers × value heads × head size² × bytes")
          )
        ] : [])
  }

  /// Bytes that a token leaves in all attention layers at 16 bits, while it is in the window.
  public var kvBytesPerToken: Int64 {
    Int64((layers - linearLayers) * (2 * attention.cachedElements + (index?.keyBytes ?? 0)))
  }

  private var kvFormula: String {
    switch attention {
    case .grouped: "attention layers × 2 × KV heads × head size × 2 B"
    case .latent:
      "layers × (KV rank + rope size) × 2 B" + (index == nil ? "" : " + index keys")
    }
  }

  private var sizes: [Figure] {
    var figures = [
      Figure("layers", unit: .layers, shape(layers)), Figure("width", shape(hidden)),
    ]
    if windowLayers > 0 {
      figures += [
        Figure("layers with a window", unit: .layers, shape(windowLayers)),
        Figure("window", unit: .tokens, shape(windowTokens)),
      ]
    }
    if let linear {
      figures += [
        Figure("layers with a state", unit: .layers, shape(linear.layers)),
        Figure("key heads of a state", shape(linear.keyHeads)),
        Figure("value heads of a state", shape(linear.valueHeads)),
        Figure("head size of a state", shape(linear.headSize)),
      ]
    }
    if let index {
      figures += [
        Figure("index heads", shape(index.heads)), Figure("index key size", shape(index.keySize)),
        Figure("indexed tokens", unit: .tokens, shape(index.attendedTokens)),
      ]
    }
    return figures + attentionSizes + [
      Figure("vocabulary", unit: .tokens, shape(vocabulary))
    ]
  }

  private var attentionSizes: [Figure] {
    switch attention {
    case .grouped(let queryHeads, let kvHeads, let headSize):
      [
        Figure("query heads", shape(queryHeads)), Figure("KV heads", shape(kvHeads)),
        Figure("head size", shape(headSize)),
      ]
    case .latent(
      let queryHeads,
      let queryRank,
      let kvRank,
      let ropeSize,
      let nopeSize,
      let valueSize
    ):
      [
        Figure("query heads", shape(queryHeads)), Figure("query rank", shape(queryRank)),
        Figure("KV rank", shape(kvRank)), Figure("rope size", shape(ropeSize)),
        Figure("nope size", shape(nopeSize)), Figure("value size", shape(valueSize)),
      ]
    }
  }

  private var expertSizes: [Figure] {
    var figures: [Figure] = []
    if denseLayers > 0 {
      figures += [
        Figure("dense layers", unit: .layers, shape(denseLayers)),
        Figure("dense feed-forward", shape(denseFeedForward)),
      ]
    }
    figures.append(Figure("feed-forward matrices", shape(feedForwardMatrices)))
    guard isMixtureOfExperts else { return figures }
    return figures + [
      Figure("experts", shape(experts)), Figure("active experts", shape(activeExperts)),
      Figure("shared experts", shape(sharedExperts)),
      Figure("expert feed-forward", shape(expertFeedForward)),
    ]
  }
}
