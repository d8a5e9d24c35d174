import Foundation
import Testing

/// The profile that comes with the kit, made again from the rows that it was fitted to.
///
/// The fit and its validations take minutes in a debug build, so this runs only where the environment
/// names a program, as `make check` does with the release build.
@Suite(.enabled(if: MeasuredRows.areWanted, "no REPLAY_BINARY, or no measured rows"))
struct ShippedProfileTests {
  /// Machines may differ in the last bits of a logarithm, which the fit carries on.
  @Test func `it is what calibrate makes of them, with the errors that it states`() throws {
    try CommandLineProgram.withFolder { folder in
      let made = folder + "/inferencex.yaml"
      let result = try CommandLineProgram.run(
        "calibrate",
        "--measured",
        MeasuredRows.file.path,
        "--out",
        made
      )
      #expect(result.status == 0, "\(result.errors)")
      let lines = try self.lines(URL(filePath: made))
      let shipped = try self.lines(MeasuredRows.profile)
      #expect(lines.count == shipped.count)
      for (line, expected) in zip(lines, shipped) where line != expected {
        let values = [line, expected].map { text in
          text.split(separator: " ").last.flatMap { Double($0) }
        }
        guard let value = values[0], let known = values[1] else {
          Issue.record("'\(line)' in place of '\(expected)'")
          continue
        }
        #expect(abs(value - known) <= 0.02 * abs(known) + 0.01, "\(line), not \(expected)")
      }
    }
  }

  private func lines(_ file: URL) throws -> [Substring] {
    try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
  }
}

private enum MeasuredRows {
  private static let package = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static let profile = package.appending(
    path: "Sources/Hardware/Profiles/BuiltIn/inferencex.yaml"
  )

  static let file: URL = {
    let shared =
      ProcessInfo.processInfo.environment["REPLAY_SHARED"].map { URL(filePath: $0) }
      ?? package.deletingLastPathComponent().appending(path: "shared")
    return shared.appending(path: "ground-truth/inferencex_serving.csv")
  }()

  static let areWanted: Bool = {
    let hasProgram = ProcessInfo.processInfo.environment["REPLAY_BINARY"] != nil
    let hasRows = FileManager.default.isReadableFile(atPath: file.path)
    if hasProgram, !hasRows { print("skipped: no measured rows at \(file.path)") }
    return hasProgram && hasRows && CommandLineProgram.path != nil
  }()
}
