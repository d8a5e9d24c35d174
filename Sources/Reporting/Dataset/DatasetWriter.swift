import Dispatch
public import Hardware
public import Simulation
import Synchronization
public import Workload

/// Writes a run's dataset while the run goes on.
///
/// Records are copied and handed to another thread, which formats and compresses them. When that
/// falls behind, the caller waits, so memory is bounded. The first failure ends the writing and is
/// thrown when the dataset is finished; a writer that is never finished leaves nothing behind.
public final class DatasetWriter: RecordSink {
  private let folder: DatasetFolder
  private let fleet: Fleet
  private let worker: Worker
  private let queue = DispatchQueue(label: "dataset")
  /// Room for pieces that wait to be written.
  private let room = DispatchSemaphore(value: mostPieces)
  private let classNames: () -> [String]
  private var piece = DatasetPiece()

  /// Records of one kind that are handed over at once: a megabyte of requests.
  private static let pieceCount = 4_096
  /// Handed over and not written yet.
  private static let mostPieces = 4

  /// The tables, which only the queue's thread uses until they are finished.
  private final class Worker: Sendable {
    private let tables: Mutex<DatasetTables>

    init(_ tables: sending DatasetTables) { self.tables = Mutex(tables) }

    func write(_ piece: DatasetPiece) { tables.withLock { $0.write(piece) } }

    func complete() throws(TraceWriteError) -> [DatasetFile] {
      try tables.withLock { (tables) throws(TraceWriteError) in try tables.complete() }
    }
  }

  /// Creates the tables that grow while the run goes on.
  ///
  /// - Parameters:
  ///   - folder: Where they are written; the caller completes it after `finish`.
  ///   - fleet: The hardware of the run.
  ///   - window: What is measured; nil measures everything.
  ///   - objectives: The SLOs of requests that bring none of their own.
  ///   - countsSessions: Whether the run is closed-loop, so that sessions end.
  ///   - classNames: The classes that the trace has named so far; asked on the thread that hands
  ///     records over.
  /// - Throws: `DatasetError.Kind.unwritable` where a file cannot be created.
  public init(
    in folder: DatasetFolder,
    fleet: Fleet,
    window: MeasureWindow?,
    objectives: ServiceObjectives,
    countsSessions: Bool,
    classNames: @escaping () -> [String]
  ) throws(DatasetError) {
    self.folder = folder
    self.fleet = fleet
    self.classNames = classNames
    do throws(TraceWriteError) {
      worker = Worker(
        try DatasetTables(
          in: folder.partialPath,
          fleet: fleet,
          window: window,
          objectives: objectives,
          countsSessions: countsSessions
        )
      )
    } catch {
      throw DatasetError(error)
    }
    piece.requests.reserveCapacity(Self.pieceCount * 2)
  }

  deinit { queue.sync {} }

  public func receive(requests: borrowing ContiguousArray<RequestRecord>) {
    piece.requests.append(contentsOf: copy requests)
    handOverIfLarge()
  }

  public func receive(intervals: borrowing ContiguousArray<TokenIntervals>) {}

  public func receive(sessions: borrowing ContiguousArray<SessionRecord>) {
    piece.sessions.append(contentsOf: copy sessions)
    handOverIfLarge()
  }

  public func receive(samples: borrowing ContiguousArray<PoolSample>) {
    piece.samples.append(contentsOf: copy samples)
    handOverIfLarge()
  }

  public func receive(reasons: [String]) { piece.reasons = reasons }

  /// Writes everything that is left; all files of the folder are complete then, which
  /// `DatasetFolder.complete` gives its name.
  ///
  /// - Parameters:
  ///   - summary: What `summary.csv` says.
  ///   - result: What the instances did.
  ///   - manifest: The content of `manifest.json`, given what the other files are.
  /// - Throws: `DatasetError.Kind.unwritable` with the first thing that went wrong, now or before.
  public func finish(
    summary: Summary,
    result: RunResult,
    manifest: ([DatasetFile]) -> JSONValue
  ) throws(DatasetError) {
    handOver()
    queue.sync {}
    do throws(TraceWriteError) {
      var files = try worker.complete()
      files.append(
        try write(InstanceRow.all(fleet, result), InstanceTable.schema, InstanceTable.columns)
      )
      files.append(try write(summary.metricRows, SummaryTable.schema, SummaryTable.columns))
      let description = summary.description
      let title = "\(description.trace) on \(description.fleet) under \(description.policy)"
      files.append(
        try write(DatasetSchema.package(title: title), to: DatasetSchema.packageFile)
      )
      _ = try write(manifest(files), to: DatasetSchema.manifestFile)
    } catch {
      throw DatasetError(error)
    }
  }

  private func handOverIfLarge() {
    if piece.largestCount >= Self.pieceCount { handOver() }
  }

  private func handOver() {
    piece.classes = classNames()
    var next = DatasetPiece()
    next.reasons = piece.reasons
    next.requests.reserveCapacity(Self.pieceCount * 2)
    swap(&next, &piece)
    room.wait()
    queue.async { [worker, room, full = next] in
      worker.write(full)
      room.signal()
    }
  }

  private func write<Row>(
    _ rows: [Row],
    _ schema: TableSchema,
    _ columns: [TableColumn<Row>]
  ) throws(TraceWriteError) -> DatasetFile {
    var table = try TableWriter(in: folder.partialPath, schema, columns: columns)
    for var row in rows { try table.write(&row) }
    return try table.complete()
  }

  private func write(
    _ document: JSONValue,
    to file: String
  ) throws(TraceWriteError) -> DatasetFile {
    let path = DatasetFolder.partialName(of: "\(folder.partialPath)/\(file)")
    let writer = try TextFileWriter(path: path, compression: .none)
    let text = Array(document.document.utf8)
    try writer.append(text)
    try writer.complete()
    var digest = TextDigest()
    digest.add(text[...])
    return DatasetFile(name: file, digest: digest.value)
  }
}
