import Foundation
import Synthesis
import Testing
import Workload

/// How close sessions of the agentic recipe are to recorded ones.
///
/// The recipe follows fits to 692 sessions; the bounds are those within which a sample of other
/// recorded sessions lies, twice the 95th percentile of split halves.
@Suite struct `Agentic recipe` {
  private static let seeds: [UInt64] = [1, 2, 3]

  private func samples(seed: UInt64) throws -> TraceSamples {
    try TraceSamples(
      reading: SyntheticTrace(try Recipe("agentic-coding"), size: .sessions(1_000), seed: seed)
    )
  }

  @Test func `it lies within the bounds of the recorded sessions`() throws {
    guard let path = Folders.published("weka-agentic/weka_sessions_rle.jsonl.zst") else { return }
    let recorded = try TraceSamples(
      reading: TraceFile(path: path, sessionsPerSecond: 0.01, failures: .keep)
    )
    #expect(recorded.sessions == 354)
    let bounds: [(TraceStatistic, Double)] = [
      (.requestsPerSession, 0.17), (.startTokens, 0.19), (.promptTokens, 0.12),
      (.outputTokens, 0.08), (.growthTokens, 0.07), (.sessionLength, 0.19),
    ]
    for seed in Self.seeds {
      let made = try samples(seed: seed)
      for (statistic, bound) in bounds {
        let distance = try #require(made[statistic].distance(to: recorded[statistic]))
        print("agentic-coding seed \(seed) \(statistic.rawValue): KS \(distance), bound \(bound)")
        #expect(distance <= bound, "\(statistic.rawValue), seed \(seed)")
      }
    }
  }

  /// Quantiles of the seconds in front of rows with a person's text, of the same file.
  private static let humanGaps: [(share: Double, seconds: Double)] = [
    (0.05, 4), (0.1, 12), (0.2, 25), (0.3, 44.5), (0.4, 73), (0.5, 121), (0.6, 175), (0.7, 294.5),
    (0.8, 538), (0.9, 1_344), (0.95, 3_072.5), (0.99, 6_494),
  ]

  /// Shares of tool calls up to so many seconds, published by TraceLab (arXiv 2606.30560).
  private static let toolGaps: [(share: Double, seconds: Double)] = [
    (0.5, 0.3), (0.61, 1), (0.88, 10), (0.9, 13.6), (0.96, 60), (0.99, 216),
  ]

  @Test(arguments: seeds)
  func `hits, compactions and gaps are those of the recorded sessions`(seed: UInt64) throws {
    let made = try samples(seed: seed)
    let hits = try #require(made.sessionHitShare)
    let compactions = made[.compactionsPerSession].mean
    print("agentic-coding seed \(seed): hits \(hits), compactions per session \(compactions)")
    #expect(abs(hits - 0.963) <= 0.01)
    #expect(abs(compactions - 0.36) <= 0.1)
    for (gaps, statistic, bound) in [
      (Self.humanGaps, TraceStatistic.humanGap, 0.21), (Self.toolGaps, .toolGap, 0.03),
    ] {
      let values = made[statistic]
      for gap in gaps {
        let share = try #require(values.share(upTo: Int64(gap.seconds * 1e9)))
        #expect(abs(share - gap.share) <= bound, "\(statistic.rawValue) up to \(gap.seconds) s")
      }
    }
    let people = Double(made[.humanGap].count) / Double(made.requests)
    // Of all rows; the reference counts first rows, which a person starts too.
    #expect(abs(people + Double(made.sessions) / Double(made.requests) - 0.155) <= 0.03)
  }
}

extension ValueCounts {
  /// The share of values that are at most this one.
  fileprivate func share(upTo value: Int64) -> Double? {
    guard count > 0 else { return nil }
    let index = values.lastIndex { $0 <= value }
    return Double(index.map { ranks[$0] } ?? 0) / Double(count)
  }
}
