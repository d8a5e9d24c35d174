import Testing
import Workload

@testable import Study

@Suite struct FidelityFitTests {
  private static func noise(_ index: Int) -> Double {
    Double(SplitMix64.mix(UInt64(index)) >> 11) * 0x1p-53 - 0.5
  }

  /// y = a x + b, with x from 0 to 1.
  private func line(_ ys: [Double]) -> ([Double]) -> [Double] {
    { parameters in
      ys.indices.map { index in
        let x = Double(index) / Double(ys.count - 1)
        return parameters[0] * x + parameters[1] - ys[index]
      }
    }
  }

  private func search(deviation: Double = 100) -> LeastSquares {
    LeastSquares(
      prior: [0, 0],
      deviation: [deviation, deviation],
      bounds: [-10...10, -10...10]
    )
  }

  @Test func `a line is found again, odd points or not`() {
    var ys = (0..<60).map { 2 * Double($0) / 59 - 1 + 0.02 * Self.noise($0) }
    let clean = search().fit(from: [0, 0], residuals: line(ys))
    #expect(abs(clean.parameters[0] - 2) < 0.02 && abs(clean.parameters[1] + 1) < 0.02)
    for index in stride(from: 3, to: 60, by: 10) { ys[index] += 5 }
    let odd = search().fit(from: [0, 0], residuals: line(ys))
    // The mean of the odd points would move the line by half a unit.
    #expect(abs(odd.parameters[0] - 2) < 0.05 && abs(odd.parameters[1] + 1) < 0.05)
  }

  @Test func `a curve in its parameters is found, from far away`() {
    // t = √((a + b n)² + c²), as steps behave, in logarithms.
    let truth = [0.3, -1.2, 0.7].map(DeterministicMath.exp)
    func time(_ constants: [Double], _ batch: Double) -> Double {
      let busy = constants[0] + constants[1] * batch
      return (busy * busy + constants[2] * constants[2]).squareRoot()
    }
    let batches = (0..<20).map { Double(1 + $0 * $0) }
    let measured = batches.map { DeterministicMath.log(time(truth, $0)) }
    let search = LeastSquares(
      prior: [0, 0, 0],
      deviation: [50, 50, 50],
      bounds: Array(repeating: -5...5, count: 3)
    )
    let fit = search.fit(from: [-2, 1, -1]) { parameters in
      let constants = parameters.map(DeterministicMath.exp)
      return zip(batches, measured).map { DeterministicMath.log(time(constants, $0)) - $1 }
    }
    for (found, expected) in zip(fit.parameters, [0.3, -1.2, 0.7]) {
      #expect(abs(found - expected) < 0.01, "\(fit)")
    }
  }

  @Test func `what the data do not tell stays at its prior, and little data stray little`() {
    let search = LeastSquares(
      prior: [1, 3],
      deviation: [0.5, 0.5],
      bounds: [-10...10, -10...10]
    )
    // The second parameter is in no residual; the first is pulled from 1 towards 2.
    let one = search.fit(from: [1, 3]) { [($0[0] - 2) * 0.08] }
    #expect(one.parameters[1] == 3)
    #expect(one.parameters[0] > 1 && one.parameters[0] < 1.5)
    let many = search.fit(from: [1, 3]) { parameters in
      (0..<400).map { _ in (parameters[0] - 2) * 0.08 }
    }
    #expect(abs(many.parameters[0] - 2) < 0.05)
  }

  @Test func `parameters keep within their bounds`() {
    var search = search()
    search.bounds = [-1...1, -10...10]
    let fit = search.fit(
      from: [0, 0],
      residuals: line((0..<10).map { 5 * Double($0) / 9 })
    )
    #expect(fit.parameters[0] == 1)
  }

  @Test func `quantiles interpolate between neighbours`() throws {
    let values = try #require(Quantiles([4, 1, 3, 2]))
    #expect(values.median == 2.5 && values[0] == 1 && values[1] == 4)
    #expect(abs(values[0.9] - 3.7) < 1e-12)
    #expect(Quantiles([]) == nil)
  }

  @Test func `a row without a prediction counts as an error of a hundred percent`() {
    let score = FidelityScore([(1.1, 1), (0.9, 1), (nil, 1), (1.0, 1)])
    #expect(score.count == 4 && score.missing == 1)
    #expect(abs((score.median ?? 0) - 0.1) < 1e-12)
    #expect(abs((score.bias ?? 1) - 0) < 1e-12)
    #expect((score.ninetieth ?? 0) > 0.7)
  }
}
