extension LinePlot {
  /// Colours that people with any vision tell apart; further series are dashed.
  ///
  /// Source: Okabe, Ito, "Color universal design", 2008, without yellow, which is faint on white.
  private static let colours = [
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000",
  ]
  private static let dashes = ["", "6 3", "2 3", "8 3 2 3"]

  static func colour(_ index: Int) -> String { colours[index % colours.count] }

  private static func stroke(_ index: Int) -> String {
    let dash = dashes[index / colours.count % dashes.count]
    let colour = "stroke=\"\(colour(index))\""
    return dash.isEmpty ? colour : colour + " stroke-dasharray=\"\(dash)\""
  }

  /// The picture without the file around it.
  var body: String {
    let xScale = AxisScale(x, values: series.flatMap { $0.points.map(\.x) })
    let yScale = AxisScale(y, values: series.flatMap { $0.points.map(\.y) })
    var text = line("text", "x=\"\(SVGText.number((Self.left + Self.right) / 2))\" y=\"20\"", title)
    text += grid(xScale, yScale) + axisLabels
    for (index, series) in series.enumerated() {
      let path = Self.path(series, xScale, yScale)
      if path.isEmpty { continue }
      text += "<path d=\"\(path)\" fill=\"none\" stroke-width=\"1.6\" \(Self.stroke(index))/>\n"
    }
    return text + legend
  }

  private func line(_ element: String, _ attributes: String, _ content: String) -> String {
    "<\(element) \(attributes) text-anchor=\"middle\">\(SVGText.escaped(content))</\(element)>\n"
  }

  private func grid(_ xScale: AxisScale, _ yScale: AxisScale) -> String {
    var text = ""
    let (top, bottom) = (SVGText.number(Self.top), SVGText.number(Self.bottom))
    let (left, right) = (SVGText.number(Self.left), SVGText.number(Self.right))
    let ink = "stroke=\"#ddd\""
    for tick in xScale.ticks {
      let x = SVGText.number(Self.horizontal(xScale.place(tick)))
      text += "<path d=\"M\(x) \(top)V\(bottom)\" \(ink)/>\n"
      let place = "x=\"\(x)\" y=\"\(SVGText.number(Self.bottom + 16))\""
      text += line("text", place, AxisScale.label(tick))
    }
    for tick in yScale.ticks {
      let height = Self.vertical(yScale.place(tick))
      text += "<path d=\"M\(left) \(SVGText.number(height))H\(right)\" \(ink)/>\n"
      text += "<text x=\"\(SVGText.number(Self.left - 6))\" y=\"\(SVGText.number(height + 4))\" "
      text += "text-anchor=\"end\">\(AxisScale.label(tick))</text>\n"
    }
    return text + "<path d=\"M\(left) \(top)V\(bottom)H\(right)\" fill=\"none\" stroke=\"#333\"/>\n"
  }

  private var axisLabels: String {
    let centre = SVGText.number((Self.left + Self.right) / 2)
    let middle = SVGText.number((Self.top + Self.bottom) / 2)
    return line("text", "x=\"\(centre)\" y=\"\(SVGText.number(Self.bottom + 36))\"", x.label)
      + line("text", "transform=\"translate(14 \(middle)) rotate(-90)\"", y.label)
  }

  private static func horizontal(_ share: Double) -> Double { left + share * (right - left) }
  private static func vertical(_ share: Double) -> Double { bottom - share * (bottom - top) }

  /// The line's points, without those that fall on the pixel tenth of the one before.
  private static func path(_ series: Series, _ xScale: AxisScale, _ yScale: AxisScale) -> String {
    var text = ""
    var isBroken = true
    var last = (x: "", y: "")
    for point in series.points {
      guard point.x.isFinite, point.y.isFinite else {
        isBroken = true
        continue
      }
      let x = SVGText.number(horizontal(xScale.place(point.x)))
      let y = SVGText.number(vertical(yScale.place(point.y)))
      if isBroken {
        text += "M\(x) \(y)"
      } else if last != (x, y) {
        if series.isStepped {
          if x != last.x { text += "H\(x)" }
          if y != last.y { text += "V\(y)" }
        } else {
          text += "L\(x) \(y)"
        }
      }
      isBroken = false
      last = (x, y)
    }
    return text
  }

  // MARK: Legend

  private static let legendColumns = 2
  private static let longestName = 34

  /// One series needs no legend.
  var legendRows: Int {
    series.count > 1 ? (series.count + Self.legendColumns - 1) / Self.legendColumns : 0
  }

  private var legend: String {
    guard legendRows > 0 else { return "" }
    var text = ""
    for (index, series) in series.enumerated() {
      let column = Double(index % Self.legendColumns)
      let x = Self.left + column * (Self.right - Self.left) / Double(Self.legendColumns)
      let y = Self.height + Double(index / Self.legendColumns) * Self.legendLine
      let (from, to) = (SVGText.number(x), SVGText.number(x + 22))
      text += "<path d=\"M\(from) \(SVGText.number(y - 4))H\(to)\" stroke-width=\"2\" "
      text += "\(Self.stroke(index))/>\n"
      let name =
        series.name.count > Self.longestName
        ? series.name.prefix(Self.longestName - 1) + "…" : series.name[...]
      text += "<text x=\"\(SVGText.number(x + 28))\" y=\"\(SVGText.number(y))\">"
      text += "\(SVGText.escaped(String(name)))</text>\n"
    }
    return text
  }
}
