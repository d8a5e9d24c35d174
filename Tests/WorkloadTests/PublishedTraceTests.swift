import Foundation
import Testing
import Workload

/// The importers against traces as their authors published them; skipped where those are absent.
@Suite struct `Published traces` {
  @Test(arguments: [
    ("azure-llm-2023/AzureLLMInferenceTrace_code.csv", 8_819, 13.2, 2_048, 28),
    ("azure-llm-2023/AzureLLMInferenceTrace_conv.csv", 19_366, 1.39, 1_155, 211),
  ])
  func `Azure hours have their published rows, burstiness and lengths`(
    file: String,
    rows: Int,
    dispersion: Double,
    meanPrompt: Double,
    meanOutput: Double
  ) throws {
    guard let path = Folders.published(file) else { return }
    let trace = try InMemoryTrace(reading: TraceFile(path: path))
    #expect(violations(of: trace).isEmpty)
    let group = try #require(trace.groups.first)
    #expect(group.count == rows)
    let digits = dispersion == 13.2 ? 10.0 : 100
    #expect((indexOfDispersion(group.arrival) * digits).rounded() == dispersion * digits)
    #expect(mean(group.promptTokens).rounded() == meanPrompt)
    #expect(mean(group.outputTokens).rounded() == meanOutput)
  }

  @Test func `the Mooncake conversation has its rows and distinct blocks, as a JSON decoder`()
    throws
  {
    let file = "mooncake-fast25/conversation_trace.jsonl"
    guard let path = Folders.published(file) else { return }
    let trace = try InMemoryTrace(reading: TraceFile(path: path))
    let group = try #require(trace.groups.first)
    let lines = try Data(contentsOf: URL(filePath: path)).split(separator: 10).map {
      try JSONDecoder().decode(MooncakeLine.self, from: $0)
    }
    #expect(group.count == 12_031)
    #expect(lines.count == 12_031)
    #expect(group.arrival.elementsEqual(lines.map { $0.timestamp * 1_000_000 }))
    #expect(group.promptTokens.elementsEqual(lines.map { Int32($0.input_length) }))
    #expect(group.outputTokens.elementsEqual(lines.map { Int32($0.output_length) }))
    #expect(mean(group.promptTokens).rounded() == 12_035)
    #expect(mean(group.outputTokens).rounded() == 343)
    let paths = PathComparison(trace)
    #expect(paths.places.count == 182_790)
    #expect(paths.differences(lines).isEmpty)
  }

  /// Variance over mean of the counts per second, in bins from the first arrival.
  private func indexOfDispersion(_ arrivals: ContiguousArray<SimTime>) -> Double {
    guard let last = arrivals.last else { return .nan }
    var counts = [Int](repeating: 0, count: Int(last / SimTime.nanosecondsPerSecond) + 1)
    for arrival in arrivals { counts[Int(arrival / SimTime.nanosecondsPerSecond)] += 1 }
    let mean = Double(arrivals.count) / Double(counts.count)
    let squares = counts.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
    return squares / Double(counts.count) / mean
  }

  private func mean(_ column: ContiguousArray<Int32>) -> Double {
    Double(column.reduce(0) { $0 + Int($1) }) / Double(column.count)
  }
}
