import ConfigFiles

enum VariableKey: String, CaseIterable {
  case constant, uniform, normal, exponential, gamma, weibull, lognormal, lognormals
  case discreteLognormal = "discrete_lognormal"
  case geometric, zeta, quantiles, clip
}

enum ParameterKey: String, CaseIterable {
  case low, high, mean, deviation, shape, scale, mu, sigma, success, exponent, share, value
}

extension RandomVariable {
  private static let mostParts = 64
  private static let values = -1e15...1e15
  private static let positive = 1e-12...1e15
  private static let shapes = 0.01...1_000.0

  /// Reads a number, which is a constant, or a mapping with the key of a distribution.
  ///
  /// - Parameters:
  ///   - node: The value.
  ///   - what: What errors call it, such as "output".
  ///   - range: What every draw has to lie in: a constant, and the ends of `clip`.
  /// - Throws: `FileFault` where it is something else.
  init(_ node: FileNode, _ what: String, in range: ClosedRange<Double>) throws(FileFault) {
    if case .scalar(let text, let isQuoted) = node.content {
      guard !isQuoted, let value = FileNumbers.decimal(text), range.contains(value) else {
        throw FileFault(
          at: node.place,
          "\(what) is \(node.found); expected a number from \(Self.text(range.lowerBound)) to "
            + "\(Self.text(range.upperBound)), or a distribution such as {exponential: {mean: 2}}"
        )
      }
      self.init(.constant(value), clip: value...value)
      return
    }
    let section = try FileSection<VariableKey>(node, what)
    let named = VariableKey.allCases.filter { $0 != .clip && section[$0] != nil }
    guard let key = named.first, named.count == 1, let content = section[key] else {
      let known = VariableKey.allCases.filter { $0 != .clip }.map(\.rawValue)
      throw FileFault(
        at: node.place,
        named.isEmpty
          ? "\(what) names no distribution; expected one of \(known.joined(separator: ", "))"
          : "\(what) names the distributions \(named.map(\.rawValue).joined(separator: ", ")); "
            + "expected one of them"
      )
    }
    let shape = try Self.shape(key, content)
    if case .constant(let value) = shape, section[.clip] == nil, range.contains(value) {
      self.init(shape, clip: value...value)
      return
    }
    if case .constant(let value) = shape, !range.contains(value) {
      throw FileFault(
        at: content.place,
        "\(what) is \(content.found); expected a number from \(Self.text(range.lowerBound)) to "
          + Self.text(range.upperBound)
      )
    }
    self.init(
      shape,
      clip: try section[.clip].map { clip throws(FileFault) in
        try Self.interval(clip, "clip of \(what)", in: range)
      } ?? range
    )
  }

  private static func shape(_ key: VariableKey, _ node: FileNode) throws(FileFault) -> Shape {
    switch key {
    case .constant, .clip: return .constant(try number(node, key.rawValue, in: values))
    case .lognormals: return .lognormals(try lognormals(node))
    case .quantiles: return .quantiles(try points(node))
    default: break
    }
    let what = key.rawValue
    let section = try FileSection<ParameterKey>(node, what)
    func take(
      _ parameter: ParameterKey,
      _ range: ClosedRange<Double>
    ) throws(FileFault) -> Double {
      try section.required(parameter, section.number(parameter, in: range))
    }
    func only(_ allowed: ParameterKey...) throws(FileFault) {
      for other in ParameterKey.allCases where !allowed.contains(other) {
        guard let extra = section[other] else { continue }
        throw FileFault(
          at: extra.place,
          "\(what) has no '\(other.rawValue)'; it has "
            + allowed.map { "'\($0.rawValue)'" }.joined(separator: " and ")
        )
      }
    }
    switch key {
    case .uniform:
      try only(.low, .high)
      let low = try take(.low, values)
      return .uniform(low: low, high: try take(.high, low...values.upperBound))
    case .normal:
      try only(.mean, .deviation)
      return .normal(mean: try take(.mean, values), deviation: try take(.deviation, 0...1e15))
    case .exponential:
      try only(.mean)
      return .exponential(mean: try take(.mean, positive))
    case .gamma:
      try only(.shape, .scale)
      return .gamma(shape: try take(.shape, shapes), scale: try take(.scale, positive))
    case .weibull:
      try only(.shape, .scale)
      return .weibull(shape: try take(.shape, shapes), scale: try take(.scale, positive))
    case .lognormal:
      try only(.mu, .sigma)
      let (mu, sigma) = (try take(.mu, -40...40), try take(.sigma, 0...10))
      return .lognormals([Lognormal(share: 1, mu: mu, sigma: sigma)])
    case .discreteLognormal:
      try only(.mu, .sigma)
      return .discreteLognormal(mu: try take(.mu, -40...40), sigma: try take(.sigma, 0...10))
    case .geometric:
      try only(.success)
      return .geometric(success: try take(.success, 1e-9...1))
    default:
      try only(.exponent)
      return .zeta(exponent: try take(.exponent, 1.05...50))
    }
  }

