/// A picture of points over two logarithmic axes of one range, with the line on which both values are
/// equal and those at a factor from it, as an SVG that is the same on every machine.
public struct ScatterPlot: Sendable {
  public struct Series: Sendable {
    public var name: String
    /// Points that are not above 0 and finite are left out.
    public var points: [(x: Double, y: Double)]

    public init(name: String, points: [(x: Double, y: Double)]) {
      self.name = name
      self.points = points
    }
  }

  public var title: String
  public var xLabel: String
  public var yLabel: String
  public var series: [Series]
  /// Dashed lines stand at y = x × factor and x ÷ factor; above 1.
  public var factor: Double

  public init(
    title: String,
    xLabel: String,
    yLabel: String,
    series: [Series],
    factor: Double = 1.5
  ) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.series = series
    self.factor = factor
  }

  private static let width = 480.0
  private static let height = 474.0
  private static let left = 62.0
  private static let right = 462.0
  private static let top = 34.0
  private static let bottom = 422.0
  private static let legendLine = 18.0
  private static let legendColumns = 2

  /// The picture as a file of its own.
  public var svg: String { Self.page([self]) }

  /// Pictures side by side, as one file.
  public static func page(_ plots: [ScatterPlot]) -> String {
    let legend = Double(plots.map(\.legendRows).max() ?? 0) * legendLine
    let size = (SVGText.number(width * Double(plots.count)), SVGText.number(height + legend))
    var text = """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(size.0)" height="\(size.1)" \
      viewBox="0 0 \(size.0) \(size.1)" font-family="Helvetica, Arial, sans-serif" font-size="12">
      <rect width="100%" height="100%" fill="#fff"/>

      """
    for (index, plot) in plots.enumerated() {
      let x = SVGText.number(width * Double(index))
      text += "<g transform=\"translate(\(x) 0)\">\n" + plot.body + "</g>\n"
    }
    return text + "</svg>\n"
  }

  // MARK: Drawing

  private func drawn(_ series: Series) -> [(x: Double, y: Double)] {
    series.points.filter { $0.x > 0 && $0.y > 0 && $0.x.isFinite && $0.y.isFinite }
  }

  private var body: String {
    let values = series.flatMap { drawn($0) }.flatMap { [$0.x, $0.y] }
    let scale = AxisScale(LinePlot.Axis(xLabel, scale: .log), values: values)
    var text = Self.label("x=\"\(SVGText.number((Self.left + Self.right) / 2))\" y=\"20\"", title)
    text += grid(scale)
    for (index, series) in series.enumerated() {
      text += "<g fill=\"\(LinePlot.colour(index))\" fill-opacity=\"0.45\">\n"
      for point in drawn(series) {
        let x = SVGText.number(Self.horizontal(scale.place(point.x)))
        let y = SVGText.number(Self.vertical(scale.place(point.y)))
        text += "<circle cx=\"\(x)\" cy=\"\(y)\" r=\"1.8\"/>\n"
      }
      text += "</g>\n"
    }
    // On logarithmic axes a factor is a distance.
    let least = values.min() ?? 1
    let shift = scale.place(least * factor) - scale.place(least)
    return text + diagonals(shift) + labels + legend
  }

  private static func horizontal(_ share: Double) -> Double { left + share * (right - left) }
  private static func vertical(_ share: Double) -> Double { bottom - share * (bottom - top) }

  private static func label(_ place: String, _ text: String) -> String {
    "<text \(place) text-anchor=\"middle\">\(SVGText.escaped(text))</text>\n"
  }

  private func grid(_ scale: AxisScale) -> String {
    var text = ""
    let (top, bottom) = (SVGText.number(Self.top), SVGText.number(Self.bottom))
    let (left, right) = (SVGText.number(Self.left), SVGText.number(Self.right))
    for tick in scale.ticks {
      let x = SVGText.number(Self.horizontal(scale.place(tick)))
      let y = Self.vertical(scale.place(tick))
      text += "<path d=\"M\(x) \(top)V\(bottom)M\(left) \(SVGText.number(y))H\(right)\" "
      text += "stroke=\"#ddd\"/>\n"
      text += Self.label(
        "x=\"\(x)\" y=\"\(SVGText.number(Self.bottom + 16))\"",
        AxisScale.label(tick)
      )
      text += "<text x=\"\(SVGText.number(Self.left - 6))\" y=\"\(SVGText.number(y + 4))\" "
      text += "text-anchor=\"end\">\(AxisScale.label(tick))</text>\n"
    }
    return text + "<path d=\"M\(left) \(top)V\(bottom)H\(right)\" fill=\"none\" stroke=\"#333\"/>\n"
  }

  /// Where y is x, and, dashed, where it is off by a distance on the axes either way.
  private func diagonals(_ shift: Double) -> String {
    var text = ""
    for offset in [0, shift, -shift] {
      let (from, to) = (max(0, -offset), min(1, 1 - offset))
      guard from < to else { continue }
      let start = (Self.horizontal(from), Self.vertical(from + offset))
      let end = (Self.horizontal(to), Self.vertical(to + offset))
      text += "<path d=\"M\(SVGText.number(start.0)) \(SVGText.number(start.1))"
      text += "L\(SVGText.number(end.0)) \(SVGText.number(end.1))\" stroke=\"#333\""
      text += (offset == 0 ? "" : " stroke-dasharray=\"4 3\"") + "/>\n"
    }
    return text
  }

  private var labels: String {
    let centre = SVGText.number((Self.left + Self.right) / 2)
    let middle = SVGText.number((Self.top + Self.bottom) / 2)
    return Self.label("x=\"\(centre)\" y=\"\(SVGText.number(Self.bottom + 36))\"", xLabel)
      + Self.label("transform=\"translate(14 \(middle)) rotate(-90)\"", yLabel)
  }

  private var legendRows: Int {
    series.count > 1 ? (series.count + Self.legendColumns - 1) / Self.legendColumns : 0
  }

  private var legend: String {
    guard legendRows > 0 else { return "" }
    var text = ""
    for (index, series) in series.enumerated() {
      let column = Double(index % Self.legendColumns)
      let x = Self.left + column * (Self.right - Self.left) / Double(Self.legendColumns)
      let y = Self.height + Double(index / Self.legendColumns) * Self.legendLine
      text += "<circle cx=\"\(SVGText.number(x + 6))\" cy=\"\(SVGText.number(y - 4))\" r=\"4\" "
      text += "fill=\"\(LinePlot.colour(index))\"/>\n"
      text += "<text x=\"\(SVGText.number(x + 16))\" y=\"\(SVGText.number(y))\">"
      text += "\(SVGText.escaped(String(series.name.prefix(20))))</text>\n"
    }
    return text
  }
}
