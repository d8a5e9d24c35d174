import Hardware
import Study
import Testing

/// Two runs of vLLM 0.19 with Llama 3.1 8B under more load than they can take: on an RTX 4090, short of
/// KV memory, and on an RTX PRO 6000, short of batch slots.
@Suite(.serialized)
struct RequestLogAcceptanceTests {
  struct Served: Sendable, CustomTestStringConvertible {
    var log: String
    var chip: String
    var testDescription: String { chip }
  }

  private static let gaming = Served(log: "RTX4090_Llama-3.1-8B", chip: "rtx-4090")
  private static let workstation = Served(log: "RTXPRO6000_Llama-3.1-8B", chip: "rtx-pro-6000")

  /// The fit of each log's first half by its chip, made once; none where the log is absent.
  private static let calibrations: Result<[String: LogCalibration], any Error> = Result {
    var calibrations: [String: LogCalibration] = [:]
    for served in [gaming, workstation] {
      guard let log = try RequestLogFiles.shared(served.log) else { continue }
      let deployment = try LogDeployment(of: log, chip: served.chip)
      calibrations[served.chip] = try LogCalibration(log, on: deployment)
    }
    return calibrations
  }

  @Test(arguments: [gaming, workstation])
  func `four constants of a log's first half predict its other half`(served: Served) throws {
    guard let calibration = try Self.calibrations.get()[served.chip] else { return }
    #expect(calibration.constants.all.count == 4)
    #expect(calibration.heldBackErrors.count == LatencyMetric.allCases.count)
    for comparison in calibration.heldBackErrors {
      let mean = comparison.metric == .timeToFirstToken ? 0.15 : 0.06
      #expect(comparison.score.count == 150 && comparison.score.missing == 0)
      #expect(comparison.error(\.mean).magnitude < mean)
      #expect(comparison.error(\.ninetyNinth).magnitude < 0.12)
    }
  }

  // Both ways are at about 15 % of E2E, the way back a little beyond it: the two runs reach shares of
  // their data sheets' rates that differ by more than the catalogue knows, and queueing adds up what
  // steps are off.
  @Test(arguments: [(gaming, workstation, 0.15), (workstation, gaming, 0.17)])
  func `constants of one chip carry over to another`(
    from: Served,
    to: Served,
    endToEnd: Double
  ) throws {
    guard let calibration = try Self.calibrations.get()[from.chip],
      let log = try RequestLogFiles.shared(to.log)
    else { return }
    let profile = calibration.profile(name: from.chip, source: from.log, digest: 1, date: "")
    let fidelity = try LogFidelity(
      log,
      on: try LogDeployment(of: log, chip: to.chip),
      profile: profile
    )
    for comparison in fidelity.comparisons() {
      switch comparison.metric {
      case .timePerOutputToken: #expect(comparison.error(\.mean).magnitude < 0.15)
      case .endToEnd: #expect(comparison.error(\.mean).magnitude < endToEnd)
      case .timeToFirstToken: break
      }
    }
    let series = try #require(fidelity.series)
    let waiting = try #require(series.agreement(.waiting)?.correlation)
    #expect(waiting > 0.95)
  }
}
