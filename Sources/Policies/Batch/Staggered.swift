public import Simulation
import Workload

/// Holds prompts back to compute them together.
///
/// Where nothing decodes, prompts wait until `requests` of them are there or the oldest has waited
/// `hold`. Where requests decode, a window for prompts opens every `steps` decode steps, so that
/// decodes are disturbed at known intervals. Prompts that are partly computed always go on; while
/// one does, others may join it in what its steps have left. An open step is filled like a
/// chunked one, within `tokens`.
///
/// Source: staggered batch scheduling, Tian et al. 2025, https://arxiv.org/abs/2512.16134.
/// Departures: the paper buffers at a router in front of data-parallel engines, sets the interval
/// from measured step times and also allocates requests among the ranks; here every instance holds
/// its own queue with fixed limits, and the window for instances that decode is added.
///
/// The decision depends only on what is there now, and a hold carries as its review the first
/// moment at which it could end by itself.
///
/// Parameters: `requests`, default 4, and `hold`, in ms, default 50: both assumed, to be tuned to
/// the step time of the instance; `steps`, decode steps between windows, default 8, assumed;
/// `tokens`, the budget of a step, default 8,192.
///
/// Example: with the defaults, two prompts that wait since 10 ms and 30 ms on an idle instance are
/// held until 60 ms; a fourth one before that starts them all. On an instance that decodes, 5 steps
/// after the last window, they are held for 3 more steps.
public struct Staggered: FormBatch {
  public static let entry = PolicyEntry.batch(
    "staggered",
    "Holds prompts until a few wait or the oldest waited long; opens windows between decode steps.",
    parameters: [
      PolicyParameter(
        "requests",
        unit: "requests",
        default: 4,
        range: 1...1e6,
        summary: "Waiting prompts that end a hold on an instance where nothing decodes."
      ),
      PolicyParameter(
        "hold",
        unit: "ms",
        default: 50,
        range: 0...60_000,
        isWhole: false,
        summary: "Longest wait of a prompt on an instance where nothing decodes."
      ),
      PolicyParameter(
        "steps",
        unit: "decode steps",
        default: 8,
        range: 1...1e6,
        summary: "Steps between windows for prompts on an instance where requests decode."
      ),
      .stepTokens,
    ]
  ) {
    Staggered(
      requests: $0.integer("requests"),
      holdNanoseconds: Int64(($0["hold"] * 1e6).rounded()),
      steps: $0.integer("steps"),
      tokens: $0.integer("tokens")
    )
  }

  let requests: Int
  let holdNanoseconds: Int64
  let steps: Int
  let tokens: Int

  public init(requests: Int, holdNanoseconds: Int64, steps: Int, tokens: Int) {
    self.requests = requests
    self.holdNanoseconds = holdNanoseconds
    self.steps = steps
    self.tokens = tokens
  }

  public var signals: Signals { .oldestQueued }

  public func form(_ instance: BatchView) -> BatchDecision {
    if instance.partialRequests > 0 || instance.queuedRequests == 0 { return open(instance) }
    if instance.runningRequests > 0 {
      let stepsLeft = steps - instance.stepsSincePrefill
      return stepsLeft <= 0 ? open(instance) : hold(until: .afterSteps(stepsLeft))
    }
    let release = instance.oldestQueuedAt + holdNanoseconds
    if instance.queuedRequests >= requests || instance.now >= release { return open(instance) }
    return hold(until: .at(release))
  }

  private func open(_ instance: BatchView) -> BatchDecision {
    Chunked(tokens: tokens).form(instance)
  }

  private func hold(until review: Review) -> BatchDecision {
    BatchDecision(
      promptTokens: 0,
      splitsPrompts: true,
      decodesBesidePrompts: true,
      review: review
    )
  }
}
