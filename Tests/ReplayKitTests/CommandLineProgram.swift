import Foundation
import Testing

/// The built `replay` program: the one that the environment names, else that beside the tests.
enum CommandLineProgram {
  static let path: String? = {
    let environment = ProcessInfo.processInfo.environment["REPLAY_BINARY"]
    let beside = URL(fileURLWithPath: CommandLine.arguments[0])
      .deletingLastPathComponent().appendingPathComponent("replay").path
    let path = environment ?? beside
    guard FileManager.default.isExecutableFile(atPath: path) else {
      print("skipped: the command line tests, because there is no program at \(path)")
      return nil
    }
    return path
  }()

  struct Result {
    var status: Int32
    var output: String
    var errors: String
  }

  static func process(_ arguments: [String]) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(path))
    process.arguments = arguments
    // Help texts wrap at the terminal's width.
    process.environment = ProcessInfo.processInfo.environment.merging(["COLUMNS": "80"]) { $1 }
    return process
  }

  static func run(_ arguments: String...) throws -> Result {
    let process = try process(arguments)
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let errorText = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Result(
      status: process.terminationStatus,
      output: String(decoding: text, as: UTF8.self),
      errors: String(decoding: errorText, as: UTF8.self)
    )
  }

  /// Calls `body` with the path of a folder that is removed afterwards.
  static func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("replay-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
  }

  /// Writes a small trace into a folder and returns its path.
  static func trace(in folder: String, requests: Int = 50) throws -> String {
    let path = folder + "/trace.csv"
    var text = "arrival_seconds,prompt_tokens,output_tokens,class\n"
    for index in 0..<requests { text += "\(index),\(100 + index),20,chat\n" }
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }
}
