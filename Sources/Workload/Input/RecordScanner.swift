/// What a reader may do to a source that does not fit exactly.
struct ReadOptions: Sendable {
  /// Whether times finer than a nanosecond are rounded to the nearest one, halves up, rather than
  /// an error.
  var rounding = false
  /// The rate at which requests of a source without start times begin; nil makes it an error.
  var sessionsPerSecond: Double?
  /// What becomes of requests that failed; nil makes them an error.
  var failures: FailurePolicy?
  /// Characters of text that stand for a token, in a source that has text and no counts.
  var charactersPerToken = 4.0
  /// About how much memory rows may take that have to be put in order.
  var memoryBytes = RowSorter.defaultMemoryBytes

  /// What such a rate means for a source that has start times.
  static func hasStartTimes(file: String) -> TraceError {
    TraceError(
      .badData,
      file: file,
      problem: "has start times, so --sessions-per-second cannot give it others; leave that out, "
        + "or scale them with --rate-scale"
    )
  }
}

/// What of a file is scanned as one record.
enum RecordFraming {
  /// A line.
  case lines
  /// A JSON object, over as many lines as it takes: one object after another, or those of one array.
  case objects
}

/// How far the lines of a file are from the rows of a trace.
enum LineOrder {
  /// Lines come by arrival, and each is a row by itself.
  case arrivals
  /// A later line can arrive earlier.
  case unsorted
  /// Lines come by arrival, but a row can depend on later ones of its session.
  case linked
  /// When rows arrive, and in which sessions, can depend on any later line: `link` says it.
  case late
}

/// What a format knows: how one line, or object, becomes rows.
///
/// `Fault` positions are those within the line or object.
protocol RecordScanner {
  /// The format whose lines it takes.
  var format: TraceFormat { get }

  var framing: RecordFraming { get }

  /// Whether the first line names the columns.
  var hasHeader: Bool { get }

  /// Whether the source says when requests arrive, known after the header.
  var hasStartTimes: Bool { get }

  var names: TraceNames { get }

  /// The date and time of the first arrival as the source spells it; nil where it does not say.
  var epoch: String? { get }

  /// What readers of the trace should know of how it was read.
  var note: String { get }

  /// The failed requests so far, as `FailureRule` counts them; nil where nothing was said of them.
  var failures: FailureCount? { get }

  /// Final once `RowGroup.preferredRows` lines have been scanned.
  var order: LineOrder { get }

  /// Takes the first line of a format that has a header.
  mutating func scanHeader(_ line: Span<UInt8>) throws(Fault)

  /// Appends any number of rows to every column the source has, `record` excepted. Rows are numbered
  /// in the order in which they are appended.
  mutating func scan(_ line: Span<UInt8>, into group: inout RowGroup) throws(Fault)

  /// Appends the rows that had to wait for the end of the source; asked once. A fault's position does
  /// not matter.
  mutating func scanEnd(into group: inout RowGroup) throws(Fault)

  /// Completes and checks the edges of rows that are in session order, sessions being whole; asked
  /// only of `linked` lines, and of `late` ones, whose rows are in the order of their records and get
  /// their arrivals and sessions too. `elsewhere` is the session of a record of another group, −1 for none and
  /// nil where the file has no such record.
  mutating func link(
    _ group: inout RowGroup,
    elsewhere: (Int64) -> Int32?
  ) throws(RecordFault)

  /// Adds what the group as a whole needs; groups come by arrival.
  mutating func finish(_ group: inout RowGroup)
}

extension RecordScanner {
  var framing: RecordFraming { .lines }
  var hasHeader: Bool { false }
  var hasStartTimes: Bool { true }
  var epoch: String? { nil }
  var note: String { "" }
  var failures: FailureCount? { nil }
  var order: LineOrder { .arrivals }
  mutating func scanHeader(_ line: Span<UInt8>) throws(Fault) {}
  mutating func scanEnd(into group: inout RowGroup) throws(Fault) {}
  mutating func link(
    _ group: inout RowGroup,
    elsewhere: (Int64) -> Int32?
  ) throws(RecordFault) {}
  mutating func finish(_ group: inout RowGroup) {}
}
