import Hardware
import Policies
import Reporting
import Simulation
public import Workload

extension Manifest {
  /// The file's content, sealed. Times are in whole nanoseconds.
  public var json: JSONValue { ManifestSeal.sealed(content) }

  var content: JSONValue {
    .object([
      ("manifest", .integer(Self.version)),
      ("kit", .string(kit)),
      ("resultsVersion", .integer(Int64(resultsVersion))),
      ("arguments", .array(arguments.map { .string($0) })),
      ("trace", source),
      (
        "fleet",
        .object([
          ("file", .string(plan.fleet.file)),
          ("name", .string(plan.fleet.name)),
          ("text", .string(plan.fleet.text)),
        ])
      ),
      (
        "policy",
        .object([
          ("name", .string(plan.policyName)),
          (
            "hooks",
            .object(PolicyHook.allCases.map { ($0.rawValue, .string(plan.policy[$0])) })
          ),
        ])
      ),
      ("slo", .array(plan.objectives.texts.map { .string($0) })),
      ("seed", .unsigned(plan.options.seed)),
      ("options", options),
      ("resultDigest", .hex(resultDigest)),
      ("summaryDigest", .hex(summaryDigest)),
      ("files", .object(files.map { ($0.name, .hex($0.digest)) })),
    ])
  }

  private var source: JSONValue {
    let reading = plan.trace.reading
    return .object([
      ("path", .string(plan.trace.path)),
      ("name", .string(plan.trace.name)),
      ("format", reading.format.map { .string($0) } ?? .null),
      ("round", .bool(reading.rounding)),
      ("sessionsPerSecond", reading.sessionsPerSecond.map { .number($0) } ?? .null),
      ("failures", reading.failures.map { .string($0.rawValue) } ?? .null),
      ("charactersPerToken", .number(reading.charactersPerToken)),
      ("spreadTiesNanoseconds", .integer(plan.trace.spreadTies)),
      ("rows", .integer(trace.rows)),
      ("digest", .hex(trace.digest)),
    ])
  }

  private var options: JSONValue {
    let options = plan.options
    let estimates = plan.estimatedUtilization.map { $0.map { JSONValue.number($0) } }
    return .object([
      ("engine", .string(options.mode.rawValue)),
      ("consultsEveryBoundary", .bool(options.consultsEveryBoundary)),
      ("rateScale", .number(options.rateScale)),
      ("horizonNanoseconds", Self.time(options.horizon)),
      ("limit", options.limit == .max ? .null : .integer(options.limit)),
      ("loop", .string(options.loop.rawValue)),
      ("viewLagNanoseconds", .integer(options.viewLag)),
      (
        "window",
        options.window.map { window in
          .object([
            ("fromNanoseconds", .integer(window.start)), ("toNanoseconds", Self.time(window.end)),
          ])
        } ?? .null
      ),
      ("sampleIntervalNanoseconds", .integer(options.sampleInterval)),
      ("estimatedUtilization", estimates.map { .array($0) } ?? .null),
    ])
  }

  private static func time(_ time: SimTime) -> JSONValue {
    time == .never ? .null : .integer(time)
  }
}

extension ServiceObjectives {
  /// What repeated `--slo` flags would be given, one text for all requests and one per class.
  var texts: [String] {
    let named = classes.sorted { $0.name < $1.name }.map { ($0.name, $0.objective) }
    return ([("all", all)] + named).compactMap { name, objective in
      let targets = [("ttft", objective.ttft), ("tpot", objective.tpot)]
        .filter { $0.1 > 0 }
        .map { "\($0.0)=\(DurationText.text($0.1))" }
      return targets.isEmpty ? nil : "\(name):" + targets.joined(separator: ",")
    }
  }
}
