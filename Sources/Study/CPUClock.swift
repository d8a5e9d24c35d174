#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A clock that measures work rather than waiting.
public enum CPUClock: Sendable {
  /// All threads of the process: for one run that has the process to itself.
  case process
  /// The calling thread: for one of several runs side by side.
  case thread
  /// Time that passes whether anything runs or not.
  case wall

  /// Nanoseconds since an arbitrary start.
  public var now: Int64 {
    let clock: clockid_t =
      switch self {
      case .process: CLOCK_PROCESS_CPUTIME_ID
      case .thread: CLOCK_THREAD_CPUTIME_ID
      case .wall: CLOCK_MONOTONIC
      }
    var time = timespec()
    unsafe clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  /// Seconds from an earlier reading to now.
  func seconds(since start: Int64) -> Double { Double(now - start) * 1e-9 }
}
