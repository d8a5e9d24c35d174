import Foundation

/// A file of agent sessions without start times in which one request has failed and each of the others
/// but the first of a session waits for the one before: it can only be read with choices.
struct AgentSessions {
  let path: String
  private let folder: URL

  /// Requests that were recorded, with the one that failed.
  static let requests = 6
  static let sessions = 3

  private static let text = """
    {"id": "a", "block_size": 64, "requests": [\
    {"t": 0, "type": "n", "model": "m", "in": 200, "out": 30, "hash_ids": [1, 2, 3]}, \
    {"t": 5.5, "type": "n", "model": "m", "in": 260, "out": 0, "hash_ids": [1, 2, 3, 4]}, \
    {"t": 9.5, "type": "n", "model": "m", "in": 300, "out": 20, "hash_ids": [1, 2, 3, 4]}]}
    {"id": "b", "block_size": 64, "requests": [\
    {"t": 0, "type": "n", "model": "m", "in": 100, "out": 30, "hash_ids": [1]}, \
    {"t": 3.5, "type": "n", "model": "m", "in": 200, "out": 20, "hash_ids": [1, 2, 3]}]}
    {"id": "c", "block_size": 64, "requests": [\
    {"t": 0, "type": "n", "model": "m", "in": 100, "out": 30, "hash_ids": [1]}]}

    """

  private init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "agents-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    path = folder.appending(path: "agents.json").path
    try Self.text.write(toFile: path, atomically: true, encoding: .utf8)
  }

  /// Calls `body` with the path of the file, and that of a folder beside it that does not exist.
  static func withFile(_ body: (_ path: String, _ out: String) throws -> Void) throws {
    let file = try AgentSessions()
    defer { try? FileManager.default.removeItem(at: file.folder) }
    try body(file.path, file.folder.appending(path: "out").path)
  }
}
