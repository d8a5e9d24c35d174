import Hardware
import Simulation
import Workload

/// What leaves the engine in a while, with the names that it refers to.
struct DatasetPiece: Sendable {
  var requests: ContiguousArray<RequestRecord> = []
  var sessions: ContiguousArray<SessionRecord> = []
  var samples: ContiguousArray<PoolSample> = []
  /// All that the trace has named so far.
  var classes: [String] = []
  var reasons: [String] = []

  var largestCount: Int { max(requests.count, max(sessions.count, samples.count)) }
}

/// The tables that grow while a run goes on.
struct DatasetTables {
  private var requests: TableWriter<RequestRow>
  private var sessions: TableWriter<SessionRow>
  private var timeline: TableWriter<TimelineRow>
  private var row: RequestRow
  private let fleet: Fleet
  private let window: MeasureWindow?
  /// How the requests of sessions that have not ended did, by the session's number; nil where sessions
  /// have no end. Only looked up.
  private var states: [Int32: SessionMetrics.State]?
  private var openSessions = OpenSessions()
  /// The first thing that went wrong; nothing is written after it.
  private var failure: TraceWriteError?

  /// What fits into a processor's cache beside its compressed form.
  private static let pieceBytes = 1 << 17

  init(
    in folder: String,
    fleet: Fleet,
    window: MeasureWindow?,
    objectives: ServiceObjectives,
    countsSessions: Bool
  ) throws(TraceWriteError) {
    requests = try TableWriter(
      in: folder,
      RequestTable.schema,
      columns: RequestTable.columns,
      pieceBytes: Self.pieceBytes
    )
    sessions = try TableWriter(
      in: folder,
      SessionTable.schema,
      columns: SessionTable.columns
    )
    timeline = try TableWriter(
      in: folder,
      TimelineTable.schema,
      columns: TimelineTable.columns
    )
    row = RequestRow(window: window, objectives: objectives)
    self.fleet = fleet
    self.window = window
    states = countsSessions ? [:] : nil
  }

  mutating func write(_ piece: DatasetPiece) {
    guard failure == nil else { return }
    do throws(TraceWriteError) {
      row.setNames(classes: piece.classes, reasons: piece.reasons)
      for index in piece.requests.indices {
        row.set(piece.requests[index])
        try requests.write(&row)
        if states == nil {
          openSessions.add(row)
        } else if row.record.session >= 0 {
          states?[row.record.session, default: .started].note(row.judgement, row.objective)
        }
      }
      // A session ends with its last request, so all of them have been written.
      for record in piece.sessions where record.session >= 0 {
        let state = states?.removeValue(forKey: record.session) ?? .started
        var row = SessionRow(record, state, window: window)
        try sessions.write(&row)
      }
      for sample in piece.samples {
        var row = TimelineRow(sample, fleet)
        try timeline.write(&row)
      }
    } catch {
      failure = error
    }
  }

  /// Ends the tables and returns what they are.
  ///
  /// - Throws: The first thing that went wrong, now or before.
  mutating func complete() throws(TraceWriteError) -> [DatasetFile] {
    if let failure { throw failure }
    for var row in openSessions.rows(in: window) { try sessions.write(&row) }
    return [try requests.complete(), try sessions.complete(), try timeline.complete()]
  }
}
