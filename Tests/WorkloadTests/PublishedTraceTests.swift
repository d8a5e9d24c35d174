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

  @Test(arguments: [
    ("splitwise_code.csv", "AzureLLMInferenceTrace_code.csv", 8_819),
    ("splitwise_conv.csv", "AzureLLMInferenceTrace_conv.csv", 19_366),
  ])
  func `Vidur's copies of the Azure hours have their rows and lengths`(
    file: String,
    original: String,
    rows: Int
  ) throws {
    guard let path = Folders.published("vidur/\(file)"),
      let azure = Folders.published("azure-llm-2023/\(original)")
    else { return }
    // A few of the times were subtracted as floats and are spelt to the last of their bits.
    let error = #expect(throws: TraceError.self) {
      try InMemoryTrace(reading: TraceFile(path: path))
    }
    #expect(error?.problem.contains("--round") == true)
    let trace = try InMemoryTrace(reading: TraceFile(path: path, rounding: true))
    let group = try #require(trace.groups.first)
    let source = try #require(try InMemoryTrace(reading: TraceFile(path: azure)).groups.first)
    #expect(violations(of: trace).isEmpty)
    #expect(group.count == rows)
    #expect(group.promptTokens == source.promptTokens)
    #expect(group.outputTokens == source.outputTokens)
    // The copies round the stamps of 100 ns to microseconds, the first one included.
    #expect(zip(group.arrival, source.arrival).allSatisfy { abs($0 - $1) <= 1_000 })
  }

  @Test func `Vidur's summarization lengths read at a rate`() throws {
    let file = "vidur/arxiv_summarization_stats_llama2_tokenizer_filtered_v2.csv"
    guard let path = Folders.published(file) else { return }
    let trace = try InMemoryTrace(reading: TraceFile(path: path, sessionsPerSecond: 4))
    let group = try #require(trace.groups.first)
    #expect(group.count == 28_257)
    #expect(group.arrival.last == SimTime(28_256 * 250_000_000))
    #expect(mean(group.promptTokens).rounded() == 2_588)
    #expect(group.promptTokens.max() == 4_054)
  }

  @Test func `splitwise-sim's own trace reads`() throws {
    guard let path = Folders.published("splitwise-sim/test_trace.csv") else { return }
    let trace = try InMemoryTrace(reading: TraceFile(path: path))
    let group = try #require(trace.groups.first)
    #expect(group.arrival == [0, 2_000_000_000, 3_000_000_000])
    #expect(group.promptTokens == [4_096, 2_048, 2_048])
    #expect(group.outputTokens == [32, 8, 16])
    #expect(trace.names.tenants == ["0"])
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
