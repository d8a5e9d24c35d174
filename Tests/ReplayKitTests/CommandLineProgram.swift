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

  static func run(_ arguments: String...) throws -> Result { try run(arguments) }

  static func run(_ arguments: [String]) throws -> Result {
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

  /// The text of a fleet that comes with the kit, for a file of one's own.
  static var fleetText: String {
    get throws {
      let file = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Sources/Hardware/Fleets/BuiltIn/b200-pd.yaml")
      return try String(contentsOf: file, encoding: .utf8)
    }
  }

  /// Waits until there is something at a path, as long as a process runs.
  static func wait(for process: Process, untilExists path: String) throws {
    while process.isRunning, !FileManager.default.fileExists(atPath: path) {
      Thread.sleep(forTimeInterval: 0.002)
    }
  }

  /// The files in a folder and those below it, in order.
  static func files(in folder: String) throws -> [String] {
    let manager = FileManager.default
    return try manager.subpathsOfDirectory(atPath: folder).filter { path in
      let attributes = try manager.attributesOfItem(atPath: "\(folder)/\(path)")
      return attributes[.type] as? FileAttributeType != .typeDirectory
    }
    .sorted()
  }

  /// All that can be read of a terminal whose other side is closed.
  static func readAll(_ descriptor: Int32) -> String {
    var text: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 4_096)
    while true {
      let count = unsafe read(descriptor, &block, block.count)
      guard count > 0 else { return String(decoding: text, as: UTF8.self) }
      text += block[..<count]
    }
  }
}
