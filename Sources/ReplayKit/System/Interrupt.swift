import Dispatch
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
    // A file that grows beyond the limit is then an error of the write, which says so.
    signal(SIGXFSZ, SIG_IGN)
    for source in unsafe sources { source.resume() }
  }

  private static func end(_ status: ExitStatus, _ word: String) {
    // The lock is kept until the end, so that no further output is started meanwhile.
    partialPaths.withLock { paths in
      for path in paths { unsafe unlink(path) }
      StandardError.write("error: \(word)\n")
      _exit(status.rawValue)
    }
  }

  /// Creates an output that a signal removes as long as it is incomplete.
  ///
  /// Its temporary name is known only when it exists, so no signal is served in between.
  static func create(
    _ path: String,
    compression: CSVTraceWriter.Compression
  ) throws(TraceWriteError) -> TextFileWriter {
    try partialPaths.withLock { (paths) throws(TraceWriteError) in
      let file = try TextFileWriter(path: path, compression: compression)
      paths.append(file.partialPath)
      return file
    }
  }
}
