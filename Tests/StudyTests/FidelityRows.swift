import Foundation
import Study
import Testing

/// Files of measured rows for tests.
enum FidelityRows {
  static let header =
    "row_id,mode,model,chip,engine,precision,isl_tokens,osl_tokens,concurrency,tp,moe_tp,moe_ep,"
    + "prefill_workers,prefill_tp,decode_workers,decode_tp,ttft_ms,tpot_ms"

  /// A dense model on one, two and four chips, at two lengths and several loads.
  static var text: String {
    var text = header + "\n"
    for tensor in [1, 2, 4] {
      for (prompt, output) in [(1_024, 128), (2_048, 256)] {
        for clients in [1, 4, 16] {
          text += "r\(tensor)-\(prompt)-\(clients),aggregated,llama-3.1-8b,b200,vllm,bf16,"
          text += "\(prompt),\(output),\(clients),\(tensor),\(tensor),1,,,,,30.5,\(4 + clients)\n"
        }
      }
    }
    text += "split,disaggregated,llama-3.1-8b,b200,sglang,fp8,1024,128,8,,,,2,1,1,2,40,6\n"
    text += "other,aggregated,no-such-model,b200,vllm,bf16,1024,128,8,1,1,1,,,,,40,6\n"
    return text
  }

  /// Calls `body` with the path of a file that holds a text.
  static func withFile<Result>(
    _ bytes: some Collection<UInt8>,
    _ body: (String) throws -> Result
  ) throws -> Result {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("rows-\(UUID().uuidString).csv").path
    try Data(bytes).write(to: URL(filePath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(path)
  }

  static func read(_ text: String) throws -> [MeasuredRow] {
    try withFile(text.utf8) { try MeasuredRowReader.rows(path: $0) }
  }

  /// The error that reading a text ends with.
  static func error(_ text: String) throws -> MeasuredDataError {
    try #require(throws: MeasuredDataError.self) { try read(text) }
  }

  /// The measurements that were collected for the kit; nil, saying so, where they are absent.
  static var shared: String? {
    let folder =
      ProcessInfo.processInfo.environment["REPLAY_SHARED"].map { URL(filePath: $0) }
      ?? TestTraces.package.deletingLastPathComponent().appending(path: "shared")
    let path = folder.appending(path: "ground-truth/inferencex_serving.csv").path
    if FileManager.default.isReadableFile(atPath: path) { return path }
    print("skipped: no measured rows at \(path)")
    return nil
  }
}
