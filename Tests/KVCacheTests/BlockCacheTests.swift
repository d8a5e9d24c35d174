import KVCache
import Testing
import Workload

/// Every cache against a twin that follows its definition block by block.
@Suite struct BlockCacheTests {
  @Test func `lru`() throws { try expectAgreement(LRUCache.self, TwinLRU.self) }
  @Test func `fifo`() throws { try expectAgreement(FIFOCache.self, TwinFIFO.self) }
  @Test func `lfu`() throws { try expectAgreement(LFUCache.self, TwinRanked<ByCount>.self) }
  @Test func `slru`() throws { try expectAgreement(SLRUCache.self, TwinSLRU.self) }
  @Test func `s3-fifo`() throws { try expectAgreement(S3FIFOCache.self, TwinS3FIFO.self) }
  @Test func `sieve`() throws { try expectAgreement(SieveCache.self, TwinSieve.self) }
  @Test func `belady`() throws { try expectAgreement(BeladyCache.self, TwinRanked<ByNextUse>.self) }
  @Test func `length-aware`() throws {
    try expectAgreement(LengthAwareCache.self, TwinRanked<ByCountAndPosition>.self)
  }

  private func expectAgreement<Cache: BlockCache & ~Copyable, Twin: TwinCache>(
    _ cache: Cache.Type,
    _ twin: Twin.Type
  ) throws {
    var hits = 0
    var partial = 0
    for seed in 0..<UInt64(1_000) {
      let trace = CacheTrace(seed: seed)
      let paths = try PrefixPaths(reading: trace.trace)
      var real = Cache(capacity: trace.capacity, for: paths)
      var plain = Twin(capacity: trace.capacity, future: paths.flatReferences)
      for prompt in 0..<paths.count {
        var position = 0
        for index in Int(paths.firstRun[prompt])..<Int(paths.firstRun[prompt + 1]) {
          let run = paths.runs[index]
          let found = paths.blocks(of: run).enumerated().map { offset, block in
            plain.touch(block, position: position + offset)
          }
          let expected = RunHits(
            count: found.count { $0 },
            includesLast: found.last ?? false
          )
          let seen = real.touch(run, position: position)
          try #require(seen == expected, "seed \(seed), prompt \(prompt), run \(run)")
          position += run.count
          hits += expected.count
          if expected.count > 0, expected.count < run.count { partial += 1 }
        }
      }
    }
    #expect(hits > 10_000 && partial > 500)
  }

  @Test func `the curve of lru is lru at every capacity`() throws {
    for seed in 0..<UInt64(1_000) {
      let trace = CacheTrace(seed: seed)
      let paths = try PrefixPaths(reading: trace.trace)
      let curve = LRUCurve(paths)
      for capacity in 1...paths.blockCount + 1 {
        let counts = LRUCache.replay(paths, capacity: capacity)
        try #require(curve.counts(capacity: capacity) == counts, "seed \(seed), \(capacity) blocks")
      }
    }
  }

  @Test func `belady finds at least what every other cache finds`() throws {
    for seed in 0..<UInt64(300) {
      let trace = CacheTrace(seed: seed)
      let paths = try PrefixPaths(reading: trace.trace)
      let best = BeladyCache.replay(paths, capacity: trace.capacity).blockHits
      for other in [
        LRUCache.replay(paths, capacity: trace.capacity),
        LFUCache.replay(paths, capacity: trace.capacity),
        S3FIFOCache.replay(paths, capacity: trace.capacity),
        SieveCache.replay(paths, capacity: trace.capacity),
        SLRUCache.replay(paths, capacity: trace.capacity),
      ] {
        try #require(best >= other.blockHits, "seed \(seed)")
      }
    }
  }
}

extension PrefixPaths {
  /// The numbers of a run's blocks.
  func blocks(of run: PathRun) -> [Int] {
    let first = Int(firstBlock[Int(run.node)])
    return Array(first + Int(run.start)..<first + Int(run.end))
  }

  /// The numbers of all blocks that are touched, in order.
  var flatReferences: [Int] { runs.flatMap { blocks(of: $0) } }
}
