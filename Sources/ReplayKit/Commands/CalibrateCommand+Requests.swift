import ArgumentParser
import Hardware
import Study
import Workload

/// How constants are fitted to a request log.
struct LogFitOptions: ParsableArguments {
  @OptionGroup var log: RequestLogOptions

  @Option(
    parsing: .unconditional,
    help: .init(
      "Share of the requests, from the first arrival on, that is fitted to; the rest judges the fit.",
      valueName: "share"
    )
  )
  var fitShare = 0.5
}

extension CalibrateCommand {
  /// Fits constants to a request log and writes their profile.
  ///
  /// - Parameters:
  ///   - path: The log.
  ///   - options: What it was served on, and how to fit.
  ///   - name: What the profile is called.
  ///   - date: The day that it states; empty for none.
  /// - Throws: What reading, replaying and writing throw.
  func calibrate(
    log path: String,
    _ options: LogFitOptions,
    name: String,
    date: String
  ) throws {
    let share = options.fitShare
    guard share > 0, share < 1 else {
      throw UsageError("--fit-share is \(share); expected a share above 0 and below 1")
    }
    let target = try OutputTarget(out, flag: "--out")
    try target.check(against: [InputFile(what: "request log", path: path)])
    let (log, deployment) = try options.log.read(path)
    let file = try target.create()
    let calibration = try LogCalibration(log, on: deployment, fitShare: share)
    let fileName = path.split(separator: "/").last.map(String.init) ?? path
    let profile = calibration.profile(
      name: name,
      source: "\(fileName), \(deployment.stack.text)",
      digest: try FileDigest.digest(path: path),
      date: date
    )
    try file.append(Array(profile.yaml.utf8))
    try file.complete()
    try StandardOutput.write(json ? calibration.json.document : calibration.text)
  }
}
