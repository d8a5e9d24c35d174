public import Workload

/// The choices that a trace file is read with.
public struct TraceReading: Sendable, Equatable {
  /// The name of the format; nil finds it out from the content.
  public var format: String?
  /// Whether times finer than a nanosecond are rounded to the nearest one; otherwise an error.
  public var rounding: Bool
  /// How many sessions, or requests without one, start per second in a file that does not say when
  /// they do; above 0 and finite. Nil makes such a file an error, and a rate any other.
  public var sessionsPerSecond: Double?
  /// What becomes of requests that failed; nil makes them an error.
  public var failures: FailurePolicy?
  /// How many characters stand for a token where a file has text alone; above 0 and finite.
  public var charactersPerToken: Double

  /// Characters that stand for a token unless something else is chosen.
  public static let defaultCharactersPerToken = 4.0

  public init(
    format: String? = nil,
    rounding: Bool = false,
    sessionsPerSecond: Double? = nil,
    failures: FailurePolicy? = nil,
    charactersPerToken: Double = TraceReading.defaultCharactersPerToken
  ) {
    self.format = format
    self.rounding = rounding
    self.sessionsPerSecond = sessionsPerSecond
    self.failures = failures
    self.charactersPerToken = charactersPerToken
  }
}

extension TraceFile {
  /// Names a file that is read so.
  init(path: String, _ reading: TraceReading) {
    self.init(
      path: path,
      format: reading.format.flatMap(TraceFormat.named),
      rounding: reading.rounding,
      sessionsPerSecond: reading.sessionsPerSecond,
      failures: reading.failures,
      charactersPerToken: reading.charactersPerToken
    )
  }
}
