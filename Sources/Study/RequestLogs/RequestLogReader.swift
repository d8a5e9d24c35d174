import Workload

/// Reads the requests of a log: JSON lines, or comma-separated values with a header, plain, gzip or
/// zstd.
public enum RequestLogReader {
  /// A log of a million requests has a few hundred bytes each.
  private static let mostBytes = 1 << 30

  /// The requests of a file, by arrival.
  ///
  /// The arrival may be on another clock than the rest, as it is where a client notes the time of day
  /// and the engine a time since start-up. Then the record has to say when the request was queued,
  /// and the clocks are set so that the quickest request took no time from the client to the queue.
  ///
  /// - Throws: `MeasuredDataError` with file, line and field.
  public static func requests(path: String) throws(MeasuredDataError) -> [LoggedRequest] {
    let records = try isJSON(path) ? jsonRecords(path: path) : csvRecords(path: path)
    guard !records.isEmpty else {
      throw MeasuredDataError(.badData, file: path, problem: "has no requests; expected some")
    }
    return try requests(records)
  }

  /// Whether the first character that is no space opens an object.
  private static func isJSON(_ path: String) throws(MeasuredDataError) -> Bool {
    var first: UInt8?
    do throws(TraceError) {
      let bytes = try PlainBytes(path: path)
      while first == nil {
        let isMore = try bytes.next { block in first = block.first { !isSpace($0) } }
        if !isMore { break }
      }
    } catch {
      throw MeasuredDataError(error)
    }
    return first == UInt8(ascii: "{")
  }

  private static func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(byte) }

  // MARK: JSON lines

  private static func jsonRecords(path: String) throws(MeasuredDataError) -> [LogRecord] {
    let bytes: [UInt8]
    do throws(TraceError) {
      bytes = try PlainBytes(path: path).rest(limit: mostBytes)
    } catch {
      throw MeasuredDataError(error)
    }
    var records: [LogRecord] = []
    var line = 0
    for text in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      line += 1
      if text.allSatisfy(isSpace) { continue }
      records.append(try jsonRecord(Array(text), path, line))
    }
    return records
  }

  private static func jsonRecord(
    _ text: [UInt8],
    _ path: String,
    _ line: Int
  ) throws(MeasuredDataError) -> LogRecord {
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONValue(parsing: text)
    } catch {
      throw MeasuredDataError(.badData, file: path, line: line, problem: error.description)
    }
    guard case .object(let pairs) = value else {
      throw MeasuredDataError(
        .badData,
        file: path,
        line: line,
        problem: "is no JSON object; expected one per line"
      )
    }
    var record = LogRecord(file: path, line: line)
    for (name, value) in pairs {
      guard let spelling = LogField.spelling(name) else { continue }
      if spelling.field == .id {
        record.id = value.text ?? value.line
      } else if case .null = value {
        continue
      } else {
        try record.set(spelling, name, value.double, shown: value.line)
      }
    }
    return record
  }

  // MARK: Comma-separated values

  private static func csvRecords(path: String) throws(MeasuredDataError) -> [LogRecord] {
    var csv = try CSVRecords(path: path)
    let columns = csv.header.map { LogField.spelling($0) }
    for field in [LogField.promptTokens, .outputTokens, .arrival]
    where !columns.contains(where: { $0?.field == field }) {
      throw MeasuredDataError(
        .badData,
        file: path,
        line: csv.line,
        field: field.rawValue,
        problem: "no column has it; expected one in the header"
      )
    }
    var records: [LogRecord] = []
    while let fields = try csv.next() {
      var record = LogRecord(file: path, line: csv.line)
      for (column, text) in fields.enumerated() {
        guard let spelling = columns[column] else { continue }
        if spelling.field == .id {
          record.id = text
        } else if !text.isEmpty {
          try record.set(spelling, csv.header[column], LogNumber.parse(text), shown: text)
        }
      }
      records.append(record)
    }
    return records
  }

  // MARK: Clocks

  private static func requests(
    _ records: [LogRecord]
  ) throws(MeasuredDataError) -> [LoggedRequest] {
    var arrivals: [Double] = []
    for record in records { arrivals.append(try record.required(.arrival)) }
    let start = arrivals.min() ?? 0
    let shift = try clockShift(records, arrivals)
    var requests: [LoggedRequest] = []
    for (record, arrival) in zip(records, arrivals) {
      let first = try end(record, .timeToFirstToken, .firstToken, arrival: arrival, shift)
      let last = try end(record, .endToEnd, .finish, arrival: arrival, shift)
      guard first >= arrival else {
        throw record.fault(
          record.name(of: .firstToken),
          nil,
          "is \(arrival - first) s before the arrival; expected one clock, or 'queued' to set two"
        )
      }
      guard last >= first else {
        throw record.fault(
          record.name(of: .finish),
          nil,
          "is before the first token; expected it afterwards"
        )
      }
      guard last - start <= longestSeconds else {
        throw record.fault(
          record.name(of: .finish),
          nil,
          "is over a year after the first arrival; expected one clock, or 'queued' to set two"
        )
      }
      requests.append(
        LoggedRequest(
          id: record.id,
          promptTokens: Int(try record.required(.promptTokens)),
          outputTokens: Int(try record.required(.outputTokens)),
          arrival: nanoseconds(arrival - start),
          firstToken: nanoseconds(first - start),
          finish: nanoseconds(last - start)
        )
      )
    }
    // Sorting is stable, so ties stay as they stood in the file.
    return requests.sorted { $0.arrival < $1.arrival }
  }

  /// A year; times are no further apart in one log.
  private static let longestSeconds = 366.0 * 86_400
  /// Requests reach the queue of their engine in less, where both are on one clock.
  private static let longestWay = 600.0

  /// What is added to the engine's times to have them on the clock of the arrivals.
  private static func clockShift(
    _ records: [LogRecord],
    _ arrivals: [Double]
  ) throws(MeasuredDataError) -> Double {
    var least: Double?
    for (record, arrival) in zip(records, arrivals) {
      guard let queued = record[.queued] else { return 0 }
      least = min(least ?? .infinity, queued - arrival)
    }
    guard let least else { return 0 }
    return (0...longestWay).contains(least) ? 0 : -least
  }

  /// When something happened, by a latency or by a time.
  private static func end(
    _ record: LogRecord,
    _ latency: LogField,
    _ time: LogField,
    arrival: Double,
    _ shift: Double
  ) throws(MeasuredDataError) -> Double {
    if let latency = record[latency] { return arrival + latency }
    return try record.required(time) + shift
  }

  private static func nanoseconds(_ seconds: Double) -> SimTime {
    SimTime((seconds * 1e9).rounded())
  }
}

/// Numbers in text.
enum LogNumber {
  /// A finite decimal number, with an exponent or not; nil for anything else.
  static func parse(_ text: String) -> Double? {
    let isDecimal = text.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains(byte)
    }
    guard isDecimal, let number = Double(text), number.isFinite else { return nil }
    return number
  }
}

extension JSONValue {
  /// The value of a number; nil for everything else.
  var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .unsigned(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }
}
