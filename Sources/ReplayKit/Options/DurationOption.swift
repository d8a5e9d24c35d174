import Reporting
import Workload

/// Durations that options take.
enum DurationOption {
  /// A duration above 0, in nanoseconds.
  static func time(_ text: String, _ flag: String) throws(UsageError) -> SimTime {
    guard let time = DurationText.nanoseconds(text), time > 0 else {
      throw UsageError(
        "\(flag) is '\(text)'; expected a duration above 0, such as 600s, with units ns, us, ms or s"
      )
    }
    return time
  }
}
