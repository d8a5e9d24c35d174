import ArgumentParser
import Reporting
import Simulation
import Study
import Workload

/// How traces are replayed, how fast and for how long: all that the runs of a study have in common.
struct ReplayOptions: ParsableArguments {
  @OptionGroup var reading: TraceReadOptions

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
      options.rateScale = try OptionValue.positive(rateScale, "--rate-scale") ?? 1
      _ = try OptionValue.positive(load, "--load")
      try engine.apply(to: &options)
      options.window = try window.window
      if let limit {
        guard limit >= 1 else { throw UsageError("--limit is \(limit); expected at least 1") }
        options.limit = limit
      }
      if let horizon { options.horizon = try OptionValue.time(horizon, "--horizon") }
      return options
    }
  }

  /// A trace as it is replayed.
  ///
  /// - Parameters:
  ///   - path: Where it is.
  ///   - isReadAgain: Whether it is read more than once, which a pipe cannot be.
  /// - Returns: The trace, which is not opened yet.
  /// - Throws: `UsageError` for a choice of reading that is unknown or out of range, a bad duration,
  ///   or a pipe.
  func source(_ path: String, isReadAgain: Bool) throws(UsageError) -> TraceSource {
    if isReadAgain, FileKind(of: path) == .pipe {
      throw UsageError(
        "\(path) is a pipe, which is read once; --load and compare read a trace again, from a file"
      )
    }
    return TraceSource(
      path: path,
      reading: try reading.reading,
      spreadTies: try spreadTies.map { text throws(UsageError) in
        try OptionValue.time(text, "--spread-ties")
      } ?? 0
    )
  }
}