  private static func lognormals(
    _ node: FileNode
  ) throws(FileFault) -> ContiguousArray<Lognormal> {
    var parts = ContiguousArray<Lognormal>()
    for item in try items(node, "lognormals", 1...mostParts) {
      let section = try FileSection<ParameterKey>(item, "a part of lognormals")
      parts.append(
        Lognormal(
          share: try section.required(.share, section.number(.share, in: 0...1)),
          mu: try section.required(.mu, section.number(.mu, in: -40...40)),
          sigma: try section.required(.sigma, section.number(.sigma, in: 0...10))
        )
      )
    }
    try Shares.check(parts.map(\.share), of: "lognormals", at: node.place)
    return parts
  }

  private static func points(_ node: FileNode) throws(FileFault) -> ContiguousArray<QuantilePoint> {
    var points = ContiguousArray<QuantilePoint>()
    for item in try items(node, "quantiles", 2...mostParts) {
      let section = try FileSection<ParameterKey>(item, "a point of quantiles")
      let point = QuantilePoint(
        share: try section.required(.share, section.number(.share, in: 0...1)),
        value: try section.required(.value, section.number(.value, in: values))
      )
      if let last = points.last, point.share <= last.share || point.value < last.value {
        throw FileFault(at: item.place, "a point of quantiles lies before the last; sort them")
      }
      points.append(point)
    }
    guard points.first?.share == 0, points.last?.share == 1 else {
      throw FileFault(at: node.place, "quantiles go from share 0 to share 1; add the missing end")
    }
    return points
  }

  private static func items(
    _ node: FileNode,
    _ what: String,
    _ counts: ClosedRange<Int>
  ) throws(FileFault) -> [FileNode] {
    guard case .list(let items) = node.content, counts.contains(items.count) else {
      throw FileFault(
        at: node.place,
        "\(what) is \(node.found); expected a list of \(counts.lowerBound) to "
          + "\(counts.upperBound) mappings"
      )
    }
    return items
  }

  /// Reads `[low, high]`.
  private static func interval(
    _ node: FileNode,
    _ what: String,
    in range: ClosedRange<Double>
  ) throws(FileFault) -> ClosedRange<Double> {
    guard case .list(let ends) = node.content, ends.count == 2 else {
      throw FileFault(at: node.place, "\(what) is \(node.found); expected [low, high]")
    }
    let low = try number(ends[0], what, in: range)
    return low...(try number(ends[1], what, in: low...range.upperBound))
  }

  static func number(
    _ node: FileNode,
    _ what: String,
    in range: ClosedRange<Double>
  ) throws(FileFault) -> Double {
    if case .scalar(let text, isQuoted: false) = node.content,
      let value = FileNumbers.decimal(text), range.contains(value)
    {
      return value
    }
    throw FileFault(
      at: node.place,
      "\(what) is \(node.found); expected a number from \(text(range.lowerBound)) to "
        + text(range.upperBound)
    )
  }

  static func text(_ value: Double) -> String {
    value == value.rounded() && value.magnitude < 1e15 ? String(Int64(value)) : String(value)
  }
}

/// Shares of parts that make up a whole.
enum Shares {
  /// Shares that are rounded to three decimals are taken, and the last part gets what is left.
  private static let tolerance = 0.005

  static func check(
    _ shares: [Double],
    of what: String,
    at place: FilePlace
  ) throws(FileFault) {
    let sum = shares.reduce(0, +)
    guard (sum - 1).magnitude <= tolerance else {
      let shown = (sum * 10_000).rounded() / 10_000
      throw FileFault(at: place, "shares of \(what) add up to \(shown); expected 1")
    }
  }
}
