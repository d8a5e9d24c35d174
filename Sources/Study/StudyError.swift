public import Workload

/// Why a study cannot be carried out.
public enum StudyError: Error, Equatable, Sendable, CustomStringConvertible {
  case trace(TraceError)
  /// The load of a trace without a rate cannot be scaled.
  case noRate(trace: String, requests: Int64)
  /// Two traces or fleets of a study have one name, which its tables and folders go by.
  case sameName(what: String, name: String, first: String, second: String)
  /// A folder of a study holds a run with other inputs.
  case otherRun(folder: String, departures: [String])

  public var description: String {
    switch self {
    case .trace(let error): error.description
    case .noRate(let trace, let requests):
      "\(trace): its \(requests) requests span no time, so there is no rate to scale to a load; "
        + "use a rate scale instead"
    case .sameName(let what, let name, let first, let second):
      "two \(what)s are called '\(name)', \(first) and \(second); give one another name"
    case .otherRun(let folder, let departures):
      "\(folder): holds another run, with other \(departures.joined(separator: ", ")); choose "
        + "another folder, or replace it by --overwrite"
    }
  }
}
