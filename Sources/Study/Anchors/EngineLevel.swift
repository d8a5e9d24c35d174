import Hardware

/// Constants of an engine that the catalogue does not know, taken from one of its measurements.
struct EngineLevel {
  /// The chip with the time per layer with which a decode step takes what was measured.
  ///
  /// A step is a sum in which every layer has its time, so that the rest follows.
  static func layerFloor(
    of deployment: Deployment,
    batch: Int,
    contextTokens: Int,
    seconds: Double,
    source: String
  ) throws -> Chip {
    func tuned(_ floor: Double) -> Chip {
      deployment.chip.tuned { constants in
        constants.layerFloor = Sourced(floor, .derived, source)
        constants.expertLayerFloor = Sourced(0, .derived, source)
      }
    }
    var bare = deployment
    bare.chip = tuned(0)
    let rest = try InstanceKind(bare).decodeCost(batch: batch, contextTokens: contextTokens).seconds
    return tuned(max(0, (seconds - rest) / Double(deployment.model.layers)))
  }

  /// The chip with the slow-down with which a prompt takes what was measured.
  static func slowdown(
    of deployment: Deployment,
    promptTokens: Int,
    seconds: Double,
    source: String
  ) throws -> Chip {
    func tuned(_ slowdown: Double) -> Chip {
      deployment.chip.tuned { $0.slowdown = Sourced(slowdown, .derived, source) }
    }
    // The time grows with the slow-down; halving the range 40 times leaves less than 1e-10 of it.
    var (low, high) = (0.1, 20.0)
    for _ in 0..<40 {
      let middle = (low + high) / 2
      var trial = deployment
      trial.chip = tuned(middle)
      let time = try InstanceKind(trial).costs.promptSeconds(promptTokens)
      if time < seconds { low = middle } else { high = middle }
    }
    return tuned((low + high) / 2)
  }
}
