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
      have come far enough; 'auto' is closed where some of a trace's first requests, up to 65,536, \
      wait for others, else open.
      """,
      valueName: "mode"
    )
  )
  var loop: String = LoopChoice.auto.rawValue

  @Option(
    parsing: .unconditional,
    help: .init(
      "How old the gauges may be that policies read, such as 100ms; fresh unless given.",
      valueName: "duration"
    )
  )
  var viewLag: String?

  private enum LoopChoice: String, CaseIterable {
    case auto, open, closed

    /// Nil leaves it to the trace.
    var mode: LoopMode? {
      switch self {
      case .auto: nil
      case .open: .open
      case .closed: .closed
      }
    }
  }

  /// Whether the trace says which loop it is replayed in.
  var findsLoop: Bool {
    get throws(UsageError) { try loopChoice == .auto }
  }

  private var loopChoice: LoopChoice {
    get throws(UsageError) { try OptionValue.choice(loop, "loop") }
  }

  func apply(to options: inout RunOptions) throws(UsageError) {
    options.mode = try OptionValue.choice(engine, "engine")
    guard ["decisions", "every"].contains(consult) else {
      throw UsageError(unknown: "consultation", consult, known: ["decisions", "every"])
    }
    options.consultsEveryBoundary = consult == "every"
    if let mode = try loopChoice.mode { options.loop = mode }
    if let viewLag {
      options.viewLag = try OptionValue.time(viewLag, "--view-lag")
      guard options.viewLag <= RunOptions.longestViewLag else {
        throw UsageError("--view-lag is '\(viewLag)'; expected at most an hour")
      }
    }
  }
}
