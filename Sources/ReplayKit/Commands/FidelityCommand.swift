import ArgumentParser
import Hardware
import Policies
import Reporting
import Study
import Workload

struct FidelityCommand: ReplayCommand {
  static let configuration = CommandConfiguration(
    commandName: "fidelity",
    abstract: "Replay what was measured and print how far predictions are from it.",
    discussion: """
      Every row of --measured is a served model under a closed loop of clients, with its median time \
      to first token and per output token. Its deployment is built from its labels and the constants \
      of a profile, and the closed loop is replayed in the engine. Errors are \
      |predicted ÷ measured − 1|; a row without a prediction counts as 100 %.
      """
  )

  @OptionGroup(title: "Measured rows") var measurements: MeasurementOptions

  @OptionGroup(title: "Request log") var requestLog: RequestLogOptions

  @Option(
    help: .init(
      "A profile's name or file; 'catalogue' is the chips' own constants.",
      valueName: "profile"
    )
  )
  var profile: String = Profile.standardName

  @Option(
    help: .init(
      "Write row_id,predicted_ttft_ms,predicted_tpot_ms,profile,status to a file.",
      valueName: "file"
    )
  )
  var out: String?

  @Option(help: .init("Draw predicted v measured times to an SVG file.", valueName: "file"))
  var svg: String?

  @Flag(help: "Print instead what errors become when one thing is taken as measured, or unknown.")
  var terms = false

  @Flag(help: "Replay the published measurements of the catalogue instead of a file.")
  var anchors = false

  @Flag(help: "Print one JSON object instead of tables.")
  var json = false

  func run(in registry: PolicyRegistry) throws {
    if anchors { return try compareAnchors() }
    if let log = requestLog.requests { return try compare(log: log, requestLog) }
    let profile = try Profile.named(profile)
    if terms { return try compareTerms(profile) }
    let path = try measurements.path
    let inputs = [InputFile(what: "file of measurements", path: path)]
    let outTarget = try out.map { try OutputTarget($0, flag: "--out") }
    let svgTarget = try svg.map { try OutputTarget($0, flag: "--svg") }
    try outTarget?.check(against: inputs)
    try svgTarget?.check(against: inputs)
    try svgTarget?.check(against: outTarget)
    let rows = try measurements.rows
    let outFile = try outTarget?.create()
    let svgFile = try svgTarget?.create()
    let progress = RunProgress(total: rows.count)
    let bar = ProgressBar(progress)
    defer { bar?.end() }
    let study = try FidelityStudy(
      rows,
      profile: profile,
      threads: try measurements.threadCount,
      progress: progress
    )
    bar?.end()
    try outFile?.append(Array(study.csv.utf8))
    try svgFile?.append(Array(study.svg.utf8))
    try outFile?.complete()
    try svgFile?.complete()
    let report = FidelityReport(study.cells)
    try StandardOutput.write(json ? report.json.document : report.text)
  }

  private func compareTerms(_ profile: Profile) throws {
    guard out == nil, svg == nil else {
      throw UsageError("--terms prints a table; it does not go with --out or --svg")
    }
    let rows = try measurements.rows
    let progress = RunProgress(total: rows.count * FidelityTerms.Term.allCases.count)
    let bar = ProgressBar(progress)
    defer { bar?.end() }
    let terms = try FidelityTerms(
      rows,
      profile: profile,
      threads: try measurements.threadCount,
      progress: progress
    )
    bar?.end()
    try StandardOutput.write(json ? terms.json.document : terms.text)
  }
}
