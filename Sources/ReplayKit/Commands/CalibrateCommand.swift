import ArgumentParser
import Hardware
import Policies
import Reporting
import Study
import Workload

struct CalibrateCommand: ReplayCommand {
  static let configuration = CommandConfiguration(
    commandName: "calibrate",
    abstract: "Fit the constants of the step formulas to measurements and write a profile.",
    discussion: """
      Fits at most four constants per model, chip, engine and precision to the measured times per \
      output token, pulled towards those of stacks that resemble it; a factor per version of an engine \
      on the time of layers; and, on replayed prompts, the delay of first tokens. Prints how well such fits do on rows that they have not seen: by cross-validation, with one \
      model left out, and with one chip left out.
      """
  )

  @OptionGroup(title: "Measured rows") var measurements: MeasurementOptions

  @OptionGroup(title: "Request log") var requestLog: LogFitOptions

  @Option(help: .init("Write the profile to a YAML file.", valueName: "file"))
  var out: String

  @Option(
    help: .init(
      "What the profile is called; the name of its file unless given.",
      valueName: "name"
    )
  )
  var name: String?

  @Option(help: .init("The day that the profile states, such as 2026-05-01.", valueName: "date"))
  var date: String?

  @Option(
    parsing: .unconditional,
    help: .init(
      "Parts of the cross-validation; 0 for none, and no model or chip left out.",
      valueName: "count"
    )
  )
  var folds = 5

  @Option(
    parsing: .unconditional,
    help: .init("Draws the parts of the cross-validation.", valueName: "number")
  )
  var seed: UInt64 = 1

  @Option(
    help: .init(
      "Write what the cross-validation predicts of every row, as 'replay fidelity --out' does.",
      valueName: "file"
    )
  )
  var predictions: String?

  @Flag(help: "Print one JSON object instead of tables.")
  var json = false

  func run(in registry: PolicyRegistry) throws {
    if let log = requestLog.log.requests {
      return try calibrate(log: log, requestLog, name: try profileName, date: try day)
    }
    guard folds == 0 || (2...100).contains(folds) else {
      throw UsageError("--folds is \(folds); expected 2 to 100, or 0 for no validation")
    }
    guard folds > 0 || predictions == nil else {
      throw UsageError("--predictions are those of the cross-validation; --folds 0 leaves it out")
    }
    let path = try measurements.path
    let target = try OutputTarget(out, flag: "--out")
    let inputs = [InputFile(what: "file of measurements", path: path)]
    try target.check(against: inputs)
    let predictionTarget = try predictions.map { try OutputTarget($0, flag: "--predictions") }
    try predictionTarget?.check(against: inputs)
    try predictionTarget?.check(against: target)
    var options = RowsCalibration.Options(
      name: try profileName,
      source: Self.lastComponent(path),
      digest: try FileDigest.digest(path: path)
    )
    options.date = try day
    options.folds = folds
    options.seed = seed
    let rows = try measurements.rows
    let file = try target.create()
    let predicted = try predictionTarget?.create()
    // Every row is replayed once per way of leaving rows out, besides those that tell of first tokens.
    let progress = RunProgress(total: folds == 0 ? 0 : rows.count * 3)
    let bar = ProgressBar(progress)
    defer { bar?.end() }
    let calibration = try RowsCalibration(
      rows,
      options: options,
      threads: try measurements.threadCount,
      progress: progress
    )
    bar?.end()
    try file.append(Array(calibration.profile.yaml.utf8))
    try file.complete()
    if let predicted, let validation = calibration.validations.first {
      try predicted.append(
        Array(FidelityStudy(profile: calibration.profile, cells: validation.cells).csv.utf8)
      )
      try predicted.complete()
    }
    try StandardOutput.write(json ? calibration.json.document : calibration.text)
  }

  private var profileName: String {
    get throws(UsageError) {
      let last = Self.lastComponent(out)
      let text = name ?? (last.split(separator: ".").first.map(String.init) ?? last)
      let isWord = text.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
          || (0x61...0x7A).contains(byte) || [0x2D, 0x2E, 0x5F].contains(byte)
      }
      guard isWord, (1...64).contains(text.utf8.count) else {
        throw UsageError(
          "the profile's name is '\(text)'; expected 1 to 64 letters, digits, '.', '-' or '_', which "
            + "--name can give"
        )
      }
      return text
    }
  }

  private var day: String {
    get throws(UsageError) {
      guard let date else { return "" }
      guard date.wholeMatch(of: /[0-9]{4}-[0-9]{2}-[0-9]{2}/) != nil else {
        throw UsageError("--date is '\(date)'; expected a day such as 2026-05-01")
      }
      return date
    }
  }

  private static func lastComponent(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }
}
