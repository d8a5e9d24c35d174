import ArgumentParser
import Hardware
import Reporting
import Simulation
import Study
import Workload

/// What is replayed, on what, how fast and for how long.
struct TraceOptions: ParsableArguments {
  @Argument(help: "The trace file: plain, gzip or zstd.", completion: .file())
  var trace: String

  @Option(
    help: .init(
      "The trace's format; found from its content unless given. See 'replay formats'.",
      valueName: "name"
    )
  )
  var format: String?

  @Option(help: .init("The fleet: a name, see 'replay fleets', or a file.", valueName: "name"))
  var fleet: String = Fleets.defaultName

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

  /// The files that these options and policies read. A fleet that is not built in is a file.
  func inputs(_ policies: [String?]) -> [InputFile] {
    let fleets = Fleets.names.contains(fleet) ? [] : [InputFile(what: "fleet file", path: fleet)]
    let choices = policies.compactMap { choice in
      choice.flatMap { ChosenPolicies.isPath($0) ? InputFile(what: "policy file", path: $0) : nil }
    }
    return [InputFile(what: "trace", path: trace)] + fleets + choices
  }

  /// The runs that these options describe, one per choice of policies.
  func runs(_ policies: [ChosenPolicies]) throws -> [Run] {
    let (source, ties) = try source
    let fleet = try Fleets.resolve(fleet)
    let objectives = try ServiceObjectives(parsing: slo)
    var options = try runOptions
    var utilization: [Double]?
    if load != nil || policies.count > 1, FileKind(of: trace) == .pipe {
      throw UsageError(
        "\(trace) is a pipe, which is read once; --load and compare read a trace again, from a file"
      )
    }
    if let load {
      let target = try TargetLoad(load: load, of: source, on: fleet, limit: options.limit)
      options.rateScale = target.rateScale
      utilization = target.utilization
    }
    return policies.map { chosen in
      Run(
        trace: source,
        fleet: fleet,
        policies: chosen.policies,
        policyName: chosen.name,
        objectives: objectives,
        options: options,
        estimatedUtilization: utilization,
        spreadTies: ties
      )
    }
  }

  /// The trace as it is replayed, and over how long it spreads ties, in nanoseconds.
  private var source: (trace: any Trace, spreadTies: SimTime) {
    get throws {
      let file = TraceFile(path: trace, format: try traceFormat)
      guard let spreadTies else { return (file, 0) }
      let ties = try DurationOption.time(spreadTies, "--spread-ties")
      return (SpreadTies(file, over: ties), ties)
    }
  }

  private var traceFormat: TraceFormat? {
    get throws {
      guard let format else { return nil }
      guard let known = TraceFormat.named(format) else {
        throw UsageError(unknown: "format", format, known: TraceFormat.all.map(\.name))
      }
      return known
    }
  }

  private var runOptions: RunOptions {
    get throws {
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

  private static func positive(_ value: Double?, _ flag: String) throws(UsageError) -> Double? {
    guard let value else { return nil }
    guard value.isFinite, value > 0 else {
      throw UsageError("\(flag) is \(value); expected a number above 0")
    }
    return value
  }
}
