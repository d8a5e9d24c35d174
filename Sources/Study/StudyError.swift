public import Workload

/// Why a study cannot be carried out.
public enum StudyError: Error, Equatable, Sendable, CustomStringConvertible {
  case trace(TraceError)
  /// The load of a trace without a rate cannot be scaled.
  case noRate(trace: String, requests: Int64)

  public var description: String {
    switch self {
    case .trace(let error): error.description
    case .noRate(let trace, let requests):
      "\(trace): its \(requests) requests span no time, so there is no rate to scale to a load; "
        + "use a rate scale instead"
    }
  }
}
