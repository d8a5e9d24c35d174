import Workload

extension Manifest {
  /// Takes what a manifest says of its trace: how it was read, and what it held.
  static func trace(
    _ object: ManifestFields
  ) throws(DatasetFault) -> (TraceSource, TraceIdentity) {
    var fields = object
    let path = try fields.text("path")
    let name = try fields.text("name")
    let reading = try reading(&fields)
    let ties = try fields.integer("spreadTiesNanoseconds", in: 0...Int64.max)
    let source = TraceSource(path: path, reading: reading, spreadTies: ties)
    guard source.name == name else {
      throw fields.fault(
        "name",
        "is \"\(name)\"; expected the path's last part, \"\(source.name)\""
      )
    }
    let identity = TraceIdentity(
      rows: try fields.integer("rows", in: 0...Int64.max),
      digest: try fields.digest("digest")
    )
    try fields.end()
    return (source, identity)
  }

  private static func reading(_ fields: inout ManifestFields) throws(DatasetFault) -> TraceReading {
    TraceReading(
      format: try fields.name("format", among: TraceFormat.all.map(\.name)),
      rounding: try fields.bool("round"),
      sessionsPerSecond: try fields.field(
        "sessionsPerSecond",
        "null or a number above 0"
      ) { value -> Double?? in
        if case .null = value { return .some(nil) }
        return value.positiveNumber.map { .some($0) }
      },
      failures: try fields.name("failures", among: FailurePolicy.allCases.map(\.rawValue))
        .flatMap(FailurePolicy.init),
      charactersPerToken: try fields.positive("charactersPerToken")
    )
  }
}
