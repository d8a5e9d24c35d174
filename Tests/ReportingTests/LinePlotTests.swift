import Reporting
import Testing
import Workload

@Suite struct `Line plots` {
  private func plot(
    x: LinePlot.Axis = LinePlot.Axis("x"),
    _ points: [(x: Double, y: Double)]
  ) -> LinePlot {
    LinePlot(
      title: "t",
      x: x,
      y: LinePlot.Axis("y", range: 0...1),
      series: [LinePlot.Series(name: "s", points: points)]
    )
  }

  /// The shapes of the lines that show series.
  private func lines(_ svg: String) -> [String] {
    svg.split(separator: "\n").filter { $0.contains("stroke-width=\"1.6\"") }
      .compactMap { $0.split(separator: "\"").dropFirst().first.map(String.init) }
  }

  @Test func `the ends of the axes are the corners of the picture`() {
    #expect(lines(plot([(0, 0), (5, 0.5), (10, 1)]).svg) == ["M62 268L262 151L462 34"])
  }

  @Test func `steps go right, then up`() {
    var stepped = plot([(0, 0), (5, 0.5), (10, 1)])
    stepped.series[0].isStepped = true
    #expect(lines(stepped.svg) == ["M62 268H262V151H462V34"])
  }

  @Test func `a logarithmic axis has decades, and what is not above 0 stands at its start`() {
    let svg = plot(
      x: LinePlot.Axis("x", scale: .log, range: 1...100),
      [(0, 0), (-3, 0), (1, 0), (10, 0.5), (1_000, 1)]
    ).svg
    #expect(lines(svg) == ["M62 268L262 151L462 34"])
    for label in [">1<", ">10<", ">100<"] { #expect(svg.contains(label)) }
  }

  @Test func `points that are not finite break a line, and no number of them traps`() {
    #expect(lines(plot([(0, 0), (.nan, 1), (10, 1)]).svg) == ["M62 268M462 34"])
    let huge = Double.greatestFiniteMagnitude
    for scale in [LinePlot.Axis.Scale.linear, .log] {
      for points in [[], [(0, 0)], [(-huge, -huge), (huge, huge)], [(1e-300, 1), (2e-300, 0)]]
        as [[(x: Double, y: Double)]]
      {
        var plot = plot(x: LinePlot.Axis("x", scale: scale), points)
        plot.y = LinePlot.Axis("y", scale: scale)
        #expect(plot.svg.hasSuffix("</svg>\n"))
      }
    }
  }

  @Test func `ticks are multiples of 1, 2 or 5 with short labels`() {
    let svg = plot(x: LinePlot.Axis("x", range: 0...3_500), []).svg
    for label in ["0", "500", "1k", "1.5k", "3.5k"] { #expect(svg.contains(">\(label)</text>")) }
    for label in ["0.2", "0.4", "1"] { #expect(svg.contains(">\(label)</text>")) }
  }

  @Test func `names are escaped, and several series have a legend`() {
    var plot = plot([(0, 0), (1, 1)])
    plot.series.append(LinePlot.Series(name: "<a & \"b\">", points: [(0, 1)]))
    #expect(plot.svg.contains(">&lt;a &amp; &quot;b&quot;&gt;</text>"))
    #expect(plot.svg.contains("stroke=\"#d55e00\""))
    #expect(LinePlot.page([plot, plot, plot], columns: 2).contains("translate(480 0)"))
    #expect(plot.svg == plot.svg)
  }

  @Test func `a comparison of traces is a table, a CSV, JSON and a page of pictures`() throws {
    var group = RowGroup()
    group.record = [0, 1]
    group.arrival = [0, 2_000_000_000]
    group.promptTokens = [100, 300]
    group.outputTokens = [7, 7]
    let samples = try TraceSamples(reading: InMemoryTrace(name: "a,b", groups: [group]))
    let comparison = TraceComparison(samples, samples)
    #expect(
      comparison.text.contains(
        "\nprompt tokens  a,b    2     200     120     200     280     298  0.000\n"
      )
    )
    #expect(
      comparison.csv.contains(
        "prompt_tokens,tokens,\"a,b\",2,200.0,120.0,200.0,280.0,298.0,0.0\n"
      )
    )
    #expect(comparison.csv.contains("inter_arrival,seconds,\"a,b\",1,2.0,2.0,2.0,2.0,2.0,0.0\n"))
    #expect(comparison.json.document.contains("\"ksDistance\": 0"))
    #expect(comparison.svg.contains("prompt tokens, KS 0.000"))
  }
}
