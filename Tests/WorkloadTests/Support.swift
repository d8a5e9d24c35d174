import Foundation
import Workload

/// Folders that tests read from.
enum Folders {
  /// The package's root.
  static let package = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Published traces, which are not part of the package.
  static let shared: URL =
    if let path = ProcessInfo.processInfo.environment["REPLAY_SHARED"] {
      URL(filePath: path)
    } else {
      package.deletingLastPathComponent().appending(path: "shared")
    }

  /// The path of a published trace, or nil, saying so, where it is absent.
  static func published(_ path: String) -> String? {
    let file = shared.appending(path: "traces").appending(path: path).path()
    if FileManager.default.fileExists(atPath: file) { return file }
    print("skipped: no published trace at \(file)")
    return nil
  }
}

/// A folder of its own that disappears with its owner.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = Self.parent.appending(path: "workload-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  /// In memory where there is enough of it: fuzzing writes thousands of files.
  private static let parent: URL = {
    let memory = URL(filePath: "/dev/shm")
    let system = try? FileManager.default.attributesOfFileSystem(forPath: memory.path())
    let free = (system?[.systemFreeSize] as? NSNumber)?.int64Value ?? 0
    let isRoomy = free > 2 << 30 && FileManager.default.isWritableFile(atPath: memory.path())
    return isRoomy ? memory : FileManager.default.temporaryDirectory
  }()

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appending(path: name).path() }

  /// Writes a file and returns its path.
  func file(_ name: String = "trace", _ bytes: some Sequence<UInt8>) throws -> String {
    try Data(bytes).write(to: url.appending(path: name))
    return path(name)
  }
}

/// Reads text as a trace; the format is detected unless given.
func read(
  _ text: String,
  as format: TraceFormat? = nil,
  sessionsPerSecond: Double? = nil,
  failures: FailurePolicy? = nil
) throws -> InMemoryTrace {
  let folder = try TemporaryFolder()
  return try InMemoryTrace(
    reading: TraceFile(
      path: folder.file("trace", text.utf8),
      format: format,
      sessionsPerSecond: sessionsPerSecond,
      failures: failures
    )
  )
}

/// A file in a format, with the files that the format's example needs beside it.
struct ExampleFile {
  let folder: TemporaryFolder
  let format: TraceFormat

  init(_ format: TraceFormat) throws {
    self.format = format
    folder = try TemporaryFolder()
    for (name, text) in format.companions { _ = try folder.file(name, text.utf8) }
  }

  /// Overwrites the trace and names it; its format is detected, if that can be, unless it is to be taken
  /// for granted.
  func trace(_ bytes: some Sequence<UInt8>, isDetected: Bool) throws -> TraceFile {
    TraceFile(
      path: try folder.file(format.exampleName, bytes),
      format: isDetected && format.isRecognizable ? nil : format,
      sessionsPerSecond: format.hasStartTimes ? nil : 1
    )
  }

  /// The format's example.
  static func read(_ format: TraceFormat) throws -> InMemoryTrace {
    let example = try ExampleFile(format)
    return try InMemoryTrace(reading: example.trace(format.example.utf8, isDetected: true))
  }
}

/// The only group of a small trace.
func rows(_ text: String, as format: TraceFormat? = nil) throws -> RowGroup {
  let trace = try read(text, as: format)
  guard trace.groups.count == 1, let group = trace.groups.first else { throw GroupCountError() }
  return group
}

struct GroupCountError: Error {}

/// The error that a text must give.
func failure(_ text: String, as format: TraceFormat) throws -> TraceError? {
  do {
    _ = try read(text, as: format)
    return nil
  } catch let error as TraceError {
    return error
  }
}

/// Violations of what every row group promises, for any trace that is read without an error.
func violations(of trace: InMemoryTrace) -> [String] {
  var found: [String] = []
  var last: (SimTime, Int64) = (0, -1)
  for group in trace.groups {
    let rows = group.count
    let sizes: [Int] = [
      group.maxOutputTokens.count, group.session.count, group.turn.count,
      group.requestClass.count, group.tenant.count, group.priority.count, group.model.count,
      group.adapter.count, group.ttftSLO.count, group.tpotSLO.count, group.deadline.count,
      group.reasoningTokens.count, group.gapKind.count, group.tool.count, group.prefixNode.count,
      group.prefixBlocks.count,
    ]
    if rows == 0 { found.append("empty group") }
    if sizes.contains(where: { $0 != 0 && $0 != rows }) { found.append("ragged columns") }
    for row in 0..<rows {
      if (group.arrival[row], group.record[row]) <= last {
        found.append("row \(row) is out of order")
      }
      last = (group.arrival[row], group.record[row])
      if group.promptTokens[row] < 1 || group.outputTokens[row] < 1 {
        found.append("row \(row) has no tokens")
      }
    }
    if !group.edgeStart.isEmpty, group.edgeStart.count != rows + 1 { found.append("ragged edges") }
    let blocks = Dictionary(uniqueKeysWithValues: zip(group.prefixes.id, group.prefixes.blocks))
    for (node, count) in zip(group.prefixNode, group.prefixBlocks)
    where node < 0 ? count != 0 : count < 1 || count > blocks[node] ?? 0 {
      found.append("node \(node) lacks \(count) blocks")
    }
    for (index, parent) in group.prefixes.parent.enumerated() where parent >= 0 {
      let isBefore = group.prefixes.id[..<index].contains(parent)
      if !isBefore || group.prefixes.offset[index] > blocks[parent] ?? 0 {
        found.append("parent \(parent) does not come first or is too short")
      }
    }
  }
  do throws(TraceError) {
    _ = try SessionGraph(trace)
  } catch {
    found.append(error.description)
  }
  return found
}

/// The edges of the rows that have some, by record.
func edges(of trace: InMemoryTrace) -> [Int64: [TurnEdge]] {
  var found: [Int64: [TurnEdge]] = [:]
  for group in trace.groups where !group.edgeStart.isEmpty {
    for row in 0..<group.count {
      let range = Int(group.edgeStart[row])..<Int(group.edgeStart[row + 1])
      if !range.isEmpty { found[group.record[row]] = Array(group.edges[range]) }
    }
  }
  return found
}

/// An edge that waits for the completion of a record.
func after(_ record: Int64, _ delay: SimTime = 0) -> TurnEdge {
  TurnEdge(parentRecord: record, delay: delay, trigger: .completion)
}

/// An edge that waits for a record to be sent.
func with(_ record: Int64, _ delay: SimTime = 0) -> TurnEdge {
  TurnEdge(parentRecord: record, delay: delay, trigger: .dispatch)
}
