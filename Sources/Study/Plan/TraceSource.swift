public import Workload

/// A trace file, and how it is read.
public struct TraceSource: Sendable, Equatable {
  public var path: String
  /// The name of the format; nil finds it out from the content.
  public var format: String?
  /// Over how long arrivals of one time stamp are spread, in nanoseconds; 0 for not at all.
  public var spreadTies: SimTime

  public init(path: String, format: String? = nil, spreadTies: SimTime = 0) {
    self.path = path
    self.format = format
    self.spreadTies = spreadTies
  }

  /// What tables call the trace: the last component of the path.
  public var name: String { file.name }

  /// The trace as it is replayed.
  public var trace: any Trace { spread(file) }

  /// The same, with its content digested while it is read.
  ///
  /// - Parameters:
  ///   - digest: Where the digest is left.
  ///   - name: What tables call the trace.
  /// - Returns: The trace.
  func digested(into digest: TraceDigest, named name: String? = nil) -> any Trace {
    spread(DigestedTrace(file, named: name ?? self.name, into: digest))
  }

  private var file: TraceFile {
    TraceFile(path: path, format: format.flatMap(TraceFormat.named))
  }

  private func spread(_ file: any Trace) -> any Trace {
    spreadTies > 0 ? SpreadTies(file, over: spreadTies) : file
  }
}
