/// A function between measured points: linear between them, constant before the first, and along
/// the last piece, where that does not fall, behind the last.
struct PiecewiseLinear: Sendable, Equatable {
  /// Ascending, at least one.
  let positions: [Double]
  let values: [Double]

  /// Nil without points. Of several points at one position the median counts.
  init?(_ points: [(position: Double, value: Double)]) {
    guard !points.isEmpty else { return nil }
    var (positions, values, group) = ([Double](), [Double](), [Double]())
    let sorted = points.sorted { ($0.position, $0.value) < ($1.position, $1.value) }
    for (index, point) in sorted.enumerated() {
      group.append(point.value)
      if index + 1 < sorted.count, sorted[index + 1].position == point.position { continue }
      positions.append(point.position)
      values.append(Self.median(ofSorted: group))
      group = []
    }
    self.positions = positions
    self.values = values
  }

  private init(positions: [Double], values: [Double]) {
    self.positions = positions
    self.values = values
  }

  private static func median(ofSorted values: [Double]) -> Double {
    let middle = values.count / 2
    return values.count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2
  }

  /// The smallest function above this one that never falls.
  var nondecreasing: PiecewiseLinear {
    var largest = values[0]
    let raised = values.map { value in
      largest = max(largest, value)
      return largest
    }
    return PiecewiseLinear(positions: positions, values: raised)
  }

  func callAsFunction(_ position: Double) -> Double {
    guard position > positions[0], positions.count > 1 else { return values[0] }
    let last = positions.count - 1
    let above = positions.firstIndex { $0 >= position } ?? last
    if positions[above] == position { return values[above] }
    let (rise, run) = (values[above] - values[above - 1], positions[above] - positions[above - 1])
    if position > positions[last] {
      return values[last] + max(0, rise / run) * (position - positions[last])
    }
    return values[above - 1] + rise / run * (position - positions[above - 1])
  }
}
