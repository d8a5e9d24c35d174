import ConfigFiles

/// Bounds step times to what fixed point can hold.
private let shares = 0.01...1.0

extension Chip.Timing {
  /// The timing with the constants of a fleet file in place of the catalogue's.
  func changed(_ node: FileNode) throws(FileFault) -> Chip.Timing {
    switch self {
    case .roofline(var constants):
      try constants.read(node)
      return .roofline(constants)
    case .wafer(var constants):
      try constants.read(node)
      return .wafer(constants)
    }
  }
}

extension FileSection {
  private static var source: String { "fleet file" }
  private static var longest: ClosedRange<Int64> { 0...1_000_000_000 }

  /// Replaces a figure in seconds by a duration of the file.
  fileprivate func time(_ key: Key, _ figure: inout Sourced) throws(FileFault) {
    guard let nanoseconds = try duration(key, in: Self.longest) else { return }
    figure = Sourced(Double(nanoseconds) / 1e9, .assumed, Self.source)
  }

  fileprivate func figure(
    _ key: Key,
    in range: ClosedRange<Double>,
    _ figure: inout Sourced
  ) throws(FileFault) {
    guard let value = try number(key, in: range) else { return }
    figure = Sourced(value, .assumed, Self.source)
  }

  fileprivate func share(_ key: Key, _ figure: inout Sourced) throws(FileFault) {
    try self.figure(key, in: shares, &figure)
  }
}

extension RooflineConstants {
  fileprivate mutating func read(_ node: FileNode) throws(FileFault) {
    let section = try FileSection<RooflineKey>(node, "constants")
    if let share = try section.number(.gemmEfficiency, in: shares) {
      let figure = Sourced(share, .assumed, "fleet file")
      gemmEfficiency = ByPrecision(bf16: figure, fp8: figure, fp4: figure)
    }
    try section.figure(.gemmRampTokens, in: 0...1e6, &gemmRampTokens)
    try section.share(.attentionEfficiency, &attentionEfficiency)
    try section.figure(.attentionRampTokens, in: 0...1e6, &attentionRampTokens)
    try section.figure(.decodeAttentionEfficiency, in: 0.001...4, &decodeAttentionEfficiency)
    try section.figure(.bandwidthEfficiency, in: 0.01...2, &bandwidthEfficiency)
    try section.time(.layerFloor, &layerFloor)
    try section.time(.expertLayerFloor, &expertLayerFloor)
    try section.time(.promptLayerFloor, &promptLayerFloor)
    try section.time(.promptExpertLayerFloor, &promptExpertLayerFloor)
    try section.figure(.slowdown, in: 0.1...100, &slowdown)
    try section.figure(.expertRampShare, in: 0.001...10, &expertRampShare)
    try section.figure(.expertTrafficBytes, in: 0...1e4, &expertTrafficBytes)
    try section.figure(.decodeSlowdown, in: 0.1...100, &decodeSlowdown)
    try section.time(.requestTime, &requestTime)
    try section.time(.allToAllLatency, &allToAllLatency)
    try section.time(.hostTime, &hostTime)
    try section.time(.allReduceLatency, &allReduceLatency)
    try section.time(.networkLatency, &networkLatency)
    try section.time(.allReduceRamp, &allReduceRamp)
    try section.figure(.allReduceRampBytes, in: 1...1e12, &allReduceRampBytes)
    try section.share(.linkEfficiency, &linkEfficiency)
  }
}

extension WaferConstants {
  fileprivate mutating func read(_ node: FileNode) throws(FileFault) {
    let section = try FileSection<WaferKey>(node, "constants")
    try section.time(.layerTime, &layerTime)
    // The root that scales the layer time takes exponents below 1.
    try section.figure(.widthExponent, in: 0...0.99, &widthExponent)
    try section.time(.hopTime, &hopTime)
    try section.share(.computeShare, &computeShare)
  }
}
