import Reporting
import Workload

/// The files in a dataset's folder, as they are now.
struct WrittenFiles {
  let folder: String

  /// A summary is a few KiB per class and pool.
  private static let largestSummaryBytes = 64 << 20

  /// Makes sure that all files are what the run wrote.
  ///
  /// - Throws: `DatasetFault` for a file that is missing, cannot be read or was changed.
  func check(against files: [DatasetFile]) throws(DatasetFault) {
    for file in files {
      let found = try digest(of: file.name)
      guard found.value != file.digest else { continue }
      throw DatasetFault(
        .damaged,
        file: path(of: file.name),
        problem: found.count == 0 ? "is empty" : "was changed since the run wrote it"
      )
    }
  }

  /// The text of the summary.
  func summary() throws(DatasetFault) -> [UInt8] {
    do throws(TraceError) {
      return try PlainBytes(path: path(of: DatasetSchema.summaryFile))
        .rest(limit: Self.largestSummaryBytes)
    } catch {
      throw DatasetFault(error)
    }
  }

  /// The rows of the summary.
  func summaryRows() throws -> [MetricRow] {
    try MetricRow.rows(parsing: summary(), file: path(of: DatasetSchema.summaryFile))
  }

  private func digest(of file: String) throws(DatasetFault) -> TextDigest {
    let path = path(of: file)
    guard PathKind(of: path) != .folder else {
      throw DatasetFault(.damaged, file: path, problem: "is a folder; expected a file")
    }
    do throws(TraceError) {
      let bytes = try PlainBytes(path: path)
      var digest = TextDigest()
      while try bytes.next({ digest.add($0) }) {}
      return digest
    } catch {
      throw DatasetFault(error)
    }
  }

  private func path(of file: String) -> String { "\(folder)/\(file)" }
}
