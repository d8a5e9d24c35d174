import Synchronization
public import Workload

/// Which trace a file holds, whatever its name, format and compression.
public struct TraceIdentity: Sendable, Equatable {
  /// Requests in the whole trace, offered or not.
  public var rows: Int64
  /// `ContentDigest` of the whole trace.
  public var digest: UInt128

  public init(rows: Int64, digest: UInt128) {
    self.rows = rows
    self.digest = digest
  }

  /// Reads a trace from its first row to its last.
  public init(of source: TraceSource) throws(TraceError) {
    let digest = TraceDigest()
    var recorded = source
    recorded.spreadTies = 0
    let reader = try recorded.digested(into: digest).makeReader()
    while try reader.next() != nil {}
    self = digest.found
  }
}

/// Where a `DigestedTrace` leaves what it found, since its reader may stand below others.
final class TraceDigest: Sendable {
  private let identity = Mutex(TraceIdentity(rows: 0, digest: ContentDigest().value))

  /// Complete when a reader has come to the trace's end.
  var found: TraceIdentity {
    get { identity.withLock { $0 } }
    set { identity.withLock { $0 = newValue } }
  }
}

/// A trace whose content is digested on its way through.
struct DigestedTrace: Trace {
  let name: String
  private let base: any Trace
  private let digest: TraceDigest

  init(_ base: any Trace, named name: String, into digest: TraceDigest) {
    self.name = name
    self.base = base
    self.digest = digest
  }

  func makeReader() throws(TraceError) -> any TraceReader {
    Reader(try base.makeReader(), digest)
  }

  private final class Reader: TraceReader {
    private let base: any TraceReader
    private let target: TraceDigest
    private var rows: Int64 = 0
    private var digest = ContentDigest()

    var names: TraceNames { base.names }
    var epoch: String? { base.epoch }

    init(_ base: any TraceReader, _ target: TraceDigest) {
      self.base = base
      self.target = target
    }

    func next() throws(TraceError) -> RowGroup? {
      guard let group = try base.next() else {
        target.found = TraceIdentity(rows: rows, digest: digest.value)
        return nil
      }
      rows += Int64(group.count)
      digest.add(group, base.names)
      return group
    }
  }
}
