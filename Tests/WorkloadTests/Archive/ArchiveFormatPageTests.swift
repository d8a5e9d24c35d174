import Foundation
import Testing

@testable import Workload

/// `traces/FORMAT.md` is what other programs are written from, so what it says is tried.
@Suite struct `Page on the trace file` {
  private let page: String

  init() throws {
    let path = Folders.package.appending(path: "traces/FORMAT.md")
    page = try String(contentsOf: path, encoding: .utf8)
  }

  /// The code behind a fence of this kind.
  private func block(_ kind: String) throws -> String {
    let start = try #require(page.range(of: "```\(kind)\n"))
    let end = try #require(page[start.upperBound...].range(of: "```\n"))
    return String(page[start.upperBound..<end.lowerBound])
  }

  @Test(arguments: ArchiveColumn.allCases)
  func `the table has every column`(column: ArchiveColumn) {
    let line =
      "| \(column.rawValue) | `\(column.name)` | \(column.domain) | \(column.type) | "
      + "\(column.unit) | \(column.isRequired ? "yes" : "no") |"
    #expect(page.contains("\n" + line), "\(line)")
  }

  @Test func `the example is what this build writes`() throws {
    var group = RowGroup()
    group.record = [0, 1, 2]
    group.arrival = [0, 4_314_579_000, 4_541_877_000]
    group.promptTokens = [374, 396, 879]
    group.outputTokens = [44, 109, 55]
    let content = try RowGroupCodec.encode(group, names: TraceNames())
    let hex = content.map { byte in
      String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }
    let lines = stride(from: 0, to: hex.count, by: 20).map { start in
      hex[start..<min(start + 20, hex.count)].joined(separator: " ")
    }
    #expect(try block("hex") == lines.joined(separator: "\n") + "\n")
  }

  @Test func `its Python programs give our rows and our digest`() throws {
    let folder = try TemporaryFolder()
    guard let python = try Python(in: folder) else { return }
    let reader = try block("python reader")
    #expect(reader.split(separator: "\n").count <= 40)
    let trace = try smallTrace()
    let path = try archive(inGroupsOf: trace, in: folder)
    #expect(try python.run(reader, [path]) == text(of: trace))

    let plain = try archive(plainTrace(), in: folder)
    let rows = try python.run(reader, [plain.path])
    let printed = try python.run(block("python digest"), [], input: rows)
    #expect(printed == plain.header.digest.hex + "\n")
  }

  /// A trace of the first four columns.
  private func plainTrace() -> InMemoryTrace {
    var sample = RandomTrace(seed: 12, rows: 200, withSessions: false, everyColumn: false)
    let groups = sample.trace().groups.map { group in
      var plain = RowGroup()
      plain.record = group.record
      plain.arrival = group.arrival
      plain.promptTokens = group.promptTokens
      plain.outputTokens = group.outputTokens
      return plain
    }
    return InMemoryTrace(name: "plain", groups: groups)
  }

  /// The rows as the page's reader prints them.
  private func text(of trace: InMemoryTrace) -> String {
    var lines = [
      "record,arrival,prompt_tokens,output_tokens,max_output_tokens,session,turn,class,tenant,"
        + "priority,model,adapter,ttft_slo,tpot_slo,deadline,reasoning_tokens,gap_kind,tool,"
        + "prefix_node,prefix_blocks,edges"
    ]
    func quoted(_ name: String) -> String {
      guard name.contains(where: { ",\"\n".contains($0) }) else { return name }
      return "\"" + name.replacing("\"", with: "\"\"") + "\""
    }
    let names = trace.names
    for group in trace.groups {
      for row in 0..<group.count {
        let edges = group.edges[Int(group.edgeStart[row])..<Int(group.edgeStart[row + 1])]
        let cells: [any CustomStringConvertible] = [
          group.record[row], group.arrival[row], group.promptTokens[row], group.outputTokens[row],
          group.maxOutputTokens[row], group.session[row], group.turn[row],
          quoted(names.classes[Int(group.requestClass[row])]),
          quoted(names.tenants[Int(group.tenant[row])]), group.priority[row],
          quoted(names.models[Int(group.model[row])]),
          quoted(names.adapters[Int(group.adapter[row])]), group.ttftSLO[row], group.tpotSLO[row],
          group.deadline[row], group.reasoningTokens[row], group.gapKind[row].rawValue,
          quoted(names.tools[Int(group.tool[row])]), group.prefixNode[row],
          group.prefixBlocks[row],
          edges.map { "\($0.parentRecord):\($0.delay):\($0.trigger.rawValue)" }
            .joined(separator: ";"),
        ]
        lines.append(cells.map(\.description).joined(separator: ","))
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

/// A Python with the package `zstandard`, in an environment of its own.
private struct Python {
  private let folder: TemporaryFolder
  private let environment: String

  /// Makes the environment; nil, saying why, where there is no Python or its packages cannot be had.
  init?(in folder: TemporaryFolder) throws {
    self.folder = folder
    environment = folder.path("venv")
    for command in [
      ["python3", "-m", "venv", environment],
      [environment + "/bin/pip", "install", "--quiet", "--no-input", "zstandard"],
    ] where try execute(command).status != 0 {
      print("skipped: cannot run \(command.joined(separator: " "))")
      return nil
    }
  }

  func run(_ code: String, _ arguments: [String], input: String = "") throws -> String {
    let script = try folder.file("script.py", code.utf8)
    let result = try execute(
      [environment + "/bin/python", script] + arguments,
      input: folder.file("input", input.utf8)
    )
    #expect(result.status == 0)
    return result.output
  }
}

private func execute(
  _ command: [String],
  input: String? = nil
) throws -> (status: Int32, output: String) {
  let process = Process()
  process.executableURL = URL(filePath: "/usr/bin/env")
  process.arguments = command
  process.standardInput = input.flatMap(FileHandle.init(forReadingAtPath:)) ?? .nullDevice
  let pipe = Pipe()
  process.standardOutput = pipe
  try process.run()
  let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
  process.waitUntilExit()
  return (process.terminationStatus, String(decoding: output, as: UTF8.self))
}
