import Foundation
import Workload

/// The requests that benchmarks replay: published traces where they are at hand, else bundled ones.
struct BenchTraces: Sendable {
  private static let package = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Generated requests without prefixes, of 1,000 output tokens in the mean.
  let longChat = ChatGenerator()

  /// The Azure chat hour of 2023, else the bundled chat trace; rows say which.
  var chatHour: (trace: TraceFile, label: String) {
    if let path = published("azure-llm-2023/AzureLLMInferenceTrace_conv.csv") {
      return (TraceFile(path: path), "azure-chat")
    }
    let bundled = Self.package.appending(path: "traces/chat.replay.zst").path
    return (TraceFile(path: bundled), "bundled-chat")
  }

  /// The path of a trace as its authors published it; nil where it is not at hand.
  func published(_ file: String) -> String? {
    let folder =
      ProcessInfo.processInfo.environment["REPLAY_SHARED"].map { URL(filePath: $0) }
      ?? Self.package.deletingLastPathComponent().appending(path: "shared")
    let path = folder.appending(path: "traces/\(file)").path
    return FileManager.default.isReadableFile(atPath: path) ? path : nil
  }

  /// A trace repeated with fresh jitter, in memory.
  func tiled(_ base: some Trace, requests: Int) throws -> InMemoryTrace {
    let base = try InMemoryTrace(reading: base)
    return try InMemoryTrace(reading: TiledTrace(base: base, requests: requests, seed: 1))
  }
}
