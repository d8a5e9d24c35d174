public import Hardware
import Policies
import Workload

/// Constants of the step formulas, fitted to the first part of a log and judged by the rest.
///
/// The whole log is replayed in the engine, and only the latencies of its first requests count for the
/// fit. The others' arrivals and lengths are there, since requests of the first part ran beside them;
/// their latencies are not looked at.
public struct LogCalibration: Sendable {
  public let log: RequestLog
  public let deployment: LogDeployment
  /// Requests that were fitted to, from the first arrival on.
  public let fitted: Range<Int>
  /// Those that were not.
  public let heldBack: Range<Int>
  /// What the fit started from, and what it came to.
  public let start: FittedConstants
  public let constants: FittedConstants
  /// On the requests that were fitted to, and on those that were not.
  public let fitErrors: [LatencyComparison]
  public let heldBackErrors: [LatencyComparison]
  /// Replays that the fit took.
  public let replays: Int

  /// The four constants that steps of a dense model depend on.
  static let free: [FittedConstant] = [.bandwidthEfficiency, .slowdown, .layerFloor, .requestTime]

  /// Fits to a log.
  ///
  /// - Parameters:
  ///   - log: At least two requests.
  ///   - deployment: What it was served on.
  ///   - fitShare: Share of the requests that is fitted to, above 0 and below 1; at least one request
  ///     is, and at least one is not.
  /// - Throws: `LogStudyError`, and `PolicyError` where the settings are none that policies take.
  public init(_ log: RequestLog, on deployment: LogDeployment, fitShare: Double = 0.5) throws {
    let count = log.requests.count
    guard count >= 2 else { throw LogStudyError.tooFew(log: log.file, requests: count) }
    let replay = try LogReplay(log, on: deployment)
    let part = 0..<min(max(1, Int(Double(count) * fitShare)), count - 1)
    let fit = LogFit(log, replay, part, deployment.chip)
    let found = try fit.best()
    let outcome = try replay.outcome(found.constants)
    guard outcome.latencies.contains(where: { $0 != nil }) else {
      throw LogStudyError.nothingCompleted(log: log.file)
    }
    self.log = log
    self.deployment = deployment
    fitted = part
    heldBack = part.upperBound..<count
    start = fit.start
    constants = found.constants
    replays = found.replays
    func errors(_ part: Range<Int>) -> [LatencyComparison] {
      LatencyComparison.all(
        measured: log.requests[part].map(\.latencies),
        predicted: Array(outcome.latencies[part])
      )
    }
    fitErrors = errors(fitted)
    heldBackErrors = errors(heldBack)
  }

  /// The profile: its constants hold for every chip and model of the kind under the same engine, so
  /// that they can be carried over to others.
  public func profile(name: String, source: String, digest: UInt128, date: String) -> Profile {
    func quality(_ metric: LatencyMetric) -> Profile.Quality? {
      guard let score = heldBackErrors.first(where: { $0.metric == metric })?.score,
        let median = score.median, let ninetieth = score.ninetieth
      else { return nil }
      return Profile.Quality(median: median, ninetieth: ninetieth)
    }
    return Profile(
      name: name,
      source: source,
      digest: digest,
      date: date,
      levels: [
        Profile.Level(
          scope: .engineClass(deployment.stack.engineClass),
          constants: constants,
          rows: fitted.count,
          timePerOutputToken: quality(.timePerOutputToken),
          timeToFirstToken: quality(.timeToFirstToken)
        )
      ]
    )
  }
}

/// The search for constants under which a part of a log comes out as it was measured.
private struct LogFit {
  let start: FittedConstants
  private let replay: LogReplay
  private let part: Range<Int>
  private let measured: [Latencies]

  /// Errors well below it count as squares, those well above as they are.
  private static let scale = 0.08
  /// What a latency weighs. The time to first token is mostly queueing on a loaded engine, and then
  /// follows from the other two; on an idle one it says what prompts take.
  private static let weights: [(metric: LatencyMetric, weight: Double)] = [
    (.timeToFirstToken, 0.3), (.timePerOutputToken, 1), (.endToEnd, 1),
  ]
  /// How much the error of a mean weighs beside the requests' own.
  private static let meanWeight = 3.0
  /// How strongly constants are held where the log does not tell, and by how much each may depart
  /// from the catalogue's, as the logarithm of a ratio.
  private static let pull = 0.003
  private static let deviations = [0.3, 0.5, 0.7, 0.9]

  init(_ log: RequestLog, _ replay: LogReplay, _ part: Range<Int>, _ chip: Chip) {
    self.replay = replay
    self.part = part
    measured = log.requests[part].map(\.latencies)
    var start = FittedConstants()
    if case .roofline(let constants) = chip.timing {
      for constant in LogCalibration.free { start[constant] = constant.value(in: constants) }
    }
    self.start = start
  }

  func best() throws(LogStudyError) -> (constants: FittedConstants, replays: Int) {
    let origin = start.all.map { DeterministicMath.log($0.value) }
    // A wafer has none of these constants.
    guard !origin.isEmpty else { return (start, 0) }
    let search = SimplexSearch(
      bounds: LogCalibration.free.map { constant in
        let (least, most) = (constant.range.lowerBound, constant.range.upperBound)
        return DeterministicMath.log(least)...DeterministicMath.log(most)
      }
    )
    var replays = 0
    let corner = try search.minimum(from: origin) { (point) throws(LogStudyError) in
      replays += 1
      let outcome = try replay.outcome(Self.constants(point))
      return badness(Array(outcome.latencies[part])) + Self.departure(point, from: origin)
    }
    var constants = FittedConstants()
    for (constant, value) in Self.constants(corner.point).all {
      constants[constant] = constant.rounded(value)
    }
    return (constants, replays)
  }

  private static func constants(_ point: [Double]) -> FittedConstants {
    var constants = FittedConstants()
    for (constant, value) in zip(LogCalibration.free, point) {
      constants[constant] = DeterministicMath.exp(value)
    }
    return constants
  }

  private static func departure(_ point: [Double], from origin: [Double]) -> Double {
    var sum = 0.0
    for (index, value) in point.enumerated() {
      let share = (value - origin[index]) / deviations[index]
      sum += share * share
    }
    return pull * sum
  }

  /// What a request without a prediction counts as: as if it had taken twice as long.
  private static let missingRatio = 2.0

  private func badness(_ predicted: [Latencies?]) -> Double {
    var sum = 0.0
    for (metric, weight) in Self.weights {
      var (errors, count, sums) = (0.0, 0.0, (predicted: 0.0, measured: 0.0))
      for (measured, predicted) in zip(measured, predicted) {
        guard let value = measured[metric], value > 0 else { continue }
        let guess = max(predicted?[metric] ?? value * Self.missingRatio, 1e-9)
        let error = DeterministicMath.log(guess / value) / Self.scale
        errors += (1 + error * error).squareRoot() - 1
        count += 1
        sums.predicted += guess
        sums.measured += value
      }
      guard count > 0 else { continue }
      let mean = DeterministicMath.log(sums.predicted / sums.measured).magnitude
      sum += weight * (errors / count + Self.meanWeight * mean)
    }
    return sum
  }
}
