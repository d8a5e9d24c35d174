import ArgumentParser
import Study

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Measured rows, for whatever command takes them.
struct MeasurementOptions: ParsableArguments {
  @Option(
    help: .init(
      """
      A CSV file of measured rows, plain, gzip or zstd; columns by name, as in row_id, mode, model, \
      chip, engine, precision, isl_tokens, osl_tokens, concurrency, tp, ttft_ms, tpot_ms.
      """,
      valueName: "file"
    ),
    completion: .file()
  )
  var measured: String?

  @Option(
    name: .customLong("rows"),
    parsing: .unconditional,
    help: .init("Only so many rows, spread evenly over the file.", valueName: "count")
  )
  var rowLimit: Int?

  @Option(
    parsing: .unconditional,
    help: .init(
      "How many rows are replayed at the same time; one per core unless given.",
      valueName: "count"
    )
  )
  var threads: Int?

  /// The file that has to be given.
  var path: String {
    get throws(UsageError) {
      guard let measured else { throw UsageError("--measured FILE or --requests LOG is missing") }
      return measured
    }
  }

  /// The rows that are asked for.
  var rows: [MeasuredRow] {
    get throws {
      if let rowLimit, rowLimit < 1 {
        throw UsageError("--rows is \(rowLimit); expected at least 1")
      }
      let rows = try MeasuredRowReader.rows(path: path)
      guard let rowLimit, rowLimit < rows.count else { return rows }
      return (0..<rowLimit).map { rows[$0 * rows.count / rowLimit] }
    }
  }

  var threadCount: Int {
    get throws(UsageError) {
      if let threads, threads < 1 {
        throw UsageError("--threads is \(threads); expected at least 1")
      }
      return threads ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    }
  }
}
