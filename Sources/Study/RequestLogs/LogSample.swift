import Workload

/// What an engine's metrics said at one time.
public struct LogSample: Sendable, Equatable {
  /// In seconds since the log's first arrival, about.
  public var time: Double
  /// Requests that were being computed, and that waited.
  public var running: Double
  public var waiting: Double
  /// Tokens generated per second since the sample before.
  public var generatedPerSecond: Double

  public init(time: Double, running: Double, waiting: Double, generatedPerSecond: Double) {
    self.time = time
    self.running = running
    self.waiting = waiting
    self.generatedPerSecond = generatedPerSecond
  }

  /// Those of `timeseries.csv` in the folder of a log; none where there is no such file.
  static func series(beside log: String) throws(MeasuredDataError) -> [LogSample] {
    do throws(MeasuredDataError) {
      return try series(path: ServingSettings.path("timeseries.csv", beside: log))
    } catch {
      guard error.kind == .noSuchFile else { throw error }
      return []
    }
  }

  /// Reads samples at rising times from a file with the columns `t`, `running`, `waiting` and
  /// `gen_throughput`; others are passed over.
  ///
  /// - Throws: `MeasuredDataError` with file, line and column.
  public static func series(path: String) throws(MeasuredDataError) -> [LogSample] {
    var csv = try CSVRecords(path: path)
    var columns: [Int] = []
    for name in ["t", "running", "waiting", "gen_throughput"] {
      guard let column = csv.header.firstIndex(of: name) else {
        throw MeasuredDataError(
          .badData,
          file: path,
          line: csv.line,
          field: name,
          problem: "no column has the name; expected one in the header"
        )
      }
      columns.append(column)
    }
    var samples: [LogSample] = []
    while let fields = try csv.next() {
      var values: [Double] = []
      for column in columns {
        guard let value = LogNumber.parse(fields[column]), (0...mostOfAll).contains(value) else {
          throw fault(csv, column, fields[column], "a number from 0 to 100000000")
        }
        values.append(value)
      }
      if let last = samples.last, values[0] <= last.time {
        throw fault(csv, columns[0], fields[columns[0]], "a time after \(last.time)")
      }
      samples.append(
        LogSample(
          time: values[0],
          running: values[1],
          waiting: values[2],
          generatedPerSecond: values[3]
        )
      )
    }
    return samples
  }

  /// Three years in seconds; no engine generates as many tokens per second.
  private static let mostOfAll = 1e8

  private static func fault(
    _ csv: CSVRecords,
    _ column: Int,
    _ value: String,
    _ expected: String
  ) -> MeasuredDataError {
    MeasuredDataError(
      .badData,
      file: csv.file,
      line: csv.line,
      field: csv.header[column],
      value: value,
      problem: expected
    )
  }
}
