/// Draws the requests of one client.
///
/// Arrivals are one renewal process: gaps have the mean 1 and the shape of the window in which they
/// begin, and are passed at the rate of the windows that they last through. So each window has its
/// rate on average whatever its shape, which would not hold if each began anew.
struct ServeGenClient {
  /// When the next request is sent, in nanoseconds since the source's time 0; nil behind the last.
  private(set) var nextTime: SimTime?
  private let number: UInt64
  private let windows: [ServeGenWindow]
  private let lengths: ServeGenLengths
  private var window = 0
  /// Seconds.
  private var time = 0.0
  /// Gaps drawn in the window.
  private var drawn: UInt64 = 0
  private var random = SplitMix64(seed: 0)

  init(_ files: ServeGenFiles.Client) throws(TraceError) {
    number = UInt64(files.number)
    windows = try ServeGenWindow.all(of: files.trace)
    lengths = try ServeGenLengths(files, isNeeded: windows.contains { $0.rate > 0 })
    time = windows.first?.start ?? 0
    advance()
  }

  /// Draws the lengths of the next request, and the time of the one behind it.
  mutating func takeRequest() -> ServeGenLengths.Request {
    let request = lengths.draw(at: time, &random)
    advance()
    return request
  }

  /// Draws a gap and passes through it.
  private mutating func advance() {
    nextTime = nil
    while window < windows.count, windows[window].rate == 0 { enterNextWindow() }
    guard window < windows.count else { return }
    random = generator()
    drawn += 1
    var gap = windows[window].shape.gap(&random)
    while window < windows.count {
      let rate = windows[window].rate
      let left = (windows[window].end - time) * rate
      if gap < left {
        time += gap / rate
        nextTime = SimTime((time * 1e9).rounded())
        return
      }
      gap -= max(0, left)
      enterNextWindow()
    }
  }

  private mutating func enterNextWindow() {
    window += 1
    drawn = 0
    if window < windows.count { time = max(time, windows[window].start) }
  }

  /// Seeded by client, window and gap, so that no window depends on what another one drew.
  private func generator() -> SplitMix64 {
    var seed = SplitMix64.mix(number &+ 0x9E37_79B9_7F4A_7C15)
    seed = SplitMix64.mix(seed ^ SplitMix64.mix(UInt64(window)))
    return SplitMix64(seed: SplitMix64.mix(seed &+ drawn))
  }
}

/// A stretch of time in which a client sends at one rate.
struct ServeGenWindow {
  /// Seconds.
  var start: Double
  var end: Double
  /// Requests per second; 0 where the client is idle.
  var rate: Double
  var shape = Shape.gamma(1)

  /// How gaps of mean 1 are distributed.
  enum Shape {
    case gamma(Double)
    case weibull(shape: Double, mean: Double)

    func gap(_ random: inout SplitMix64) -> Double {
      switch self {
      case .gamma(let shape): random.gamma(shape: shape)
      case .weibull(let shape, let mean):
        DeterministicMath.pow(-DeterministicMath.log(random.uniform()), 1 / shape) / mean
      }
    }
  }

  /// Windows are of ten minutes as published; the last one is taken to be as long as the one before.
  private static let usualSeconds = 600.0
  /// Beyond these a file is no ServeGen trace: rates per second, and shapes that gaps can be drawn of.
  private static let rates = 0...100_000.0
  private static let gammaShapes = 1e-4...1e6
  private static let weibullShapes = 0.05...1e3
  /// About a century.
  private static let latestSeconds = 3e9

  static func all(of path: String) throws(TraceError) -> [ServeGenWindow] {
    var lines = LineReader(try plainBytes(of: FileBytes(path: path)))
    var windows: [ServeGenWindow] = []
    while let range = try lines.next() {
      if range.isEmpty {
        let blank = lines.line
        if try lines.next() == nil { break }
        throw TraceError(
          .badData,
          file: path,
          line: blank,
          column: 1,
          problem: "blank line before the end of the file; remove it"
        )
      }
      do throws(Fault) {
        let window = try lines.withLine(range) { line throws(Fault) in try ServeGenWindow(line) }
        if let last = windows.last {
          guard window.start > last.start else {
            throw Fault(at: 0, "window starts no later than the one before; sort the file by time")
          }
          windows[windows.count - 1].end = window.start
        }
        windows.append(window)
      } catch {
        let (line, column) = lines.place(of: error.position, in: range)
        throw TraceError(.badData, file: path, line: line, column: column, problem: error.problem)
      }
    }
    if windows.count > 1 {
      let last = windows.count - 1
      windows[last].end = windows[last].start + windows[last - 1].end - windows[last - 1].start
    }
    return windows
  }

  /// Reads `start_s,rate_rps,cv,pattern,shape,scale`; the scale follows from the rate.
  private init(_ line: Span<UInt8>) throws(Fault) {
    var cursor = CSVCursor()
    start = try line.number(
      try cursor.next(of: line, "start").range,
      "start",
      in: 0...Self.latestSeconds
    )
    end = start + Self.usualSeconds
    rate = try line.number(try cursor.next(of: line, "rate").range, "rate", in: Self.rates)
    let cv = try cursor.next(of: line, "cv").range
    let pattern = try cursor.next(of: line, "pattern").range
    let shapeText = try cursor.next(of: line, "shape").range
    _ = try cursor.next(of: line, "scale")
    try cursor.finish(line)
    if pattern.isEmpty {
      guard rate == 0 else {
        throw Fault(at: pattern.lowerBound, "pattern is missing though the rate is above 0")
      }
    } else if line.spells("Gamma", pattern) {
      var shape = 1.0
      if shapeText.isEmpty {
        let cv = try line.number(cv, "cv", in: 1e-3...100)
        shape = 1 / (cv * cv)
      } else {
        shape = try line.number(shapeText, "shape", in: Self.gammaShapes)
      }
      self.shape = .gamma(shape)
    } else if line.spells("Weibull", pattern) {
      let shape = try line.number(shapeText, "shape", in: Self.weibullShapes)
      self.shape = .weibull(shape: shape, mean: DeterministicMath.gamma(1 + 1 / shape))
    } else {
      throw Fault(
        at: pattern.lowerBound,
        "pattern is \(line.quoted(pattern)); expected Gamma, Weibull or nothing"
      )
    }
  }
}

extension DeterministicMath {
  /// The gamma function of a number of at least 1, by Stirling's series for its logarithm.
  fileprivate static func gamma(_ x: Double) -> Double {
    var shifted = x
    var product = 1.0
    while shifted < 10 {
      product *= shifted
      shifted += 1
    }
    let square = 1 / (shifted * shifted)
    let series =
      (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1_260 - square / 1_680))) / shifted
    // ½ ln 2π.
    let constant = 0.918_938_533_204_672_7
    return exp((shifted - 0.5) * log(shifted) - shifted + constant + series) / product
  }
}
