import Dispatch
import Reporting
import Study
import Synchronization
import Workload

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Ends the process at a signal without leaving half an output behind.
///
/// Signals are taken by dispatch sources instead of handlers, so that what follows is ordinary code
/// on another thread and the simulation never has to look.
enum Interrupt {
  /// Files, and folders of files.
  private static let partialPaths = Mutex<[String]>([])
  /// Kept for as long as the process lives; only `install` touches it.
  nonisolated(unsafe) private static let sources = [
    (SIGINT, ExitStatus.interrupted, "interrupted"), (SIGTERM, .terminated, "terminated"),
  ].map { signal, status, word in
    let source = DispatchSource.makeSignalSource(signal: signal, queue: .global())
    source.setEventHandler { end(status, word) }
    return source
  }

  static func install() {
    for number in [SIGINT, SIGTERM] { signal(number, SIG_IGN) }
    // Writing to a pipe that nobody reads is then an error of the write, which is not worth a word.
    signal(SIGPIPE, SIG_IGN)
    // A file that grows beyond the limit is then an error of the write, which says so.
    signal(SIGXFSZ, SIG_IGN)
    for source in unsafe sources { source.resume() }
  }

  private static func end(_ status: ExitStatus, _ word: String) {
    // The lock is kept until the end, so that no further output is started meanwhile.
    partialPaths.withLock { paths in
      for path in paths { remove(path) }
      ProgressBar.erase()
      StandardError.write("error: \(word)\n")
      _exit(status.rawValue)
    }
  }

  /// Removes a file, or a folder that holds nothing but files.
  private static func remove(_ path: String) {
    if unsafe unlink(path) == 0 { return }
    guard let folder = unsafe opendir(path) else { return }
    while let entry = unsafe readdir(folder) {
      // Null ends the name, of which the field holds the first bytes.
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { field in
        unsafe field.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { text in
          unsafe String(cString: text)
        }
      }
      unsafe unlink("\(path)/\(name)")
    }
    unsafe closedir(folder)
    unsafe rmdir(path)
  }

  /// Creates an output that a signal removes as long as it is incomplete.
  ///
  /// Its temporary name is known only when it exists, so no signal is served in between.
  static func create(
    _ path: String,
    compression: CSVTraceWriter.Compression
  ) throws(TraceWriteError) -> TextFileWriter {
    try kept(\.partialPath) { () throws(TraceWriteError) in
      try TextFileWriter(path: path, compression: compression)
    }
  }

  /// The same for an output that is not text.
  static func createFile(_ path: String) throws(TraceWriteError) -> OutputFile {
    try kept(\.partialPath) { () throws(TraceWriteError) in try OutputFile(path: path) }
  }

  /// Calls `body` with the folder of a dataset, which a signal removes until then, and completes it.
  static func withFolder<Result>(
    _ path: String,
    overwrite: Bool,
    _ body: (DatasetFolder) throws -> Result
  ) throws -> Result {
    let folder = try kept(\.partialPath) { () throws(DatasetError) in
      try DatasetFolder(path: path, overwrite: overwrite)
    }
    let partialPath = folder.partialPath
    // Another process may take a folder of this name from then on.
    defer { partialPaths.withLock { $0.removeAll { $0 == partialPath } } }
    let result = try body(folder)
    // No signal is served meanwhile: it would remove what is swapped with an earlier dataset.
    try partialPaths.withLock { _ in try folder.complete() }
    return result
  }

  /// The same for the lock of a study's folder.
  static func createStudyFolder(_ path: String) throws -> StudyFolder {
    try kept(\.lockPath) { try StudyFolder(path: path) }
  }

  private static func kept<Output, Failure: Error>(
    _ path: (Output) -> String,
    _ create: () throws(Failure) -> Output
  ) throws(Failure) -> Output {
    try partialPaths.withLock { (paths) throws(Failure) in
      let output = try create()
      paths.append(path(output))
      return output
    }
  }
}
