/// One customer of a queue: what is measured, and what is known of the random numbers behind it.
struct Customer {
  /// What is measured.
  var value: Double
  /// Whether it found the system empty, so that the future does not depend on what was before.
  var startsCycle: Bool
  /// Quantities whose mean is zero.
  var controls: [Double]
}

/// The mean of a measure over the customers of a queue, with a 95 % confidence interval.
///
/// Time is cut where a customer finds the system empty; between cuts it repeats itself, so a sum over
/// groups of such cycles needs neither a warm-up nor a guess of how long the past matters. Controls
/// take out the noise of the random numbers that went in: their mean is zero by construction, so
/// what they correlate with can be subtracted without bias, whatever the engine does. Sources:
/// Crane, Lemoine, "An introduction to the regenerative method", 1977; Lavenberg, Welch, "A
/// perspective on the use of control variables", Management Science 1981.
struct RegenerativeEstimate {
  var mean: Double
  var halfWidth: Double

  /// Groups of cycles, whose sums are near enough to normal.
  private static let groups = 60
  /// Quantile of Student's t at 97.5 % for 50 to 60 degrees of freedom.
  private static let quantile = 2.009

  /// - Parameter customers: In order of arrival; the first finds the system empty. The last cycle is
  ///   not complete and does not count.
  init(_ customers: [Customer]) {
    let sums = Self.sums(of: customers)
    let count = sums.reduce(0) { $0 + $1.customers }
    let controls = sums.map(\.controls)
    var cleaned = sums.map(\.value)
    var ratio = cleaned.reduce(0, +) / count
    // The slopes are those of what the mean leaves over, and a first mean is far off.
    for _ in 0..<4 {
      let residuals = sums.map { [ratio] in $0.value - ratio * $0.customers }
      let slopes = LeastSquares.slopes(of: residuals, on: controls)
      cleaned = sums.map { sum in
        sum.value - zip(slopes, sum.controls).reduce(0) { $0 + $1.0 * $1.1 }
      }
      ratio = cleaned.reduce(0, +) / count
    }
    var squares = 0.0
    for (value, sum) in zip(cleaned, sums) {
      let residual = value - ratio * sum.customers
      squares += residual * residual
    }
    let degrees = Double(sums.count - 1 - controls[0].count)
    mean = ratio
    halfWidth = Self.quantile * (squares / degrees * Double(sums.count)).squareRoot() / count
  }

  private struct Sum {
    var value = 0.0
    var customers = 0.0
    var controls: [Double]
  }

  /// Sums over groups of equally many cycles.
  private static func sums(of customers: [Customer]) -> [Sum] {
    let starts = customers.indices.filter { customers[$0].startsCycle }
    let cycles = (starts.count - 1) / groups
    precondition(cycles > 0 && starts[0] == 0, "the run has too few cycles")
    return (0..<groups).map { group in
      var sum = Sum(controls: Array(repeating: 0, count: customers[0].controls.count))
      for index in starts[group * cycles]..<starts[(group + 1) * cycles] {
        sum.value += customers[index].value
        sum.customers += 1
        for (control, value) in customers[index].controls.enumerated() {
          sum.controls[control] += value
        }
      }
      return sum
    }
  }
}

/// Linear regression through the origin.
enum LeastSquares {
  /// The slopes that leave the least squares of `values` when explained by `rows`.
  static func slopes(of values: [Double], on rows: [[Double]]) -> [Double] {
    let count = rows[0].count
    var matrix = (0..<count).map { i in
      (0..<count).map { j in rows.reduce(0) { $0 + $1[i] * $1[j] } }
        + [zip(rows, values).reduce(0) { $0 + $1.0[i] * $1.1 }]
    }
    for pivot in 0..<count {
      // The matrix is symmetric and positive definite, so no exchange of rows is needed.
      for row in 0..<count where row != pivot {
        let factor = matrix[row][pivot] / matrix[pivot][pivot]
        for column in pivot...count { matrix[row][column] -= factor * matrix[pivot][column] }
      }
    }
    return (0..<count).map { matrix[$0][count] / matrix[$0][$0] }
  }
}
