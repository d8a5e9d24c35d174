import Synchronization

/// How far runs have come that go on side by side, for whoever watches them.
public final class RunProgress: Sendable {
  private let expectedRuns: Atomic<Int>
  private let finishedRuns = Atomic(0)
  private let finishedRequests = Atomic<Int64>(0)
  private let running = Mutex<[(index: Int, name: String)]>([])

  public init(total: Int) { expectedRuns = Atomic(total) }

  /// How many runs there are, as far as it is known.
  public var total: Int { expectedRuns.load(ordering: .relaxed) }

  /// Further runs have turned up.
  func expect(_ count: Int) { expectedRuns.wrappingAdd(count, ordering: .relaxed) }

  public var runs: Int { finishedRuns.load(ordering: .relaxed) }

  /// Requests that left the engine, of all runs together.
  public var requests: Int64 { finishedRequests.load(ordering: .relaxed) }

  /// What goes on now, in the order in which it began.
  public var names: [String] { running.withLock { $0.map(\.name) } }

  func start(_ index: Int, _ name: String) { running.withLock { $0.append((index, name)) } }

  func finish(_ index: Int) {
    running.withLock { $0.removeAll { $0.index == index } }
    finishedRuns.wrappingAdd(1, ordering: .relaxed)
  }

  func add(requests: Int) { finishedRequests.wrappingAdd(Int64(requests), ordering: .relaxed) }
}
