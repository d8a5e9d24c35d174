import Foundation
import Testing
import Workload

@Suite struct `ServeGen clients` {
  private static let lengths =
    #"{"0": {"input_tokens": "{45: 0.25, 1200: 0.75}", "#
    + #""output_tokens": "{7: 0.5, 9: 0.5}"}}"#

  private func folder(_ clients: [Int: String]) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for (number, windows) in clients {
      _ = try folder.file("chunk-\(number)-trace.csv", windows.utf8)
      _ = try folder.file("chunk-\(number)-dataset.json", Self.lengths.utf8)
    }
    return folder
  }

  private func read(_ folder: TemporaryFolder) throws -> InMemoryTrace {
    try InMemoryTrace(reading: TraceFile(path: folder.url.path()))
  }

  @Test(arguments: [
    "0,2,0.762,Weibull,1.33,1.168\n600,2,0.762,Weibull,1.33,1.168\n",
    "0,2,3,Gamma,0.111,4.5\n6000,2,3,Gamma,,\n",
    "0,2,1,Gamma,1,0.5\n100,0,,,,\n700,4,4,Weibull,0.35,1\n",
  ])
  func `windows have their rates and lengths their shares`(windows: String) throws {
    let clients = Dictionary(uniqueKeysWithValues: (0..<20).map { ($0, windows) })
    let trace = try read(folder(clients))
    #expect(violations(of: trace).isEmpty)
    let lines = windows.split(separator: "\n").map {
      $0.split(separator: ",").map { Double($0) ?? 0 }
    }
    let last = try #require(lines.last)
    let seconds = 2 * last[0] - lines[lines.count - 2][0]
    var expected = last[1] * (seconds - last[0])
    for (line, next) in zip(lines, lines.dropFirst()) { expected += line[1] * (next[0] - line[0]) }
    expected *= 20
    let rows = trace.groups.reduce(0) { $0 + $1.count }
    // Six standard deviations of a count with a coefficient of variation of 4 at most.
    #expect(abs(Double(rows) - expected) < 6 * 4 * expected.squareRoot())
    let long = trace.groups.reduce(0) { $0 + $1.promptTokens.filter { $0 == 1_200 }.count }
    #expect(abs(Double(long) / Double(rows) - 0.75) < 0.03)
    #expect(trace.groups.allSatisfy { $0.promptTokens.allSatisfy { $0 == 45 || $0 == 1_200 } })
    #expect(trace.groups.allSatisfy { $0.outputTokens.allSatisfy { $0 == 7 || $0 == 9 } })
  }

  @Test func `a client sends the same alone and beside others`() throws {
    let windows = "0,0.5,1,Gamma,1,2\n600,0.5,1,Gamma,1,2\n"
    let both = try read(folder([2: windows, 10: windows]))
    #expect(both.names.tenants == ["chunk-2", "chunk-10"])
    let alone = try read(folder([10: windows]))
    let group = try #require(both.groups.first)
    let other = try #require(alone.groups.first)
    let mine = group.tenant.indices.filter { group.tenant[$0] == 1 }
    #expect(mine.map { group.promptTokens[$0] } == Array(other.promptTokens))
    let first = try #require(mine.first)
    #expect(mine.map { group.arrival[$0] - group.arrival[first] } == Array(other.arrival))
    #expect(
      mine.map { group.arrival[$0] }
        != group.tenant.indices.filter { group.tenant[$0] == 0 }.map { group.arrival[$0] }
    )
  }

  @Test func `one file is one client, with its share of reasoning`() throws {
    let trace = try ExampleFile.read(.servegen)
    let group = try #require(trace.groups.first)
    #expect(trace.names.tenants == ["chunk-3"])
    #expect(group.outputTokens.allSatisfy { $0 == 7 })
    #expect(group.reasoningTokens.allSatisfy { $0 == 3 })
  }

  @Test func `what is missing is named`() throws {
    let folder = try folder([1: "0,1,1,Gamma,1,1\n"])
    try FileManager.default.removeItem(atPath: folder.path("chunk-1-dataset.json"))
    let error = #expect(throws: TraceError.self) { try read(folder) }
    #expect(error?.problem.contains("chunk-1-dataset.json") == true)
    let path = try folder.file("trace.csv", "0,1,1,Gamma,1,1\n".utf8)
    let misnamed = #expect(throws: TraceError.self) { try TraceFile(path: path).makeReader() }
    #expect(misnamed?.problem.contains("chunk-NUMBER-trace.csv") == true)
    let idle = #expect(throws: TraceError.self) { try read(self.folder([1: "0,0,,,,\n"])) }
    #expect(idle?.problem == "holds no requests")
  }

  @Test(arguments: [
    ("0,1,1,Gamma,1", 1, "scale is missing"),
    ("0,1,1,Gamma,1,1\n0,1,1,Gamma,1,1", 2, "no later than"),
    ("0,-1,1,Gamma,1,1", 1, "'-1'"),
    ("0,1e9,1,Gamma,1,1", 1, "'1e9'"),
    ("0,1,1,Normal,1,1", 1, "'Normal'"),
    ("0,1,1,,1,1", 1, "pattern is missing"),
    ("0,1,1,Weibull,,1", 1, "shape is nothing"),
    ("0,1,1,Gamma,nan,1", 1, "'nan'"),
  ])
  func `a bad window is an error of its line`(windows: String, line: Int, problem: String) throws {
    let error = #expect(throws: TraceError.self) { try read(folder([1: windows])) }
    #expect(error?.line == line)
    #expect(error?.problem.contains(problem) == true, "\(error?.problem ?? "no error")")
  }

  @Test(arguments: [
    ("", "is empty"),
    ("{}", "holds no lengths"),
    (#"{"x": {}}"#, "start of a period is 'x'"),
    (#"{"0": {"input_tokens": "{1: 1}", "output_tokens": "{}"}}"#, "give both"),
    (#"{"0": {"input_tokens": "{1: 0}", "output_tokens": "{1: 1}"}}"#, "sum to 0"),
    (#"{"0": {"input_tokens": "{1, 1}", "output_tokens": "{1: 1}"}}"#, "'1,'"),
    (#"{"0": {"input_tokens": "{1: 1", "output_tokens": "{1: 1}"}}"#, "'}'"),
    (#"{"0": {"input_tokens": {"1": 1}}}"#, "expected a string"),
  ])
  func `bad lengths are an error of their file`(text: String, problem: String) throws {
    let folder = try folder([1: "0,1,1,Gamma,1,1\n"])
    let path = try folder.file("chunk-1-dataset.json", text.utf8)
    let error = #expect(throws: TraceError.self) { try read(folder) }
    #expect(error?.file.hasSuffix("chunk-1-dataset.json") == true, "\(path)")
    #expect(error?.problem.contains(problem) == true, "\(error?.problem ?? "no error")")
  }
}
