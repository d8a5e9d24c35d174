import Workload

extension PolicyParameter {
  /// A length of time that a spec gives in seconds, from a microsecond to a year.
  static func seconds(
    _ name: String,
    default defaultValue: Double,
    summary: String
  ) -> PolicyParameter {
    PolicyParameter(
      name,
      unit: "s",
      default: defaultValue,
      range: 1e-6...3.2e7,
      isWhole: false,
      summary: summary
    )
  }
}

extension PolicyParameters {
  /// A length of time in whole nanoseconds.
  ///
  /// - Precondition: The policy's entry declares a number of seconds of this name.
  func nanoseconds(_ name: String) -> SimTime { SimTime((self[name] * 1e9).rounded()) }
}
