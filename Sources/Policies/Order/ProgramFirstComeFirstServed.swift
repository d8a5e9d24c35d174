public import Simulation
public import Workload

/// Serves the request first whose session began first.
///
/// Source: program-level first come first served, Continuum, Li et al. 2025,
/// https://arxiv.org/abs/2511.02230. Later turns of an old session do not queue behind new sessions.
///
/// Parameters: none.
///
/// Example: the tenth turn of a session that began at 0 s goes before the first of one that began at 5 s.
public struct ProgramFirstComeFirstServed: OrderQueue {
  public static let entry = PolicyEntry.order(
    "program-fcfs",
    "Serves the request first whose session began first."
  ) { _ in ProgramFirstComeFirstServed() }

  public init() {}

  public func key(_ request: RequestView, now: SimTime) -> Double {
    Double(request.sessionStart)
  }
}
