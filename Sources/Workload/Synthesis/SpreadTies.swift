/// A trace whose requests of one coarse time stamp are spread over the time that the stamp stands
/// for.
///
/// Recorders that write every few seconds give many requests one arrival, which would replay as
/// bursts that never were. Of n requests that arrive at t, the k-th, from 0, arrives at
/// t + ⌊k × span ÷ n⌋ instead, in the order of the source. Requests that wait for others are not
/// counted or spread; they keep their arrival, but never arrive before the row in front of them.
/// The reader holds the rows from the first of a tie to the group behind its last.
public struct SpreadTies: Trace {
  public let base: any Trace
  /// In nanoseconds.
  public let span: SimTime

  public var name: String { base.name }

  /// - Parameters:
  ///   - base: The trace to spread.
  ///   - span: How long one time stamp stands for, at least 1 ns.
  public init(_ base: any Trace, over span: SimTime) {
    self.base = base
    self.span = span
  }

  /// - Throws: `badData` for a span below 1 ns; the reader, where the last request of a tie would
  ///   arrive at the next time stamp or after it.
  public func makeReader() throws(TraceError) -> any TraceReader {
    guard span >= 1 else {
      throw TraceError(
        .badData,
        file: name,
        problem: "ties are to be spread over \(seconds(span)) s; expected more than 0"
      )
    }
    return Reader(self, try base.makeReader())
  }

  private final class Reader: TraceReader {
    private let trace: SpreadTies
    private let base: any TraceReader
    private var failure: TraceError?
    /// Groups of the base, from that of the tie's first row on.
    private var held: [RowGroup] = []
    private var tie: Tie?
    /// Groups whose rows are all spread.
    private var done: [RowGroup] = []
    private var isAtEnd = false
    /// The arrival of the last row that is spread.
    private var latest: SimTime = 0

    /// A run of equal arrivals, and where it starts among the groups that are held.
    private struct Tie {
      var arrival: SimTime
      var group: Int
      var row: Int
      var count: Int64 = 1
    }

    var names: TraceNames { base.names }

    init(_ trace: SpreadTies, _ base: any TraceReader) {
      self.trace = trace
      self.base = base
    }

    func next() throws(TraceError) -> RowGroup? {
      if let failure { throw failure }
      do throws(TraceError) {
        while done.isEmpty, !isAtEnd { try read() }
      } catch {
        failure = error
        throw error
      }
      return done.isEmpty ? nil : done.removeFirst()
    }

    /// Takes the base's next group, and spreads the ties that end in it.
    private func read() throws(TraceError) {
      guard let group = try base.next() else {
        if let tie { try spread(tie, upTo: (held.count, 0), before: nil) }
        done = held
        isAtEnd = true
        return
      }
      held.append(group)
      for row in 0..<group.count where !group.hasParents(row) {
        let arrival = group.arrival[row]
        if tie?.arrival == arrival {
          tie?.count += 1
        } else {
          if let tie { try spread(tie, upTo: (held.count - 1, row), before: arrival) }
          tie = Tie(arrival: arrival, group: held.count - 1, row: row)
        }
      }
      let finished = tie?.group ?? held.count
      done = Array(held[..<finished])
      held.removeFirst(finished)
      tie?.group = 0
    }

    /// Gives the rows from a tie's first up to another, whose arrival is `next`, their arrivals.
    private func spread(
      _ tie: Tie,
      upTo end: (group: Int, row: Int),
      before next: SimTime?
    ) throws(TraceError) {
      let share = trace.span / tie.count
      let rest = trace.span % tie.count
      // In two parts, so that no product overflows.
      func offset(_ k: Int64) -> SimTime { k * share + k * rest / tie.count }
      let (last, overflow) = tie.arrival.addingReportingOverflow(offset(tie.count - 1))
      if overflow || last >= next ?? .never { throw tooClose(tie, next) }
      var k: Int64 = 0
      var (group, row) = (tie.group, tie.row)
      while (group, row) < end {
        guard row < held[group].count else {
          group += 1
          row = 0
          continue
        }
        if held[group].hasParents(row) {
          latest = max(latest, held[group].arrival[row])
        } else {
          latest = tie.arrival + offset(k)
          k += 1
        }
        held[group].arrival[row] = latest
        row += 1
      }
    }

    private func tooClose(_ tie: Tie, _ next: SimTime?) -> TraceError {
      let following = next.map { "stamp \(seconds($0)) s follows" } ?? "range of time ends"
      return TraceError(
        .badData,
        file: trace.name,
        problem: "\(tie.count) requests arrive at \(seconds(tie.arrival)) s and the \(following) "
          + "before they are spread over \(seconds(trace.span)) s; spread them over less, or not"
      )
    }
  }
}

extension RowGroup {
  /// Whether a row waits for others.
  fileprivate func hasParents(_ row: Int) -> Bool {
    !edgeStart.isEmpty && edgeStart[row] < edgeStart[row + 1]
  }
}
