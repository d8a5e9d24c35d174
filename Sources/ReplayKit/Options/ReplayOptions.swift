import ArgumentParser
import Reporting
import Simulation
import Study
import Workload

/// How traces are replayed, how fast and for how long: all that the runs of a study have in common.
struct ReplayOptions: ParsableArguments {
  @Option(
    help: .init(
      "The trace's format; found from its content unless given. See 'replay formats'.",
      valueName: "name"
    )
  )
  var format: String?

  @Option(
    help: .init(
      """
      An SLO, [CLASS:]ttft=DURATION[,tpot=DURATION], for requests that bring none of their own; \
      repeatable.
      """,
      valueName: "slo"
    )
  )
  var slo: [String] = []

  // Numbers take what follows as it stands, so that a sign is not read as another option's.
  @Option(
    parsing: .unconditional,
    help: .init("How many times faster than recorded requests arrive.", valueName: "factor")
  )
  var rateScale: Double?

  @Option(
    parsing: .unconditional,
    help: .init(
      "The estimated utilization of the busiest pool to which the rate is scaled.",
      valueName: "share"
    )
  )
  var load: Double?

  @Option(
    parsing: .unconditional,
    help: .init(
      "The last instant that is simulated, such as 600s; units ns, us, ms, s.",
      valueName: "duration"
    )
  )
  var horizon: String?

  @Option(
    parsing: .unconditional,
    help: .init(
      "How many sessions are offered; requests, where a trace has no sessions.",
      valueName: "count"
    )
  )
  var limit: Int64?

  @Option(
    parsing: .unconditional,
    help: .init(
      "Over how long arrivals with one time stamp are spread, such as 1s.",
      valueName: "duration"
    )
  )
  var spreadTies: String?

  @OptionGroup var engine: EngineOptions
  @OptionGroup var window: WindowOptions

  var objectives: ServiceObjectives {
    get throws { try ServiceObjectives(parsing: slo) }
  }

  /// The options of a run, with the rate scale that a load has yet to replace.
  var runOptions: RunOptions {
    get throws(UsageError) {
      var options = RunOptions()
      guard rateScale == nil || load == nil else {
        throw UsageError("--rate-scale and --load exclude each other")
      }
      options.rateScale = try Self.positive(rateScale, "--rate-scale") ?? 1
      _ = try Self.positive(load, "--load")
      try engine.apply(to: &options)
      options.window = try window.window
      if let limit {
        guard limit >= 1 else { throw UsageError("--limit is \(limit); expected at least 1") }
        options.limit = limit
      }
      if let horizon { options.horizon = try DurationOption.time(horizon, "--horizon") }
      return options
    }
  }

  /// A trace as it is replayed.
  ///
  /// - Parameters:
  ///   - path: Where it is.
  ///   - isReadAgain: Whether it is read more than once, which a pipe cannot be.
  /// - Returns: The trace, which is not opened yet.
  /// - Throws: `UsageError` for an unknown format, a bad duration, or a pipe.
  func source(_ path: String, isReadAgain: Bool) throws(UsageError) -> TraceSource {
    if let format, TraceFormat.named(format) == nil {
      throw UsageError(unknown: "format", format, known: TraceFormat.all.map(\.name))
    }
    if isReadAgain, FileKind(of: path) == .pipe {
      throw UsageError(
        "\(path) is a pipe, which is read once; --load and compare read a trace again, from a file"
      )
    }
    return TraceSource(
      path: path,
      format: format,
      spreadTies: try spreadTies.map { text throws(UsageError) in
        try DurationOption.time(text, "--spread-ties")
      } ?? 0
    )
  }

  private static func positive(_ value: Double?, _ flag: String) throws(UsageError) -> Double? {
    guard let value else { return nil }
    guard value.isFinite, value > 0 else {
      throw UsageError("\(flag) is \(value); expected a number above 0")
    }
    return value
  }
}
