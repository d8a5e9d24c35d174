import Foundation
import Testing

/// That the benchmarks run and report; how fast they find anything is not for tests to say.
@Suite(.enabled(if: Bench.path != nil, "the benchmarks have not been built"))
struct BenchSmokeTests {
  @Test func `a smoke run gives a row with a digest for every replay`() throws {
    let (status, output) = try Bench.run("--smoke", "--csv", "-")
    #expect(status == 0)
    let lines = output.split(separator: "\n")
    #expect(lines.first?.hasPrefix("benchmark,value,unit,bound,budget,holds,") == true)
    let rows = lines.dropFirst().map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    #expect(rows.count == 25)
    #expect(rows.allSatisfy { $0.count >= 12 })
    let replays = rows.filter { $0[10].count == 32 }
    try #require(replays.count == 13)
    // Both engine modes.
    #expect(replays[0][10] == replays[1][10])
    #expect(replays.allSatisfy { Double($0[1]) ?? 0 > 0 && Double($0[7]) ?? 0 > 0 })
  }

  @Test func `one benchmark can be chosen by its name, and none by another`() throws {
    let (status, output) = try Bench.run("--smoke", "--only", "mixed", "--csv", "-")
    #expect(status == 0)
    #expect(output.split(separator: "\n").count == 2)
    #expect(try Bench.run("--only", "mixd").status == 64)
  }
}

/// The built benchmarks, beside the tests.
private enum Bench {
  static let path: String? = {
    let path = URL(filePath: CommandLine.arguments[0])
      .deletingLastPathComponent().appending(path: "ReplayBench").path
    if FileManager.default.isExecutableFile(atPath: path) { return path }
    print("skipped: the smoke run of the benchmarks, because there is no program at \(path)")
    return nil
  }()

  static func run(_ arguments: String...) throws -> (status: Int32, output: String) {
    let (process, pipe) = (Process(), Pipe())
    process.executableURL = URL(filePath: try #require(path))
    process.arguments = arguments
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }
}
