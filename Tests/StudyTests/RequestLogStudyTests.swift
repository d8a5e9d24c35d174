import Foundation
import Hardware
import Study
import Testing
import Workload

struct RequestLogStudyTests {
  /// Constants that are not the catalogue's.
  private static var truth: FittedConstants {
    var constants = FittedConstants()
    constants[.bandwidthEfficiency] = 0.62
    constants[.slowdown] = 1.5
    constants[.layerFloor] = 70e-6
    constants[.requestTime] = 60e-6
    return constants
  }

  private static func served() throws -> RequestLog {
    let unmeasured = RequestLogFiles.unmeasured(count: 60, gap: 40_000_000)
    return try RequestLogFiles.served(unmeasured, truth)
  }

  /// The fit of its first half, made once: a fit replays the log a few hundred times.
  private static let fit: Result<LogCalibration, any Error> = Result {
    let log = try served()
    return try LogCalibration(log, on: deployment(log))
  }

  private static func deployment(_ log: RequestLog) throws -> LogDeployment {
    try LogDeployment(of: log, model: "llama-3.1-8b", chip: "h100")
  }

  @Test func `a replay under the constants that made a log repeats it`() throws {
    let log = try Self.served()
    var profile = Profile(name: "truth")
    profile.levels = [Profile.Level(scope: .global, constants: Self.truth, rows: 0)]
    let fidelity = try LogFidelity(log, on: Self.deployment(log), profile: profile)
    for comparison in fidelity.comparisons() {
      #expect(comparison.score.missing == 0)
      #expect(comparison.error(\.mean).magnitude < 1e-6)
      #expect(comparison.error(\.ninetyNinth).magnitude < 1e-6)
    }
    let lines = fidelity.csv.split(separator: "\n")
    #expect(lines.count == 61 && lines.allSatisfy { $0.split(separator: ",").count == 10 })
    #expect(fidelity.svg == nil && fidelity.text.contains("profile truth"))
  }

  @Test func `a fit finds constants that hold for requests it has not seen`() throws {
    let log = try Self.served()
    let calibration = try Self.fit.get()
    #expect(calibration.fitted == 0..<30 && calibration.heldBack == 30..<60)
    let before = try LogFidelity(log, on: Self.deployment(log), profile: .catalogue)
      .comparisons(of: calibration.heldBack)
    for (fitted, catalogue) in zip(calibration.heldBackErrors, before) {
      #expect(fitted.error(\.mean).magnitude < 0.05)
      #expect(catalogue.error(\.mean).magnitude > 0.15)
    }
    let again = try LogCalibration(log, on: Self.deployment(log))
    #expect(again.constants == calibration.constants && again.text == calibration.text)
  }

  @Test func `latencies that are held back do not reach the fit`() throws {
    let fit = try Self.fit.get()
    var log = try Self.served()
    for index in 30..<60 { log.requests[index].finish += 60 * SimTime.nanosecondsPerSecond }
    let other = try LogCalibration(log, on: Self.deployment(log))
    #expect(fit.constants == other.constants)
    #expect(fit.heldBackErrors != other.heldBackErrors)
  }

  @Test func `a profile is read as it was written and is carried over to other chips`() throws {
    let log = try Self.served()
    let deployment = try Self.deployment(log)
    let calibration = try LogCalibration(log, on: deployment, fitShare: 0.25)
    let profile = calibration.profile(
      name: "mine",
      source: "a \"log\"",
      digest: 5,
      date: "2026-05-01"
    )
    let path = FileManager.default.temporaryDirectory
      .appending(path: "profile-\(UUID().uuidString).yaml").path
    try Data(profile.yaml.utf8).write(to: URL(filePath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let read = try Profile.named(path)
    #expect(read == profile && read.constantCount == 4)
    var stack = deployment.stack
    stack.chip = "b200"
    #expect(read.constants(for: stack) == calibration.constants)
    stack.isMixtureOfExperts = true
    #expect(read.constants(for: stack) == FittedConstants())
  }

  @Test func `an engine that schedules ahead starts a lone newcomer a step later`() throws {
    var log = RequestLogFiles.unmeasured(count: 2, gap: 100_000_000)
    log.requests[0].outputTokens = 400
    let firstTokens = try [false, true].map { isAhead in
      log.settings.schedulesAhead = isAhead
      let fidelity = try LogFidelity(log, on: Self.deployment(log), profile: .catalogue)
      return try fidelity.predicted.map { try #require($0).timeToFirstToken }
    }
    #expect(firstTokens[0][0] == firstTokens[1][0])
    let delay = firstTokens[1][1] - firstTokens[0][1]
    // A step of one request on an H100.
    #expect(delay > 3e-3 && delay < 12e-3)
  }

  @Test func `a log that cannot be replayed says why`() throws {
    var log = RequestLogFiles.unmeasured(count: 1, gap: 1)
    #expect(throws: LogStudyError.tooFew(log: "made-up", requests: 1)) {
      try LogCalibration(log, on: Self.deployment(log))
    }
    var tiny = try Self.deployment(log)
    tiny.kvTokens = 10
    #expect(throws: LogStudyError.nothingCompleted(log: "made-up")) {
      try LogFidelity(log, on: tiny, profile: .catalogue)
    }
    log.settings.model = "llama-3.1-405b"
    let large = try LogDeployment(of: log, chip: "h100")
    #expect(throws: LogStudyError.self) {
      try LogFidelity(log, on: large, profile: .catalogue)
    }
    #expect(throws: LogStudyError.self) { try LogDeployment(of: log, chip: "h1000") }
  }
}
