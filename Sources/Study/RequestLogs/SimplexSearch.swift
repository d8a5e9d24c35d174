/// The search of Nelder and Mead for the least value of a function that need not be smooth.
///
/// Deterministic: ties keep the order in which points were found.
struct SimplexSearch {
  /// Points never leave these; as many as there are dimensions.
  var bounds: [ClosedRange<Double>]
  /// By how far the first points stand apart, in every dimension.
  var step = 0.25
  var mostEvaluations = 240
  /// The search ends when the values of all corners are this close.
  var tolerance = 1e-5

  /// A point and the function there.
  struct Corner: Sendable, Equatable {
    var point: [Double]
    var value: Double
  }

  /// Searches from a start.
  func minimum<Failure: Error>(
    from start: [Double],
    _ function: ([Double]) throws(Failure) -> Double
  ) throws(Failure) -> Corner {
    var evaluations = 0
    func corner(_ point: [Double]) throws(Failure) -> Corner {
      evaluations += 1
      let inside = clamped(point)
      return Corner(point: inside, value: try function(inside))
    }
    var corners = [try corner(start)]
    for dimension in start.indices {
      var point = start
      point[dimension] += step
      // A bound right above the start would leave the simplex flat.
      if clamped(point)[dimension] <= start[dimension] { point[dimension] -= 2 * step }
      corners.append(try corner(point))
    }
    while evaluations < mostEvaluations {
      corners.sort { $0.value < $1.value }
      let last = corners.count - 1
      guard corners[last].value - corners[0].value > tolerance else { break }
      let centre = centre(of: corners[..<last])
      let reflected = try corner(Self.point(from: centre, towards: corners[last].point, by: -1))
      if reflected.value < corners[0].value {
        let far = try corner(Self.point(from: centre, towards: corners[last].point, by: -2))
        corners[last] = far.value < reflected.value ? far : reflected
      } else if reflected.value < corners[last - 1].value {
        corners[last] = reflected
      } else {
        let isOutside = reflected.value < corners[last].value
        let share = isOutside ? -0.5 : 0.5
        let near = try corner(Self.point(from: centre, towards: corners[last].point, by: share))
        if near.value < min(reflected.value, corners[last].value) {
          corners[last] = near
        } else {
          for index in 1...last {
            corners[index] = try corner(
              Self.point(from: corners[0].point, towards: corners[index].point, by: 0.5)
            )
          }
        }
      }
    }
    return corners.min { $0.value < $1.value } ?? corners[0]
  }

  private func clamped(_ point: [Double]) -> [Double] {
    zip(point, bounds).map { min(max($0, $1.lowerBound), $1.upperBound) }
  }

  private func centre(of corners: ArraySlice<Corner>) -> [Double] {
    bounds.indices.map { dimension in
      corners.reduce(0) { $0 + $1.point[dimension] } / Double(corners.count)
    }
  }

  private static func point(
    from start: [Double],
    towards end: [Double],
    by share: Double
  ) -> [Double] {
    zip(start, end).map { $0 + share * ($1 - $0) }
  }
}
