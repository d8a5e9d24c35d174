public import Simulation
public import Workload

/// A trace file, and how it is read.
public struct TraceSource: Sendable, Equatable {
  public var path: String
  public var reading: TraceReading
  /// Over how long arrivals of one time stamp are spread, in nanoseconds; 0 for not at all.
  public var spreadTies: SimTime
  /// Where whoever reads the trace to its end, by this value or a copy, leaves what became of failed
  /// requests.
  private let failureLog = FailureLog()

  public init(path: String, reading: TraceReading = TraceReading(), spreadTies: SimTime = 0) {
    self.path = path
    self.reading = reading
    self.spreadTies = spreadTies
  }

  /// Whether one file is read in one way; what was found in it does not count.
  public static func == (one: TraceSource, other: TraceSource) -> Bool {
    one.path == other.path && one.reading == other.reading && one.spreadTies == other.spreadTies
  }

  /// What tables call the trace: the last component of the path.
  public var name: String { file.name }

  /// The trace as it is replayed.
  public var trace: any Trace { spread(logged) }

  /// What became of failed requests; nil where nothing was to become of them, or nobody has come to
  /// the trace's end.
  public var failures: FailureCount? { failureLog.found }

  /// The loop that the trace was made for: closed where a row of the first group waits for others.
  ///
  /// - Throws: What the trace's reader throws.
  public func recordedLoop() throws(TraceError) -> LoopMode {
    try TimedReader(try logged.makeReader()).recordedLoop()
  }

  /// The same, with its content digested while it is read.
  ///
  /// - Parameters:
  ///   - digest: Where the digest is left.
  ///   - name: What tables call the trace.
  /// - Returns: The trace.
  func digested(into digest: TraceDigest, named name: String? = nil) -> any Trace {
    spread(DigestedTrace(logged, named: name ?? self.name, into: digest))
  }

  private var file: TraceFile { TraceFile(path: path, reading) }

  private var logged: LoggedTrace { LoggedTrace(file, into: failureLog) }

  private func spread(_ file: any Trace) -> any Trace {
    spreadTies > 0 ? SpreadTies(file, over: spreadTies) : file
  }
}
