/// Robust non-linear least squares with a pull towards prior values.
///
/// Finds the parameters that minimize Σ ρ(rᵢ) + Σ ((θⱼ − priorⱼ) / deviationⱼ)², where ρ is soft-L1:
/// ρ(r) = 2 (√(1 + (r/s)²) − 1), a square for residuals well below the scale s and a line for those
/// well above, so that odd measurements pull no harder than good ones. The method is Levenberg and
/// Marquardt's, with weights from the last residuals and derivatives by differences. Only + − × ÷ √
/// occur, so that every machine finds the same bits.
struct LeastSquares {
  /// Where residuals stop counting as squares: at errors of 8 %, for residuals that are logarithms of
  /// ratios.
  static let scale = 0.08
  /// The pull: as many of each as there are parameters, deviations above 0.
  var prior: [Double]
  var deviation: [Double]
  /// Parameters never leave these; as many as there are parameters.
  var bounds: [ClosedRange<Double>]
  var mostIterations = 40

  /// What came of a fit.
  struct Fit: Sendable, Equatable {
    var parameters: [Double]
    /// The sum that was minimized.
    var cost: Double
    /// Steps that were tried.
    var iterations: Int
  }

  /// A step of the parameters at which derivatives are taken, and one at which the search ends.
  private static let difference = 1e-4
  private static let smallestStep = 1e-5

  /// Fits from a start.
  ///
  /// - Parameters:
  ///   - start: As many values as there are parameters.
  ///   - residuals: The residuals at some parameters: finite, and always equally many.
  /// - Returns: The parameters with the least cost that were met.
  func fit(from start: [Double], residuals: ([Double]) -> [Double]) -> Fit {
    var parameters = clamped(start)
    var current = residuals(parameters)
    var best = cost(parameters, current)
    var damping = 1e-3
    var iterations = 0
    while iterations < mostIterations {
      let (matrix, gradient) = normalEquations(parameters, current, residuals)
      var isBetter = false
      var length = 0.0
      while !isBetter, iterations < mostIterations, damping < 1e9 {
        iterations += 1
        guard let step = Cholesky.solve(matrix, gradient, damping: damping) else {
          damping *= 10
          continue
        }
        let next = clamped(zip(parameters, step).map { $0 - $1 })
        let nextResiduals = residuals(next)
        let nextCost = cost(next, nextResiduals)
        length = zip(next, parameters).map { ($0 - $1).magnitude }.max() ?? 0
        isBetter = nextCost < best
        if isBetter {
          (parameters, current, best) = (next, nextResiduals, nextCost)
          damping = max(damping / 5, 1e-9)
        } else {
          damping *= 5
          if length < Self.smallestStep { break }
        }
      }
      if !isBetter || length < Self.smallestStep { break }
    }
    return Fit(parameters: parameters, cost: best, iterations: iterations)
  }

  private func clamped(_ parameters: [Double]) -> [Double] {
    zip(parameters, bounds).map { min(max($0, $1.lowerBound), $1.upperBound) }
  }

  private func cost(_ parameters: [Double], _ residuals: [Double]) -> Double {
    var sum = 0.0
    for residual in residuals { sum += Self.cost(of: residual) }
    for index in parameters.indices {
      let pull = (parameters[index] - prior[index]) / deviation[index]
      sum += pull * pull
    }
    return sum
  }

  /// ρ of one residual.
  static func cost(of residual: Double) -> Double {
    let ratio = residual / scale
    return 2 * ((1 + ratio * ratio).squareRoot() - 1)
  }

  /// JᵀWJ and JᵀWr, the pull included: half the matrix of second derivatives, as Gauss and Newton
  /// take it, and half the gradient.
  private func normalEquations(
    _ parameters: [Double],
    _ residuals: [Double],
    _ function: ([Double]) -> [Double]
  ) -> (matrix: [[Double]], gradient: [Double]) {
    let count = parameters.count
    let slopes = parameters.indices.map { index in
      var moved = parameters
      // Away from the upper bound, so that the function is asked within its bounds.
      let isHigh = moved[index] + Self.difference > bounds[index].upperBound
      let step = isHigh ? -Self.difference : Self.difference
      moved[index] += step
      return zip(function(moved), residuals).map { ($0 - $1) / step }
    }
    var matrix = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
    var gradient = [Double](repeating: 0, count: count)
    for row in residuals.indices {
      let ratio = residuals[row] / Self.scale
      let weight = 1 / (Self.scale * Self.scale * (1 + ratio * ratio).squareRoot())
      for i in 0..<count {
        gradient[i] += weight * slopes[i][row] * residuals[row]
        for j in 0...i { matrix[i][j] += weight * slopes[i][row] * slopes[j][row] }
      }
    }
    for i in 0..<count {
      let square = deviation[i] * deviation[i]
      matrix[i][i] += 1 / square
      gradient[i] += (parameters[i] - prior[i]) / square
    }
    return (matrix, gradient)
  }
}

/// Small symmetric systems of equations.
enum Cholesky {
  /// Solves (A + damping · diag A) x = b, of whose A the lower triangle is read.
  ///
  /// - Returns: nil where the matrix is not positive definite.
  static func solve(_ matrix: [[Double]], _ right: [Double], damping: Double) -> [Double]? {
    let count = right.count
    var lower = matrix
    for i in 0..<count {
      for j in 0...i {
        var sum = matrix[i][j]
        if i == j { sum *= 1 + damping }
        for k in 0..<j { sum -= lower[i][k] * lower[j][k] }
        if i != j {
          lower[i][j] = sum / lower[j][j]
        } else if sum > 0 {
          lower[i][i] = sum.squareRoot()
        } else {
          return nil
        }
      }
    }
    var solution = right
    for i in 0..<count {
      for k in 0..<i { solution[i] -= lower[i][k] * solution[k] }
      solution[i] /= lower[i][i]
    }
    for i in stride(from: count - 1, through: 0, by: -1) {
      for k in (i + 1)..<max(count, i + 1) { solution[i] -= lower[k][i] * solution[k] }
      solution[i] /= lower[i][i]
    }
    return solution
  }
}
