extension Model {
  /// A size of the configuration.
  private func size(_ name: String, unit: FigureUnit = .share, _ value: Int) -> Figure {
    let sourced =
      if isStandIn {
        Sourced(Double(value), .assumed, "shape of another model")
      } else if recalled.contains(name) {
        Sourced(Double(value), .assumed, "recalled from the published configuration")
      } else {
        Sourced(Double(value), .published, source)
      }
    return Figure(name, unit: unit, sourced)
  }

  private func counted(_ value: Int64, _ formula: String) -> Sourced {
    Sourced(Double(value), .derived, formula)
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
      size("layers", unit: .layers, layers), size("width", hidden),
    ]
    if windowLayers > 0 {
      figures += [
        size("layers with a window", unit: .layers, windowLayers),
        size("window", unit: .tokens, windowTokens),
      ]
    }
    if let linear {
      figures += [
        size("layers with a state", unit: .layers, linear.layers),
        size("key heads of a state", linear.keyHeads),
        size("value heads of a state", linear.valueHeads),
        size("head size of a state", linear.headSize),
      ]
    }
    if let index {
      figures += [
        size("index heads", index.heads), size("index key size", index.keySize),
        size("indexed tokens", unit: .tokens, index.attendedTokens),
      ]
    }
    return figures + attentionSizes + [
      size("vocabulary", unit: .tokens, vocabulary)
    ]
  }

  private var attentionSizes: [Figure] {
    switch attention {
    case .grouped(let queryHeads, let kvHeads, let headSize):
      [
        size("query heads", queryHeads), size("KV heads", kvHeads),
        size("head size", headSize),
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
        size("query heads", queryHeads), size("query rank", queryRank),
        size("KV rank", kvRank), size("rope size", ropeSize),
        size("nope size", nopeSize), size("value size", valueSize),
      ]
    }
  }

  private var expertSizes: [Figure] {
    var figures: [Figure] = []
    if denseLayers > 0 {
      figures += [
        size("dense layers", unit: .layers, denseLayers),
        size("dense feed-forward", denseFeedForward),
      ]
    }
    figures.append(size("feed-forward matrices", feedForwardMatrices))
    guard isMixtureOfExperts else { return figures }
    return figures + [
      size("experts", experts), size("active experts", activeExperts),
      size("shared experts", sharedExperts),
      size("expert feed-forward", expertFeedForward),
    ]
  }
}
