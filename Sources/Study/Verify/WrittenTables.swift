import Hardware
import Reporting
import Workload

/// The tables in a dataset's folder, against what a run leaves.
struct WrittenTables {
  let folder: String

  /// A summary is a few KiB per class and pool.
  private static let largestSummaryBytes = 64 << 20

  /// - Throws: `DatasetFault` for a table that is missing, cannot be read or does not fit.
  func check(
    summary: Summary,
    counts: RecordCounts,
    fleet: Fleet
  ) throws(DatasetFault) {
    for table in DatasetSchema.tables {
      let rows: Int64
      switch table.name {
      case "requests": rows = counts.requests
      case "sessions": rows = counts.sessions
      case "instances": rows = Int64(fleet.pools.reduce(0) { $0 + $1.count })
      case "timeline": rows = counts.samples
      default:
        try check(summary, in: table)
        continue
      }
      try check(table, has: rows)
    }
  }

  /// The rows of the summary.
  func summaryRows() throws -> [MetricRow] {
    var rows: [MetricRow] = []
    for table in DatasetSchema.tables where table.name == "summary" {
      rows += try MetricRow.rows(parsing: bytes(of: table), file: path(of: table))
    }
    return rows
  }

  private func check(_ table: TableSchema, has expected: Int64) throws(DatasetFault) {
    // The first line names the columns.
    let found = try lines(of: table) - 1
    guard found != expected else { return }
    throw DatasetFault(
      .damaged,
      file: path(of: table),
      problem: "has \(found) rows; the run leaves \(expected)"
    )
  }

  private func check(_ summary: Summary, in table: TableSchema) throws(DatasetFault) {
    let (found, expected) = (try bytes(of: table), MetricRow.csv(of: summary.metricRows))
    guard found != expected else { return }
    let lines = zip(found.split(separator: 10), expected.split(separator: 10))
    let line = (lines.enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? 0) + 1
    throw DatasetFault(
      .damaged,
      file: path(of: table),
      problem: "was changed since the run, in or after line \(line)"
    )
  }

  private func bytes(of table: TableSchema) throws(DatasetFault) -> [UInt8] {
    do throws(TraceError) {
      return try PlainBytes(path: path(of: table)).rest(limit: Self.largestSummaryBytes)
    } catch {
      throw DatasetFault(error)
    }
  }

  /// Lines outside quotes, which may hold line feeds of their own.
  private func lines(of table: TableSchema) throws(DatasetFault) -> Int64 {
    do throws(TraceError) {
      let bytes = try PlainBytes(path: path(of: table))
      var (count, isQuoted) = (Int64(0), false)
      while try bytes.next({ block in
        for byte in block {
          if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
          if byte == UInt8(ascii: "\n"), !isQuoted { count += 1 }
        }
      }) {}
      return count
    } catch {
      throw DatasetFault(error)
    }
  }

  private func path(of table: TableSchema) -> String { "\(folder)/\(table.file)" }
}
