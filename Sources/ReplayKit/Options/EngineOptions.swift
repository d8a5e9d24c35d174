import ArgumentParser
import Reporting
import Simulation

/// How the engine replays. Its mode and when it consults leave the results as they are; the loop and
/// the view lag change them.
struct EngineOptions: ParsableArguments {
  @Option(
    help: .init(
      "'fast' jumps between boundaries that matter, 'stepping' visits all; same results.",
      valueName: "mode"
    )
  )
  var engine: String = EngineMode.fast.rawValue

  @Option(
    help: .init(
      "'decisions' asks policies at decision points, 'every' at every boundary.",
      valueName: "when"
    )
  )
  var consult: String = "decisions"

  @Option(
    help: .init(
      """
      'open' keeps recorded arrivals; 'closed' starts a turn when those before it in its session \
      have come far enough.
      """,
      valueName: "mode"
    )
  )
  var loop: String = LoopMode.open.rawValue

  @Option(
    parsing: .unconditional,
    help: .init(
      "How old the gauges may be that policies read, such as 100ms; fresh unless given.",
      valueName: "duration"
    )
  )
  var viewLag: String?

  func apply(to options: inout RunOptions) throws(UsageError) {
    options.mode = try Self.mode(engine, "engine")
    guard ["decisions", "every"].contains(consult) else {
      throw UsageError(unknown: "consultation", consult, known: ["decisions", "every"])
    }
    options.consultsEveryBoundary = consult == "every"
    options.loop = try Self.mode(loop, "loop")
    if let viewLag {
      options.viewLag = try DurationOption.time(viewLag, "--view-lag")
      guard options.viewLag <= RunOptions.longestViewLag else {
        throw UsageError("--view-lag is '\(viewLag)'; expected at most an hour")
      }
    }
  }

  private static func mode<Mode: RawRepresentable<String> & CaseIterable>(
    _ name: String,
    _ what: String
  ) throws(UsageError) -> Mode {
    guard let mode = Mode(rawValue: name) else {
      throw UsageError(unknown: what, name, known: Mode.allCases.map(\.rawValue))
    }
    return mode
  }
}
