import Hardware
import Study
import Workload

extension FidelityCommand {
  /// Holds the published measurements of the catalogue against the kit.
  func compareAnchors() throws {
    guard out == nil, svg == nil else {
      throw UsageError(
        "--anchors prints tables, or with --json an object; leave --out and --svg out"
      )
    }
    let study = try AnchorStudy(profile: try Profile.named(profile))
    try StandardOutput.write(json ? study.json.document : study.text)
  }
}
