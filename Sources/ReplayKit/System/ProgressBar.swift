import Dispatch
import Study
import Synchronization

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// One line on standard error that tells how far runs have come, where somebody can see it.
final class ProgressBar {
  private static let isShown = Atomic(false)
  private static let eraseLine = "\r\u{1B}[K"

  private let timer: any DispatchSourceTimer

  /// Nil where standard error is no terminal.
  init?(_ progress: RunProgress) {
    guard isatty(STDERR_FILENO) == 1 else { return nil }
    let start = CPUClock.wall.now
    timer = DispatchSource.makeTimerSource(queue: .global())
    timer.schedule(deadline: .now(), repeating: .milliseconds(200))
    timer.setEventHandler {
      let line = Self.line(
        progress,
        seconds: (CPUClock.wall.now - start) / 1_000_000_000,
        width: Self.terminalWidth
      )
      Self.isShown.store(true, ordering: .relaxed)
      StandardError.write(Self.eraseLine + line)
    }
    timer.activate()
  }

  /// Stops, and leaves nothing behind.
  func end() {
    let isDone = DispatchSemaphore(value: 0)
    timer.setCancelHandler { isDone.signal() }
    timer.cancel()
    isDone.wait()
    Self.erase()
  }

  /// Removes the line, if there is one.
  static func erase() {
    if isShown.exchange(false, ordering: .relaxed) { StandardError.write(eraseLine) }
  }

  /// `[#####     ] 3/6 runs  1234567 requests  12 s  trace=…`, cut to a width.
  static func line(_ progress: RunProgress, seconds: Int64, width: Int) -> String {
    let cells = 10
    let done = progress.total == 0 ? cells : progress.runs * cells / progress.total
    let bar = String(repeating: "#", count: done) + String(repeating: " ", count: cells - done)
    let parts =
      [
        "[\(bar)] \(progress.runs)/\(progress.total) runs", "\(progress.requests) requests",
        "\(seconds) s",
      ] + progress.names
    return String(parts.joined(separator: "  ").prefix(max(width - 1, 0)))
  }

  private static var terminalWidth: Int {
    var size = winsize()
    let isKnown = unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    return isKnown ? Int(size.ws_col) : 80
  }
}
