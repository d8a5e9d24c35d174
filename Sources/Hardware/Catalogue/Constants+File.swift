import ConfigFiles

/// Bounds step times to what fixed point can hold.
private let shares = 0.001...1.0
private let times = 0...1.0

extension RooflineConstants {
  /// Replaces constants by those of a chip's file, which have the keys of fleet files.
  mutating func readFigures(_ node: FileNode) throws(FileFault) {
    let section = try FileSection<RooflineKey>(node, "constants")
    if let found = try section.byPrecision(.gemmEfficiency, .share, in: shares) {
      for precision in Precision.allCases {
        if let figure = found[precision] { gemmEfficiency[precision] = figure }
      }
    }
    try section.replace(&gemmRampTokens, .gemmRampTokens, .tokens, in: 0...1e6)
    try section.replace(&attentionEfficiency, .attentionEfficiency, in: shares)
    try section.replace(&attentionRampTokens, .attentionRampTokens, .tokens, in: 0...1e6)
    try section.replace(&decodeAttentionEfficiency, .decodeAttentionEfficiency, in: 0.001...4)
    try section.replace(&bandwidthEfficiency, .bandwidthEfficiency, in: shares)
    try section.replace(&expertRampShare, .expertRampShare, in: 0.001...10)
    try section.replace(&expertTrafficBytes, .expertTrafficBytes, .bytes, in: 0...1e4)
    try section.replace(&decodeSlowdown, .decodeSlowdown, in: 0.1...100)
    try section.replace(&requestTime, .requestTime, .seconds, in: times)
    try section.replace(&allToAllLatency, .allToAllLatency, .seconds, in: times)
    try section.replace(&layerFloor, .layerFloor, .seconds, in: times)
    try section.replace(&expertLayerFloor, .expertLayerFloor, .seconds, in: times)
    try section.replace(&promptLayerFloor, .promptLayerFloor, .seconds, in: times)
    try section.replace(&promptExpertLayerFloor, .promptExpertLayerFloor, .seconds, in: times)
    try section.replace(&slowdown, .slowdown, in: 0.1...100)
    try section.replace(&hostTime, .hostTime, .seconds, in: times)
    try section.replace(&allReduceLatency, .allReduceLatency, .seconds, in: times)
    try section.replace(&networkLatency, .networkLatency, .seconds, in: times)
    try section.replace(&allReduceRamp, .allReduceRamp, .seconds, in: times)
    try section.replace(&allReduceRampBytes, .allReduceRampBytes, .bytes, in: 1...1e12)
    try section.replace(&linkEfficiency, .linkEfficiency, in: shares)
  }
}

extension WaferConstants {
  /// Replaces constants by those of a chip's file.
  mutating func readFigures(_ node: FileNode) throws(FileFault) {
    let section = try FileSection<WaferKey>(node, "constants")
    try section.replace(&layerTime, .layerTime, .seconds, in: times)
    // The root that scales the layer time takes exponents below 1.
    try section.replace(&widthExponent, .widthExponent, in: 0...0.99)
    try section.replace(&hopTime, .hopTime, .seconds, in: times)
    try section.replace(&computeShare, .computeShare, in: shares)
  }
}
