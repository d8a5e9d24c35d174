import Hardware
import Policies
import Reporting
import Simulation
import Workload

extension Manifest {
  /// A manifest is a few KiB; what is larger than this is another kind of file.
  private static let largestBytes = 4 << 20

  /// Reads the manifest in a dataset's folder, strictly.
  ///
  /// - Throws: `DatasetFault`: `missing` for a folder without a manifest, `damaged` for a field that
  ///   was changed since the manifest was written, is missing, unknown or out of range.
  public init(inFolder folder: String) throws(DatasetFault) {
    let file = folder.hasSuffix("/") ? folder + Self.fileName : "\(folder)/\(Self.fileName)"
    let bytes: [UInt8]
    do {
      bytes = try PlainBytes(path: file).rest(limit: Self.largestBytes)
    } catch {
      throw DatasetFault(error)
    }
    try self.init(bytes, file: file)
  }

  /// Reads the content of a manifest.
  init(_ bytes: [UInt8], file: String) throws(DatasetFault) {
    let document: JSONValue
    do {
      document = try JSONValue(parsing: bytes)
    } catch {
      throw DatasetFault(.damaged, file: file, problem: "is not JSON: \(error)")
    }
    guard let changes = ManifestSeal.changes(in: document) else {
      throw DatasetFault(
        .damaged,
        file: file,
        field: ManifestSeal.key,
        problem: "is missing; expected a digest per field, as 'replay run --out' writes it"
      )
    }
    guard changes.isEmpty else {
      throw DatasetFault(
        .damaged,
        file: file,
        problem: "changed since it was written: \(changes.joined(separator: ", "))"
      )
    }
    var fields = try ManifestFields(document, file: file)
    _ = try fields.integer("manifest", in: Self.version...Self.version)
    kit = try fields.text("kit")
    resultsVersion = Int(try fields.integer("resultsVersion", in: 1...Int64(Int32.max)))
    arguments = try fields.texts("arguments")
    let (source, identity) = try Self.trace(fields.object("trace"))
    trace = identity
    plan = RunPlan(
      trace: source,
      fleet: try Self.fleet(fields.object("fleet")),
      policy: try Self.policy(fields.object("policy"))
    )
    let objectives = try fields.texts("slo")
    do {
      plan.objectives = try ServiceObjectives(parsing: objectives)
    } catch {
      throw fields.fault("slo", "is unreadable: \(error)")
    }
    plan.options.seed = try fields.field("seed", "a whole number from 0 to 2^64 - 1") { value in
      if case .unsigned(let seed) = value { return seed }
      return value.wholeNumber.flatMap(UInt64.init(exactly:))
    }
    try Self.options(fields.object("options"), into: &plan)
    resultDigest = try fields.digest("resultDigest")
    summaryDigest = try fields.digest("summaryDigest")
    files = try Self.files(fields.object("files"))
    _ = try fields.object(ManifestSeal.key)
    try fields.end()
  }

  private static func files(_ object: ManifestFields) throws(DatasetFault) -> [DatasetFile] {
    var fields = object
    var files: [DatasetFile] = []
    for name in DatasetSchema.digestedFiles {
      files.append(DatasetFile(name: name, digest: try fields.digest(name)))
    }
    try fields.end()
    return files
  }

  private static func fleet(_ object: ManifestFields) throws(DatasetFault) -> FleetText {
    var fields = object
    let file = try fields.text("file")
    let name = try fields.text("name")
    let text = try fields.text("text")
    try fields.end()
    let fleet: FleetText
    do {
      fleet = try FleetText(text, file: file)
    } catch {
      throw fields.fault("text", "is no fleet file: \(error)")
    }
    guard fleet.name == name else {
      throw fields.fault("name", "is \"\(name)\"; expected \"\(fleet.name)\", as in its text")
    }
    return fleet
  }

  private static func policy(_ object: ManifestFields) throws(DatasetFault) -> PolicyChoice {
    var fields = object
    let name = try fields.text("name")
    var hooks = try fields.object("hooks")
    try fields.end()
    var choice = PolicyChoice.defaults
    for hook in PolicyHook.allCases {
      let spec = try hooks.text(hook.rawValue)
      do throws(PolicyError) {
        try choice.set(spec, for: hook)
      } catch {
        throw hooks.fault(hook.rawValue, "is unreadable: \(error)")
      }
    }
    try hooks.end()
    guard choice.description == name else {
      throw fields.fault("name", "is \"\(name)\"; expected \"\(choice)\", as its hooks are")
    }
    return choice
  }

  private static func options(
    _ object: ManifestFields,
    into plan: inout RunPlan
  ) throws(DatasetFault) {
    var fields = object
    plan.options.mode = try fields.choice("engine")
    plan.options.consultsEveryBoundary = try fields.bool("consultsEveryBoundary")
    plan.options.rateScale = try fields.positive("rateScale")
    plan.options.horizon = try fields.integer(
      "horizonNanoseconds",
      in: 1...(.max - 1),
      none: .never
    )
    plan.options.limit = try fields.integer("limit", in: 1...(.max - 1), none: .max)
    plan.options.loop = try fields.choice("loop")
    plan.options.viewLag = try fields.integer(
      "viewLagNanoseconds",
      in: 0...RunOptions.longestViewLag
    )
    plan.options.window = try window(&fields)
    plan.options.sampleInterval = try fields.integer(
      "sampleIntervalNanoseconds",
      in: 0...Int64.max
    )
    plan.estimatedUtilization = try fields.field(
      "estimatedUtilization",
      "null or an array of numbers"
    ) { value -> [Double]?? in
      if case .null = value { return .some(nil) }
      guard case .array(let values) = value else { return nil }
      let numbers = values.compactMap(\.anyNumber)
      return numbers.count == values.count ? numbers : nil
    }
    try fields.end()
  }

  private static func window(
    _ fields: inout ManifestFields
  ) throws(DatasetFault) -> MeasureWindow? {
    let value = try fields.field("window", "null or an object") { $0 }
    if case .null = value { return nil }
    var window = try fields.object("window")
    let start = try window.integer("fromNanoseconds", in: 0...(.max - 2))
    let end = try window.integer("toNanoseconds", in: start + 1...(.max - 1), none: .never)
    try window.end()
    return MeasureWindow(start: start, end: end)
  }
}
