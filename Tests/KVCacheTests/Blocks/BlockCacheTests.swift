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

  @Test func `leaf-lru`() throws { try expectAgreement(LeafLRUCache.self, TwinLeafLRU.self) }
  @Test func `cost-aware`() throws { try expectAgreement(CostAwareCache.self, TwinCost.self) }
  @Test func `ttl`() throws {
    try expectAgreement(TwinTTL.self) {
      TTLCache(capacity: $0, for: $1, lifetime: TwinTTL.lifetime)
    }
  }
  @Test func `workload-aware`() throws {
    try expectAgreement(TwinWorkload.self) {
      WorkloadAwareCache(capacity: $0, for: $1, lifespan: TwinWorkload.lifespan)
    }
  }

  @Test func `none finds nothing`() throws {
    let paths = try PrefixPaths(reading: CacheTrace(seed: 1).trace)
    let counts = NoCache.replay(paths, capacity: 1_000)
    #expect(counts.blocks == paths.references && counts.blockHits == 0 && counts.tokenHits == 0)
  }

  private func expectAgreement<Cache: BlockCache & ~Copyable, Twin: TwinCache>(
    _ cache: Cache.Type,
    _ twin: Twin.Type
  ) throws {
    try expectAgreement(twin) { Cache(capacity: $0, for: $1) }
  }

  private func expectAgreement<Cache: BlockCache & ~Copyable, Twin: TwinCache>(
    _ twin: Twin.Type,
    _ make: (Int, PrefixPaths) -> Cache
  ) throws {
    var hits = 0
    var partial = 0
    for seed in 0..<UInt64(1_000) {
      let trace = CacheTrace(seed: seed, rows: 8...24)
      let paths = try PrefixPaths(reading: trace.trace)
      var real = make(trace.capacity, paths)
      var plain = Twin(capacity: trace.capacity, paths: paths)
      for prompt in 0..<paths.count {
        var position = 0
        let (now, requestClass) = (paths.arrival[prompt], paths.requestClass[prompt])
        real.begin(now: now, requestClass: requestClass)
        plain.begin(now: now, requestClass: requestClass)
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
    #expect(hits > 5_000 && partial > 200)
  }

  @Test func `the curve of lru is lru at every capacity`() throws {
    for seed in 0..<UInt64(1_000) {
      let trace = CacheTrace(seed: seed, rows: 8...24)
      let paths = try PrefixPaths(reading: trace.trace)
      let curve = LRUCurve(paths)
      for capacity in 1...paths.blockCount + 1 {
        let counts = LRUCache.replay(paths, capacity: capacity)
        try #require(curve.counts(capacity: capacity) == counts, "seed \(seed), \(capacity) blocks")
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
