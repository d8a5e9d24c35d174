import Dispatch
import Synchronization

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Ends the process at an interrupt without leaving half an output behind.
///
/// The signal is taken by a dispatch source instead of a handler, so that what follows is ordinary
/// code on another thread and the simulation never has to look.
enum Interrupt {
  private static let partialPaths = Mutex<[String]>([])
  /// Kept for as long as the process lives; only `install` touches it.
  nonisolated(unsafe) private static let source = DispatchSource.makeSignalSource(
    signal: SIGINT,
    queue: .global()
  )

  static func install() {
    signal(SIGINT, SIG_IGN)
    unsafe source.setEventHandler {
      // The lock is kept until the end, so that no further output is started meanwhile.
      partialPaths.withLock { paths in
        for path in paths { unsafe unlink(path) }
        StandardError.write("error: interrupted\n")
        _exit(ExitStatus.interrupted.rawValue)
      }
    }
    unsafe source.resume()
  }

  /// Announces a file that exists only while it is incomplete.
  static func willWrite(_ path: String) { partialPaths.withLock { $0.append(path) } }
}
