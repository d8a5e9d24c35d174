import Foundation
import Hardware
import Study
import Workload

/// Request logs for tests.
enum RequestLogFiles {
  static let header = "arrival,prompt_tokens,output_tokens,first_token,last_token"

  /// Calls `body` with the path of the first of some files in a folder of their own.
  static func with<Result>(
    _ files: [(name: String, content: some Collection<UInt8>)],
    _ body: (String) throws -> Result
  ) throws -> Result {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "log-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, content) in files { try Data(content).write(to: folder.appending(path: name)) }
    return try body(folder.appending(path: files[0].name).path)
  }

  static func read(_ text: String) throws -> [LoggedRequest] {
    try with([("log", text.utf8)]) { try RequestLogReader.requests(path: $0) }
  }

  /// Requests of many lengths, evenly spaced, that nothing was measured of.
  static func unmeasured(count: Int, gap: SimTime) -> RequestLog {
    let requests = (0..<count).map { index in
      let arrival = SimTime(index) * gap
      return LoggedRequest(
        id: "",
        promptTokens: 100 + index * 211 % 1_500,
        outputTokens: 20 + index * 97 % 200,
        arrival: arrival,
        firstToken: arrival + 1,
        finish: arrival + 2
      )
    }
    return RequestLog(file: "made-up", requests: requests)
  }

  /// The same requests as an engine with some constants would have logged them.
  static func served(_ log: RequestLog, _ constants: FittedConstants) throws -> RequestLog {
    let deployment = try LogDeployment(of: log, model: "llama-3.1-8b", chip: "h100")
    var profile = Profile(name: "truth")
    profile.levels = [Profile.Level(scope: .global, constants: constants, rows: 0)]
    let replay = try LogFidelity(log, on: deployment, profile: profile)
    var log = log
    for (index, latencies) in replay.predicted.enumerated() {
      guard let latencies else { continue }
      let arrival = log.requests[index].arrival
      log.requests[index].firstToken =
        arrival + SimTime((latencies.timeToFirstToken * 1e9).rounded())
      log.requests[index].finish = arrival + SimTime((latencies.endToEnd * 1e9).rounded())
    }
    return log
  }

  /// A log of a real engine; nil, saying so, where it is absent.
  static func shared(_ name: String) throws -> RequestLog? {
    let folder =
      ProcessInfo.processInfo.environment["REPLAY_SHARED"].map { URL(filePath: $0) }
      ?? TestTraces.package.deletingLastPathComponent().appending(path: "shared")
    let path = folder.appending(path: "ground-truth/vllm-request-logs/\(name)/requests.jsonl").path
    if FileManager.default.isReadableFile(atPath: path) { return try RequestLog(path: path) }
    print("skipped: no request log at \(path)")
    return nil
  }
}
