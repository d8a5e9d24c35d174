import Reporting
import Workload

/// What is checked of the values of options; `flag` is what errors call the option.
enum OptionValue {
  /// A duration above 0, in nanoseconds.
  static func time(_ text: String, _ flag: String) throws(UsageError) -> SimTime {
    guard let time = DurationText.nanoseconds(text), time > 0 else {
      throw UsageError(
        "\(flag) is '\(text)'; expected a duration above 0, such as 600s, with units ns, us, ms or s"
      )
    }
    return time
  }

  /// A finite number above 0; nil where the option is not given.
  static func positive(_ value: Double?, _ flag: String) throws(UsageError) -> Double? {
    guard let value else { return nil }
    guard value.isFinite, value > 0 else {
      throw UsageError("\(flag) is \(value); expected a number above 0")
    }
    return value
  }

  /// One of the cases; errors say which `what` is unknown.
  static func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String,
    _ what: String
  ) throws(UsageError) -> Choice {
    guard let choice = Choice(rawValue: name) else {
      throw UsageError(unknown: what, name, known: Choice.allCases.map(\.rawValue))
    }
    return choice
  }
}
