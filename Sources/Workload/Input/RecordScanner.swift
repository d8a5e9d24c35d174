/// What a reader may do to a source that does not fit exactly.
struct ReadOptions: Sendable {
  /// Whether times finer than a nanosecond are rounded to the nearest one, halves up, rather than
  /// an error.
  var rounding = false
  /// The rate at which requests of a source without start times begin; nil makes it an error.
  var sessionsPerSecond: Double?
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

/// How far the lines of a file are from the rows of a trace.
enum LineOrder {
  /// Lines come by arrival, and each is a row by itself.
  case arrivals
  /// A later line can arrive earlier.
  case unsorted
  /// Lines come by arrival, but a row can depend on later ones of its session.
  case linked
}

/// What a format knows: how one line becomes one row.
protocol RecordScanner {
  /// The format whose lines it takes.
  var format: TraceFormat { get }

  /// Whether the first line names the columns.
  var hasHeader: Bool { get }

  /// Whether the source says when requests arrive, known after the header.
  var hasStartTimes: Bool { get }

  var names: TraceNames { get }

  /// The date and time of the first arrival as the source spells it; nil where it does not say.
  var epoch: String? { get }

  /// Final once `RowGroup.preferredRows` lines have been scanned.
  var order: LineOrder { get }

  /// Takes the first line of a format that has a header.
  mutating func scanHeader(_ line: Span<UInt8>) throws(Fault)

  /// Appends one row to every column the source has, `record` excepted.
  mutating func scan(_ line: Span<UInt8>, into group: inout RowGroup) throws(Fault)

  /// Completes and checks the edges of rows that are in session order, sessions being whole; asked
  /// only of `linked` lines. `elsewhere` is the session of a record of another group, −1 for none and
  /// nil where the file has no such record.
  mutating func link(
    _ group: inout RowGroup,
    elsewhere: (Int64) -> Int32?
  ) throws(RecordFault)

  /// Adds what the group as a whole needs; groups come by arrival.
  mutating func finish(_ group: inout RowGroup)
}

extension RecordScanner {
  var hasHeader: Bool { false }
  var hasStartTimes: Bool { true }
  var epoch: String? { nil }
  var order: LineOrder { .arrivals }
  mutating func scanHeader(_ line: Span<UInt8>) throws(Fault) {}
  mutating func link(
    _ group: inout RowGroup,
    elsewhere: (Int64) -> Int32?
  ) throws(RecordFault) {}
  mutating func finish(_ group: inout RowGroup) {}
}
