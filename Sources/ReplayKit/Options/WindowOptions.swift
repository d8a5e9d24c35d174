import ArgumentParser
import Reporting
import Simulation
import Workload

/// Which part of a run its metrics are of.
struct WindowOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: .init(
      """
      Measure only sessions that start, tokens that come and what instances do in a window, such \
      as 60s..600s, or 60s.. for one without end.
      """,
      valueName: "from..to"
    )
  )
  var measure: String?

  @Option(
    parsing: .unconditional,
    help: .init("Measure only from then on: --measure DURATION..", valueName: "duration")
  )
  var warmup: String?

  /// Nil where everything is measured.
  var window: MeasureWindow? {
    get throws(UsageError) {
      guard measure == nil || warmup == nil else {
        throw UsageError("--measure and --warmup exclude each other")
      }
      if let warmup {
        return MeasureWindow(start: try OptionValue.time(warmup, "--warmup"), end: .never)
      }
      return try measure.map(Self.window)
    }
  }

  private static func window(_ text: String) throws(UsageError) -> MeasureWindow {
    let malformed = UsageError(
      "--measure is '\(text)'; expected FROM..TO, such as 60s..600s, or FROM.., with units ns, us, "
        + "ms or s"
    )
    guard let dots = text.firstRange(of: ".."),
      let start = DurationText.nanoseconds(text[..<dots.lowerBound])
    else { throw malformed }
    let rest = text[dots.upperBound...]
    guard let end = rest.isEmpty ? .never : DurationText.nanoseconds(rest) else { throw malformed }
    guard start < end else {
      throw UsageError("--measure is '\(text)', which is empty; expected TO after FROM")
    }
    return MeasureWindow(start: start, end: end)
  }
}
