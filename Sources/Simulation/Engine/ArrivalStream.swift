import KVCache
import Workload

/// The prefix nodes that came with rows of a trace.
struct LoadedNodes {
  var table: PrefixNodes
  var blockTokens: Int
}

/// The arrivals of a trace in order, scaled and limited, one row group in memory at a time.
struct ArrivalStream: ~Copyable {
  private let reader: (any TraceReader)?
  private let rateScale: Double
  private var limit: SessionLimit
  private let horizon: SimTime
  private(set) var group = RowGroup()
  /// Rows of the group, kept apart because asking the group copies its header.
  private var rowCount = 0
  private(set) var row = 0
  /// Whether the nodes of the group have not been taken.
  private var hasNodes = false
  /// When the next request arrives; `never` when there is none.
  private(set) var nextTime = SimTime.never
  /// Whether a request arrives after the horizon.
  private(set) var isTruncated = false
  /// First arrivals of the sessions met so far; looked up, never walked.
  private var sessionStarts: [Int32: SimTime] = [:]

  /// Arrivals of nothing.
  init() {
    reader = nil
    rateScale = 1
    limit = SessionLimit(.max)
    horizon = .never
  }

  init(reader: any TraceReader, options: RunOptions) throws(TraceError) {
    self.reader = reader
    rateScale = options.rateScale
    limit = SessionLimit(options.limit)
    horizon = options.horizon
    row = -1
    try advance()
  }

  /// Moves to the next offered row.
  mutating func advance() throws(TraceError) {
    while true {
      row += 1
      while row >= rowCount {
        guard let next = try reader?.next() else {
          nextTime = .never
          return
        }
        group = next
        rowCount = next.count
        row = 0
        hasNodes = true
        guard rateScale == 1 || !group.session.contains(where: { $0 >= 0 }) else {
          throw TraceError(
            .badData,
            file: "record \(group.record[row])",
            problem: "belongs to a session, whose start only is scaled: read the trace into memory"
          )
        }
      }
      // Asked apart, because lending the group to a function copies it.
      guard limit.isUnlimited || limit.admits(row: row, of: group) else {
        guard limit.isClosed else { continue }
        nextTime = .never
        return
      }
      let time = try scaled(group.arrival[row])
      isTruncated = time > horizon
      nextTime = isTruncated ? .never : time
      return
    }
  }

  /// The prefix nodes of the group at hand, once.
  mutating func takeNodes() -> LoadedNodes? {
    guard hasNodes, let reader else { return nil }
    hasNodes = false
    return LoadedNodes(table: group.prefixes, blockTokens: reader.names.blockTokens)
  }

  private func scaled(_ arrival: SimTime) throws(TraceError) -> SimTime {
    if rateScale == 1, arrival <= Self.latestArrival { return arrival }
    let time = Double(arrival) / rateScale
    guard time <= Double(Self.latestArrival) else {
      if horizon <= Self.latestArrival { return Self.latestArrival + 1 }
      throw TraceError(
        .badData,
        file: "record \(group.record[row])",
        problem: "arrives more than 146 years after the first one at a rate × \(rateScale); "
          + "raise the rate"
      )
    }
    return SimTime(time)
  }

  /// Half the range of time: what is left holds all that can happen after an arrival.
  private static let latestArrival = SimTime.max / 2

  /// Writes the current row's request, as it arrives, into a fresh state.
  mutating func fill(_ state: inout RequestState) {
    state.fill(from: group, row: row, arrival: nextTime)
    if state.out.session >= 0 { state.out.sessionStart = start(of: state.out.session) }
  }

  private mutating func start(of session: Int32) -> SimTime {
    if let known = sessionStarts[session] { return known }
    sessionStarts[session] = nextTime
    return nextTime
  }
}

extension RequestState {
  /// Writes a row, as it arrives, into a fresh state.
  @inline(__always)
  mutating func fill(from group: borrowing RowGroup, row: Int, arrival: SimTime) {
    out.record = group.record[row]
    out.arrival = arrival
    out.sessionStart = arrival
    out.promptTokens = group.promptTokens[row]
    out.outputTokens = group.outputTokens[row]
    contextTokens = Int64(group.promptTokens[row])
    mark = arrival
    if !group.requestClass.isEmpty { out.requestClass = group.requestClass[row] }
    if !group.session.isEmpty { out.session = group.session[row] }
    if !group.maxOutputTokens.isEmpty { maxOutputTokens = group.maxOutputTokens[row] }
    if !group.priority.isEmpty { priority = group.priority[row] }
    if !group.tenant.isEmpty { tenant = group.tenant[row] }
    if !group.ttftSLO.isEmpty { out.ttftSLO = group.ttftSLO[row] }
    if !group.tpotSLO.isEmpty { out.tpotSLO = group.tpotSLO[row] }
    if !group.reasoningTokens.isEmpty { hasReasoning = group.reasoningTokens[row] > 0 }
    if !group.prefixNode.isEmpty {
      path = PrefixPoint(node: group.prefixNode[row], depth: group.prefixBlocks[row])
    }
  }
}
