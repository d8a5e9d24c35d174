public import Simulation
public import Workload

/// Serves the request first whose session has been served the least.
///
/// Served is the time that requests of the session which have left were computed and decoded, as of the
/// moment at which the request joins its queue.
///
/// Source: PLAS, program-level attained service, Autellix, Luo et al. 2025,
/// https://arxiv.org/abs/2502.13965. Departure: a continuous key instead of the paper's queues by range, no
/// promotion of the starved.
///
/// Parameters: none.
///
/// Example: a session whose turns took 3 s goes before one whose took 40 s, whatever their next prompts are.
public struct LeastAttainedService: OrderQueue {
  public static let entry = PolicyEntry.order(
    "plas",
    "Serves the request first whose session has been served the least."
  ) { _ in LeastAttainedService() }

  public init() {}

  public var signals: Signals { .sessions }

  public func key(_ request: RequestView, now: SimTime) -> Double {
    Double(request.sessionService)
  }
}
