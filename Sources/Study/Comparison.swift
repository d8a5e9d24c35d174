import Dispatch
public import Reporting
import Synchronization
public import Workload

/// Several runs side by side: the same trace, fleet and seed under different policies.
public struct Comparison: Sendable {
  public var runs: [Run]
  /// How many runs are simulated at the same time; no result depends on it.
  public var threads: Int

  /// - Precondition: `threads` is at least 1.
  public init(_ runs: [Run], threads: Int) {
    precondition(threads >= 1)
    self.runs = runs
    self.threads = threads
  }

  /// Simulates all runs.
  ///
  /// - Returns: Their summaries, in the order of `runs`.
  /// - Throws: The error of the first run, in that order, that failed.
  public func summaries() throws(TraceError) -> [Summary] {
    let next = Atomic(0)
    let results = Mutex([Result<Summary, TraceError>?](repeating: nil, count: runs.count))
    DispatchQueue.concurrentPerform(iterations: min(threads, runs.count)) { _ in
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < runs.count else { return }
        let result = Result { () throws(TraceError) in try runs[index].summary(clock: .thread) }
        results.withLock { $0[index] = result }
      }
    }
    var summaries: [Summary] = []
    for case let result? in results.withLock({ $0 }) { summaries.append(try result.get()) }
    return summaries
  }
}
