import Hardware
import Policies
import Reporting
import Simulation
import Spelling
import Study
import Workload

/// What is said about a run besides its results.
enum Warnings {
  /// Says what became of a trace's failed requests, once it has been read.
  static func aboutFailures(in source: TraceSource) {
    aboutFailures(source.failures, in: source.path)
  }

  static func aboutFailures(_ count: FailureCount?, in path: String) {
    if let note = count?.note { StandardError.write("warning: \(path): \(note)\n") }
  }

  /// Points out write-backs to a store on fleets that have none, where all of them are dropped.
  static func aboutStores(of plans: [RunPlan], in registry: PolicyRegistry) throws {
    var told: [String] = []
    for plan in plans where try plan.policy.resolve(in: registry).writeBack.usesStore {
      let fleet = try plan.fleet.plan.fleet()
      let shares = fleet.pools.contains {
        $0.role == .prefill && $0.tiers.contains(where: \.isShared)
      }
      guard !shares, !told.contains(fleet.name) else { continue }
      told.append(fleet.name)
      StandardError.write(
        "warning: write-back to a store keeps nothing, since no prefill pool of fleet "
          + "'\(fleet.name)' has a shared tier\n"
      )
    }
  }

  /// Points out options that had nothing to act on, since they are most likely mistaken.
  static func aboutUnusedOptions(_ summary: Summary) {
    let known = summary.namedClasses
    for entry in summary.objectives.classes where !known.contains(entry.name) {
      let hint =
        known.isEmpty
        ? "; the trace names no classes"
        : KnownNames(known).nearest(to: entry.name).map { "; did you mean '\($0)'?" }
          ?? "; the trace names \(known.joined(separator: ", "))"
      StandardError.write("warning: no request has class '\(entry.name)'\(hint)\n")
    }
    if summary.lacksSessions {
      StandardError.write(
        "warning: --loop closed changes nothing, since no request is in a session\n"
      )
    }
  }
}
