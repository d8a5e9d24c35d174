import Synchronization

/// What a `LoggedTrace` leaves of the failed requests of its last reading, since whoever prints it is
/// not the one who reads.
public final class FailureLog: Sendable {
  private let count = Mutex<FailureCount?>(nil)

  public init() {}

  /// The count at the end of the trace; nil before, and as `TraceReader.failures`.
  public fileprivate(set) var found: FailureCount? {
    get { count.withLock { $0 } }
    set { count.withLock { $0 = newValue } }
  }
}

/// A trace whose failed requests are logged when it has been read to its end.
public struct LoggedTrace: Trace {
  public var name: String { base.name }
  private let base: any Trace
  private let log: FailureLog

  public init(_ base: any Trace, into log: FailureLog) {
    self.base = base
    self.log = log
  }

  public func makeReader() throws(TraceError) -> any TraceReader {
    Reader(try base.makeReader(), log)
  }

  private final class Reader: TraceReader {
    private let base: any TraceReader
    private let log: FailureLog

    var names: TraceNames { base.names }
    var epoch: String? { base.epoch }
    var provenance: TraceProvenance? { base.provenance }
    var failures: FailureCount? { base.failures }

    init(_ base: any TraceReader, _ log: FailureLog) {
      self.base = base
      self.log = log
    }

    func next() throws(TraceError) -> RowGroup? {
      let group = try base.next()
      if group == nil { log.found = base.failures }
      return group
    }
  }
}
