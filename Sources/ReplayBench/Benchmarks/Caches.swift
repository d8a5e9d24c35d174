import KVCache
import Workload

extension Benchmark {
  static let caches = Benchmark(
    name: "caches",
    summary: "block references per second of cache-only replays under LRU"
  ) { bench in
    let published = [
      ("mooncake", "mooncake-fast25/conversation_trace.jsonl", nil, 30_000, Budget.atLeast(100e6)),
      ("weka", "weka-agentic/weka_sessions_rle.jsonl.zst", 1.0, 200_000, Budget.atLeast(1e9)),
    ]
    return try published.flatMap { label, file, rate, capacity, budget in
      guard let path = bench.traces.published(file) else {
        return ["block", "engine"].map {
          Row.skipped("cache lru \($0) \(label)", unit: unit, because: "\(file) is not at hand")
        }
      }
      let paths = try PrefixPaths(
        reading: TraceFile(path: path, sessionsPerSecond: rate, failures: .keep)
      )
      let block = passes("block \(label)", paths, budget, bench) {
        LRUCache.replay(paths, capacity: capacity)
      }
      let engine = try passes("engine \(label)", paths, nil, bench) {
        try PrefixReplay.replay(paths, capacity: capacity, eviction: LRU())
      }
      return [block, engine]
    }
  }

  private static let unit = "block references/s"

  /// Replays all prompts from an empty cache as often as it takes to last a second.
  private static func passes(
    _ name: String,
    _ paths: PrefixPaths,
    _ budget: Budget?,
    _ bench: Bench,
    _ replay: () throws -> CacheCounts
  ) rethrows -> Row {
    var counts = try replay()
    let once = try bench.time { counts = try replay() }.minimum
    let passes = bench.isSmoke ? 1 : max(1, Int((1 / max(once, 1e-6)).rounded(.up)))
    let timing = try bench.time {
      for _ in 0..<passes { counts = try replay() }
    }
    return Row(
      name: "cache lru \(name)",
      value: Double(counts.blocks) * Double(passes) / timing.minimum,
      unit: unit,
      budget: budget,
      timing: timing,
      note: "\(counts.blocks) references, \(counts.blockHits) hits, \(passes) passes"
    )
  }
}
