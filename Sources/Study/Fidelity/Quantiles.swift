/// Quantiles of a few values, by linear interpolation between neighbours.
struct Quantiles: Sendable {
  private let sorted: [Double]

  /// Nil without values; the values are finite.
  init?(_ values: [Double]) {
    guard !values.isEmpty else { return nil }
    sorted = values.sorted()
  }

  var median: Double { self[0.5] }

  /// The quantile of a share from 0 to 1.
  subscript(share: Double) -> Double {
    let position = share * Double(sorted.count - 1)
    let below = Int(position.rounded(.down))
    let above = min(below + 1, sorted.count - 1)
    return sorted[below] + (position - Double(below)) * (sorted[above] - sorted[below])
  }
}
