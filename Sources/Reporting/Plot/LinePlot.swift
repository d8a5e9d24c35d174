/// A picture of lines over two axes, as an SVG that is the same on every machine.
///
/// Points outside an axis, such as zero on a logarithmic one, are drawn at its edge; a line breaks
/// at points that are not finite.
public struct LinePlot: Sendable {
  public struct Series: Sendable {
    public var name: String
    public var points: [(x: Double, y: Double)]
    /// Whether the line keeps each point's y up to the next point's x, as distributions do.
    public var isStepped: Bool

    public init(name: String, points: [(x: Double, y: Double)], isStepped: Bool = false) {
      self.name = name
      self.points = points
      self.isStepped = isStepped
    }
  }

  public struct Axis: Sendable, Equatable {
    public enum Scale: Sendable, Equatable {
      case linear, log
    }

    public var label: String
    public var scale: Scale
    /// What the axis shows; as much as the points need where nil.
    public var range: ClosedRange<Double>?

    public init(_ label: String, scale: Scale = .linear, range: ClosedRange<Double>? = nil) {
      self.label = label
      self.scale = scale
      self.range = range
    }
  }

  public var title: String
  public var x: Axis
  public var y: Axis
  public var series: [Series]

  public init(title: String, x: Axis, y: Axis, series: [Series]) {
    self.title = title
    self.x = x
    self.y = y
    self.series = series
  }

  /// Of one picture, in pixels; the legend comes below it.
  static let width = 480.0
  static let height = 320.0
  static let left = 62.0
  static let right = 462.0
  static let top = 34.0
  static let bottom = 268.0
  static let legendLine = 18.0

  /// The picture as a file of its own.
  public var svg: String { Self.page([self], columns: 1) }

  /// Pictures side by side, row by row, as one file.
  ///
  /// - Parameters:
  ///   - plots: The pictures, in the order of reading.
  ///   - columns: How many stand side by side, at least 1.
  /// - Returns: The text of an SVG.
  public static func page(_ plots: [LinePlot], columns: Int = 3) -> String {
    let columns = max(1, min(columns, plots.count))
    let tallest = plots.map(\.legendRows).max() ?? 0
    let tile = height + Double(tallest) * legendLine
    let rows = (plots.count + columns - 1) / columns
    let size = (SVGText.number(width * Double(columns)), SVGText.number(tile * Double(rows)))
    var text = """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(size.0)" height="\(size.1)" \
      viewBox="0 0 \(size.0) \(size.1)" font-family="Helvetica, Arial, sans-serif" font-size="12">
      <rect width="100%" height="100%" fill="#fff"/>

      """
    for (index, plot) in plots.enumerated() {
      let x = SVGText.number(width * Double(index % columns))
      let y = SVGText.number(tile * Double(index / columns))
      text += "<g transform=\"translate(\(x) \(y))\">\n" + plot.body + "</g>\n"
    }
    return text + "</svg>\n"
  }
}
