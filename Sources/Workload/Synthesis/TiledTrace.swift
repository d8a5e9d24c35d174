/// A trace repeated with fresh jitter until it has the number of requests wanted.
///
/// Keeps the base's shape over time at any size, without repeating it exactly: each gap between
/// arrivals is multiplied by a random factor in [0.5, 1.5) and each length by one in [0.9, 1.1), at
/// least one token. Factors depend on the seed and the row alone. Between two tiles lies the
/// base's mean gap, so in the mean a tile starts one base span after the one before. Reads the
/// base anew for every tile and holds one row group; a base in memory is the fastest.
public struct TiledTrace: Trace {
  public let name: String
  public let base: any Trace
  public let requests: Int
  public let seed: UInt64

  /// Tiles a base trace.
  ///
  /// - Parameters:
  ///   - base: The trace to repeat, without prefixes and edges.
  ///   - requests: Rows of the tiled trace, at least 1.
  ///   - seed: Selects the jitter.
  public init(base: any Trace, requests: Int, seed: UInt64) {
    self.base = base
    self.requests = requests
    self.seed = seed
    name = "\(base.name)-tiled-\(requests)"
  }

  /// - Throws: `badData` for fewer than one request; the reader, where the base has prefixes or
  ///   edges, whose meaning changed lengths would break.
  public func makeReader() throws(TraceError) -> any TraceReader {
    guard requests >= 1 else {
      throw TraceError(.badData, file: name, problem: "expected at least 1 request")
    }
    return Reader(self, try base.makeReader())
  }

  private final class Reader: TraceReader {
    private let trace: TiledTrace
    private var tile: any TraceReader
    private let jitter: Jitter
    private var row = 0
    private var arrival: Int64 = 0
    /// Rows, span and sessions of the tile so far.
    private var tileRows: Int64 = 0
    private var baseArrival: Int64 = 0
    private var tileSessions: Int32 = 0
    private var firstSession: Int32 = 0

    /// Every tile meets the same names in the same order, so those of a whole tile are all.
    private var baseNames: TraceNames?

    var names: TraceNames { baseNames ?? tile.names }

    init(_ trace: TiledTrace, _ tile: any TraceReader) {
      self.trace = trace
      self.tile = tile
      jitter = Jitter(seed: trace.seed)
    }

    func next() throws(TraceError) -> RowGroup? {
      while row < trace.requests {
        if var group = try tile.next() {
          group.truncate(to: trace.requests - row)
          try transform(&group)
          row += group.count
          return group
        }
        try startTile()
      }
      return nil
    }

    private func startTile() throws(TraceError) {
      guard tileRows > 0 else { throw failure("base trace holds no requests") }
      if baseNames == nil { baseNames = tile.names }
      let gap = tileRows > 1 ? baseArrival / (tileRows - 1) : SimTime.nanosecondsPerSecond
      baseArrival = -gap
      tileRows = 0
      let (sessions, overflow) = firstSession.addingReportingOverflow(tileSessions)
      if overflow { throw failure("tiles have more than \(Int32.max) sessions") }
      firstSession = sessions
      tileSessions = 0
      tile = try trace.base.makeReader()
    }

    private func transform(_ group: inout RowGroup) throws(TraceError) {
      guard group.prefixNode.isEmpty, group.edgeStart.isEmpty else {
        throw failure("a trace with prefixes or edges cannot be tiled")
      }
      for i in 0..<group.count {
        let record = UInt64(row + i)
        let original = group.arrival[i]
        let gap = jitter.gap(original - baseArrival, record)
        let (time, overflow) = arrival.addingReportingOverflow(row + i == 0 ? 0 : gap)
        if overflow || time == .max { throw failure("tiles last more than 292 years") }
        arrival = time
        baseArrival = original
        group.record[i] = Int64(record)
        group.arrival[i] = arrival
        group.promptTokens[i] = jitter.tokens(group.promptTokens[i], record, stream: 1)
        group.outputTokens[i] = jitter.tokens(group.outputTokens[i], record, stream: 2)
        if !group.deadline.isEmpty, group.deadline[i] != .never {
          let (deadline, overflow) = arrival.addingReportingOverflow(group.deadline[i] - original)
          group.deadline[i] = overflow ? .never : deadline
        }
      }
      tileRows += Int64(group.count)
      boundOutputs(&group)
      try renumberSessions(&group)
    }

    /// Keeps lengthened outputs within the client's limit and shortened ones above their reasoning.
    private func boundOutputs(_ group: inout RowGroup) {
      for i in group.maxOutputTokens.indices where group.maxOutputTokens[i] > 0 {
        group.outputTokens[i] = min(group.outputTokens[i], group.maxOutputTokens[i])
      }
      for i in group.reasoningTokens.indices {
        group.reasoningTokens[i] = min(group.reasoningTokens[i], group.outputTokens[i])
      }
    }

    /// Makes each tile's sessions its own.
    private func renumberSessions(_ group: inout RowGroup) throws(TraceError) {
      for i in group.session.indices where group.session[i] >= 0 {
        let (next, high) = group.session[i].addingReportingOverflow(1)
        let (number, overflow) = firstSession.addingReportingOverflow(group.session[i])
        if high || overflow { throw failure("tiles have more than \(Int32.max) sessions") }
        tileSessions = max(tileSessions, next)
        group.session[i] = number
      }
    }

    private func failure(_ problem: String) -> TraceError {
      TraceError(.badData, file: trace.name, problem: problem)
    }
  }
}

/// Random factors in 32-bit fixed point, so that a jittered row is exact integers.
private struct Jitter {
  private let key: UInt64

  init(seed: UInt64) { key = SplitMix64.mix(seed) }

  /// 32 random bits of a row; streams are independent of each other.
  private func bits(_ record: UInt64, _ stream: UInt64) -> UInt64 {
    SplitMix64.mix(key ^ SplitMix64.mix(record << 2 | stream)) >> 32
  }

  /// The gap times a factor in [0.5, 1.5), rounded down.
  func gap(_ nanoseconds: Int64, _ record: UInt64) -> Int64 {
    let factor = 0x8000_0000 + Int128(bits(record, 0))
    return Int64(clamping: (Int128(nanoseconds) * factor) >> 32)
  }

  /// The tokens times a factor in [0.9, 1.1), rounded to the nearest, at least 1.
  func tokens(_ tokens: Int32, _ record: UInt64, stream: UInt64) -> Int32 {
    // 0.9 and 0.2 in 32-bit fixed point.
    let factor = 3_865_470_566 + (bits(record, stream) * 858_993_459) >> 32
    let scaled = (UInt64(max(tokens, 0)) * factor + 0x8000_0000) >> 32
    return max(1, Int32(clamping: scaled))
  }
}
