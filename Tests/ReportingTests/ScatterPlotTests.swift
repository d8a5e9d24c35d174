import Reporting
import Testing

@Suite struct `Scatter plots` {
  private func plot(_ points: [(x: Double, y: Double)]) -> ScatterPlot {
    ScatterPlot(
      title: "a < b",
      xLabel: "x",
      yLabel: "y",
      series: [ScatterPlot.Series(name: "s", points: points)],
      factor: 10
    )
  }

  @Test func `both axes have one range, so that equal values lie on the diagonal`() {
    let svg = plot([(1, 1), (10, 10), (100, 1)]).svg
    #expect(svg.contains("<circle cx=\"62\" cy=\"422\""))
    #expect(svg.contains("<circle cx=\"262\" cy=\"228\""))
    #expect(svg.contains("<circle cx=\"462\" cy=\"422\""))
    #expect(svg.contains("M62 422L462 34"))
    // A factor of ten is one of the two decades.
    #expect(svg.contains("M62 228L262 34") && svg.contains("M262 422L462 228"))
    #expect(svg.contains("a &lt; b"))
  }

  @Test func `what has no logarithm is left out`() {
    let svg = plot([(0, 1), (1, .nan), (.infinity, 1), (-1, 2), (3, 4)]).svg
    #expect(svg.split(separator: "<circle").count == 2)
    #expect(plot([]).svg.hasSuffix("</svg>\n"))
  }
}
