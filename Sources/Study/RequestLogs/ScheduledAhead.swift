import Simulation
import Workload

/// Decode-first chunked prefill of an engine that puts a step together while the one before it runs,
/// as vLLM does with `async_scheduling`.
///
/// A request that arrives during a step then is too late for the next one, and starts in the one
/// after that. On light load this doubles the wait for a slot in the batch; under a backlog it hardly
/// shows, and requests that queue behind others are taken to be in time.
///
/// For fleets with one instance: what it remembers is of the instance that it is asked about.
struct ScheduledAhead: FormBatch {
  /// Token budget of a step.
  let tokens: Int
  private var lastAsked: SimTime = -1

  init(tokens: Int) { self.tokens = tokens }

  var signals: Signals { .oldestQueued }

  /// It tells a new request by when it was asked before.
  var reviewsAreExact: Bool { false }

  mutating func form(_ instance: BatchView) -> BatchDecision {
    // The engine asks at every boundary after which something waits, so what came since the last
    // time came during the step that has just ended.
    let isLate =
      instance.runningRequests > 0 && instance.partialRequests == 0
      && instance.queuedRequests > 0 && instance.oldestQueuedAt > lastAsked
    lastAsked = instance.now
    return BatchDecision(
      promptTokens: isLate ? 0 : max(0, tokens - instance.runningRequests),
      splitsPrompts: true,
      decodesBesidePrompts: true,
      review: isLate ? .afterSteps(1) : .never
    )
  }
}
