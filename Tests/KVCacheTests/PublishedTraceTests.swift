import Foundation
import KVCache
import Testing
import Workload

/// Hit ratios that others have found for the same trace, by the same definitions.
@Suite struct PublishedTraceTests {
  static let capacities = [100_000, 50_000, 30_000, 10_000, 5_000, 1_000]

  @Test func `the Mooncake conversation trace gives the published hit ratios`() throws {
    guard let path = Self.conversation else { return }
    let paths = try PrefixPaths(reading: TraceFile(path: path))
    #expect(paths.references == 288_500 && paths.blockCount == 182_790)
    expect(LRUCache.self, [0.364, 0.355, 0.326, 0.211, 0.110, 0.044], paths)
    expect(FIFOCache.self, [0.359, 0.340, 0.302, 0.187, 0.107, 0.044], paths)
    expect(LFUCache.self, [0.363, 0.344, 0.276, 0.132, 0.092, 0.048], paths)
    expect(LengthAwareCache.self, [0.317, 0.224, 0.171, 0.100, 0.073, 0.047], paths)
    expect(SieveCache.self, [0.363, 0.344, 0.276, 0.132, 0.092, 0.048], paths)
    expect(S3FIFOCache.self, [0.362, 0.350, 0.306, 0.195, 0.138, 0.056], paths)
    expect(BeladyCache.self, [0.366, 0.366, 0.366, 0.366, 0.341, 0.191], paths)
  }

  /// A prompt whose blocks are pinned, and blocks that leave from the end of a path, make little
  /// difference to prompts of this trace.
  @Test func `the rules of an engine change the hit ratios of lru by less than 0.002`() throws {
    guard let path = Self.conversation else { return }
    let paths = try PrefixPaths(reading: TraceFile(path: path))
    for capacity in Self.capacities {
      let block = LRUCache.replay(paths, capacity: capacity).blockHitRatio ?? 0
      let engine = try PrefixReplay.replay(paths, capacity: capacity, eviction: LRU())
      let leaves = LeafLRUCache.replay(paths, capacity: capacity).blockHitRatio ?? 0
      #expect(abs((engine.blockHitRatio ?? 0) - block) < 0.002, "\(capacity) blocks")
      #expect(abs(leaves - block) <= 0.002, "\(capacity) blocks")
    }
  }

  @Test func `one pass gives the whole curve of lru`() throws {
    guard let path = Self.conversation else { return }
    let paths = try PrefixPaths(reading: TraceFile(path: path))
    let curve = LRUCurve(paths)
    for capacity in Self.capacities + [1, 17, 182_790, 200_000] {
      let counts = LRUCache.replay(paths, capacity: capacity)
      #expect(curve.counts(capacity: capacity) == counts)
    }
  }

  private func expect<Cache: BlockCache & ~Copyable>(
    _ cache: Cache.Type,
    _ ratios: [Double],
    _ paths: PrefixPaths
  ) {
    for (capacity, ratio) in zip(Self.capacities, ratios) {
      let found = Cache.replay(paths, capacity: capacity).blockHitRatio ?? 0
      #expect(abs(found - ratio) <= 0.0005_001, "\(capacity) blocks: \(found), published \(ratio)")
    }
  }

  private static let conversation: String? = {
    let package = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let shared =
      ProcessInfo.processInfo.environment["REPLAY_SHARED"].map { URL(filePath: $0) }
      ?? package.deletingLastPathComponent().appending(path: "shared")
    let path = shared.appending(path: "traces/mooncake-fast25/conversation_trace.jsonl").path()
    if FileManager.default.fileExists(atPath: path) { return path }
    print("skipped: no published trace at \(path)")
    return nil
  }()
}
