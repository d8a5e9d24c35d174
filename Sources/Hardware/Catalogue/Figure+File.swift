import ConfigFiles

/// The keys of a figure: its value, where it comes from (one of four), and a note.
enum FigureKey: String, CaseIterable {
  case value = "is"
  case measured, published, derived, assumed, note

  var confidence: Confidence? { Confidence(rawValue: rawValue) }
}

extension Sourced {
  /// Reads a figure such as `{ is: 989 Top/s, published: nvidia-h100 }`.
  ///
  /// - Parameters:
  ///   - node: The mapping.
  ///   - what: What errors call the figure.
  ///   - unit: What it is counted in.
  ///   - range: What it may be, in the unit without a prefix.
  /// - Throws: `FileFault` where the value or its source is something else.
  init(
    _ node: FileNode,
    _ what: String,
    _ unit: FigureUnit,
    in range: ClosedRange<Double>
  ) throws(FileFault) {
    let section = try FileSection<FigureKey>(node, what)
    let text = try section.required(.value, section.line(.value))
    let place = section[.value]?.place ?? node.place
    guard let value = unit.value(text) else {
      throw FileFault(
        at: place,
        "\(what) is \(FileNode.quoted(text)); expected \(unit.expectation)"
      )
    }
    guard range.contains(value) else {
      let bounds = "\(unit.text(range.lowerBound)) to \(unit.text(range.upperBound))"
      throw FileFault(
        at: place,
        "\(what) is \(FileNode.quoted(text)); expected a value from \(bounds)"
      )
    }
    var found: (confidence: Confidence, source: String)?
    for key in FigureKey.allCases {
      guard let confidence = key.confidence, let source = try section.line(key) else { continue }
      guard found == nil else {
        throw FileFault(
          at: section[key]?.place,
          "\(what) has two sources; keep one of measured, published, derived and assumed"
        )
      }
      found = (confidence, source)
    }
    guard let found else {
      throw FileFault(
        at: node.place,
        "\(what) has no source; add measured, published, derived or assumed"
      )
    }
    self.init(value, found.confidence, found.source, note: try section.line(.note) ?? "")
  }
}

extension FileSection {
  /// A figure above zero; nil where the section has none.
  func figure(
    _ key: Key,
    _ unit: FigureUnit,
    in range: ClosedRange<Double> = 1e-12...1e21
  ) throws(FileFault) -> Sourced? {
    guard let node = self[key] else { return nil }
    return try Sourced(node, key.rawValue, unit, in: range)
  }

  /// A figure that the section cannot do without.
  func neededFigure(
    _ key: Key,
    _ unit: FigureUnit,
    in range: ClosedRange<Double> = 1e-12...1e21
  ) throws(FileFault) -> Sourced {
    try required(key, figure(key, unit, in: range))
  }

  /// Replaces a figure by that of the file, where there is one.
  func replace(
    _ figure: inout Sourced,
    _ key: Key,
    _ unit: FigureUnit = .share,
    in range: ClosedRange<Double> = 1e-12...1e21
  ) throws(FileFault) {
    if let found = try self.figure(key, unit, in: range) { figure = found }
  }

  /// Figures per precision.
  func byPrecision(
    _ key: Key,
    _ unit: FigureUnit,
    in range: ClosedRange<Double> = 1e-12...1e21
  ) throws(FileFault) -> ByPrecision? {
    guard let node = self[key] else { return nil }
    let section = try FileSection<Precision>(node, key.rawValue)
    var figures = ByPrecision()
    for precision in Precision.allCases {
      figures[precision] = try section.figure(precision, unit, in: range)
    }
    return figures
  }
}
