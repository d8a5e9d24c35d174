import Foundation
import Workload

/// Traces that tests read from files.
enum TestTraces {
  /// The package's root.
  static let package = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// 60,000 requests that come with the package.
  static var bundledChat: TraceFile {
    TraceFile(path: package.appending(path: "traces/chat.replay.zst").path)
  }

  static let azureChat = "azure-llm-2023/AzureLLMInferenceTrace_conv.csv"
  static let azureCode = "azure-llm-2023/AzureLLMInferenceTrace_code.csv"
  static let mooncake = "mooncake-fast25/conversation_trace.jsonl"

  /// A trace as its authors published it, or nil, saying so, where it is absent.
  static func published(_ file: String) -> TraceFile? {
    let folder =
      ProcessInfo.processInfo.environment["REPLAY_SHARED"].map { URL(filePath: $0) }
      ?? package.deletingLastPathComponent().appending(path: "shared")
    let path = folder.appending(path: "traces/\(file)").path
    if FileManager.default.isReadableFile(atPath: path) { return TraceFile(path: path) }
    print("skipped: no published trace at \(path)")
    return nil
  }
}
