import Testing
import Workload

/// Profiles against what is published of, and was computed from, traces in use.
@Suite struct `Profiles of published traces` {
  @Test func `the Azure code hour has its figures`() throws {
    let file = "azure-llm-2023/AzureLLMInferenceTrace_code.csv"
    guard let path = Folders.published(file) else { return }
    let profile = try TraceProfile(reading: TraceFile(path: path))
    #expect(profile.rows == 8_819)
    #expect(rounded(profile.arrivals.perSecond, 2) == 2.57)
    #expect(profile.arrivals.minutePeak == 632)
    #expect(rounded(profile.arrivals.minuteMean, 0) == 151)
    #expect(rounded(profile.arrivals.minutePeakOverMean, 2) == 4.18)
    #expect(rounded(profile.arrivals.interArrivalCV, 1) == 13.2)
    #expect(rounded(profile.arrivals.dispersion, 1) == 13.2)
    let prompt = profile.promptTokens
    #expect(prompt.mean.rounded() == 2_048)
    expect(prompt, [1_469, 5_188, 7_436, 7_437])
    let output = profile.outputTokens
    #expect(output.mean.rounded() == 28)
    expect(output, [13, 55, 251, 1_899])
    #expect(profile.sessions == nil && profile.prefixes == nil && profile.columns.isEmpty)
  }

  @Test func `the Azure chat hour has its figures`() throws {
    let file = "azure-llm-2023/AzureLLMInferenceTrace_conv.csv"
    guard let path = Folders.published(file) else { return }
    let profile = try TraceProfile(reading: TraceFile(path: path))
    #expect(profile.rows == 19_366)
    #expect(rounded(profile.arrivals.perSecond, 2) == 5.53)
    #expect(rounded(profile.arrivals.minutePeakOverMean, 2) == 1.52)
    #expect(rounded(profile.arrivals.interArrivalCV, 2) == 1.09)
    #expect(rounded(profile.arrivals.dispersion, 2) == 1.39)
    let prompt = profile.promptTokens
    #expect(prompt.mean.rounded() == 1_155)
    expect(prompt, [1_020, 2_734, 4_142, 14_050])
    let output = profile.outputTokens
    #expect(output.mean.rounded() == 211)
    expect(output, [129, 424, 601, 1_000])
  }

  @Test func `the Mooncake conversation shares what its authors say`() throws {
    guard let path = Folders.published("mooncake-fast25/conversation_trace.jsonl") else { return }
    let profile = try TraceProfile(reading: TraceFile(path: path))
    let prefixes = try #require(profile.prefixes)
    #expect(profile.rows == 12_031 && prefixes.rows == 12_031)
    #expect(prefixes.blockTokens == 512)
    #expect(prefixes.distinctBlocks == 182_790)
    #expect(prefixes.blocks - prefixes.hitBlocks == prefixes.distinctBlocks)
    #expect(rounded(prefixes.hitBlockShare, 3) == 0.366)
    #expect(rounded(prefixes.hitTokenShare, 3) == 0.374)
    // All but the first begin with block 0.
    #expect(prefixes.hitRows == 12_030)
    #expect(rounded(profile.arrivals.dispersion, 1) == 7.9)
    #expect(rounded(profile.arrivals.minutePeakOverMean, 2) == 1.21)
    let prompt = profile.promptTokens
    #expect(prompt.mean.rounded() == 12_035)
    expect(prompt, [6_909, 27_367, 85_400, 126_195])
    let output = profile.outputTokens
    #expect(output.mean.rounded() == 343)
    expect(output, [350, 597, 1_119, 2_000])
  }

  /// Whether quantiles, which were printed as whole numbers, and the maximum are these.
  private func expect(_ found: Distribution, _ printed: [Double]) {
    let quantiles = [found.p50, found.p90, found.p99, Double(found.max)]
    for (quantile, value) in zip(quantiles, printed) { #expect(abs(quantile - value) <= 0.5) }
  }

  private func rounded(_ value: Double?, _ decimals: Int) -> Double? {
    let scale = [1.0, 10, 100, 1_000][decimals]
    return value.map { ($0 * scale).rounded() / scale }
  }
}
