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
      (.outputTokens, 0.08), (.growthTokens, 0.07), (.humanGap, 0.21), (.sessionLength, 0.19),
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

  /// Shares of tool calls up to so many seconds, published by TraceLab (arXiv 2606.30560).
  private static let toolGaps: [(share: Double, seconds: Double)] = [
    (0.5, 0.3), (0.61, 1), (0.88, 10), (0.9, 13.6), (0.96, 60), (0.99, 216),
  ]

  @Test(arguments: seeds)
  func `hits, compactions and tools are those of recorded sessions`(seed: UInt64) throws {
    let made = try samples(seed: seed)
    let hits = try #require(made.sessionHitShare)
    let compactions = made[.compactionsPerSession].mean
    print("agentic-coding seed \(seed): hits \(hits), compactions per session \(compactions)")
    #expect(abs(hits - 0.963) <= 0.01)
    #expect(abs(compactions - 0.36) <= 0.1)
    for gap in Self.toolGaps {
      let share = try #require(made[.toolGap].share(upTo: Int64(gap.seconds * 1e9)))
      #expect(abs(share - gap.share) <= 0.03, "tool gaps up to \(gap.seconds) s")
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
