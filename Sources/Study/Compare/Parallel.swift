import Dispatch
import Synchronization

/// Work on several threads whose results do not tell on how many.
enum Parallel {
  /// Calls `body` with every index, and returns what it returned, in their order.
  ///
  /// Indices are begun in order. After a failure no further ones are.
  ///
  /// - Throws: The error of the first index that failed.
  static func map<Value: Sendable>(
    _ count: Int,
    threads: Int,
    _ body: @Sendable (Int) throws -> Value
  ) throws -> [Value] {
    let next = Atomic(0)
    let hasFailed = Atomic(false)
    let results = Mutex([Result<Value, any Error>?](repeating: nil, count: count))
    DispatchQueue.concurrentPerform(iterations: min(threads, count)) { _ in
      while !hasFailed.load(ordering: .relaxed) {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < count else { return }
        let result = Result { try body(index) }
        if case .failure = result { hasFailed.store(true, ordering: .relaxed) }
        results.withLock { $0[index] = result }
      }
    }
    var values: [Value] = []
    for case let result? in results.withLock({ $0 }) { values.append(try result.get()) }
    return values
  }
}
