import Hardware
import Simulation
import Testing
import Workload

/// Samples of the pools: the same in both modes, of no influence, and exact.
@Suite struct SampleTests {
  static let blocks = [7_000..<UInt64(7_150), 7_150..<UInt64(7_300)]

  @Test(arguments: blocks)
  func `samples are the same in both modes and make up the run`(seeds: Range<UInt64>) throws {
    var crowded = 0
    for seed in seeds {
      var test = Case.make(seed: seed, policies: CasePolicies.draw)
      let blind = try LawRun(test, mode: .fast)
      #expect(blind.samples.isEmpty)
      test.options.sampleInterval = max(1, blind.result.end / SimTime(2 + seed % 9))
      let fast = try LawRun(test, mode: .fast)
      let stepping = try LawRun(test, mode: .stepping)
      try #require(EngineLaws.difference(blind, fast) == nil, "\(test)")
      try #require(fast.samples == stepping.samples, "\(test)")
      try expectWhole(fast, test)
      if fast.samples.contains(where: { $0.queuedRequests > 0 && $0.runningRequests > 0 }) {
        crowded += 1
      }
    }
    #expect(crowded > 20)
  }

  /// The intervals adjoin, end with the run, and what was done in them is what was done.
  private func expectWhole(_ run: LawRun, _ test: Case) throws {
    let pools = test.fleet.pools
    var instance = 0
    for (index, pool) in pools.enumerated() {
      let samples = run.samples.filter { $0.pool == Int32(index) }
      try #require(samples.count * pools.count == run.samples.count, "\(test)")
      try #require(samples.first?.start == 0 && samples.last?.end == run.result.end, "\(test)")
      try #require(
        zip(samples, samples.dropFirst()).allSatisfy { $0.end == $1.start },
        "\(test)"
      )
      let none = InstanceTotals().additive
      let done = samples.map(\.work.additive).reduce(none) { zip($0, $1).map(+) }
      let totals = run.result.instances[instance..<instance + pool.count].map(\.additive)
        .reduce(none) { zip($0, $1).map(+) }
      try #require(done == totals, "\(test)")
      let capacity = pool.kind.kvCapacityUnits * Int64(pool.count)
      let hasRoom = samples.allSatisfy {
        $0.kvUnits >= 0 && $0.idleUnits >= 0
          && $0.kvUnits + (test.policies.evict.isUnbounded ? 0 : $0.idleUnits) <= capacity
      }
      try #require(hasRoom, "\(test)")
      instance += pool.count
    }
  }

  @Test func `a sample is what a window of the same time measures`() throws {
    for seed in 7_300..<UInt64(7_500) {
      let test = Case.make(seed: seed, policies: CasePolicies.draw)
      var sampled = test
      let end = try LawRun(test, mode: .fast).result.end
      guard end > 4 else { continue }
      sampled.options.sampleInterval = end / 3
      let run = try LawRun(sampled, mode: .fast)
      for sample in run.samples where sample.start > 0 && sample.end > sample.start {
        var measured = test
        measured.options.window = MeasureWindow(start: sample.start + 1, end: sample.end + 1)
        let window = try LawRun(measured, mode: .fast).result
        let first = test.fleet.pools[..<Int(sample.pool)].reduce(0) { $0 + $1.count }
        let count = test.fleet.pools[Int(sample.pool)].count
        let work = window.windowInstances[first..<first + count].map(\.discrete)
          .reduce(Array(repeating: 0, count: 11)) { zip($0, $1).map(+) }
        try #require(sample.work.discrete == work, "\(test) until \(sample.end)")
      }
    }
  }

  @Test func `gauges are what the requests' times say`() throws {
    var (queued, running) = (0, 0)
    for seed in 7_500..<UInt64(8_000) {
      var test = Case.make(seed: seed, policies: CasePolicies.draw)
      test.options.sampleInterval = 50
      let run = try LawRun(test, mode: .fast)
      let isPlain = run.records.allSatisfy { $0.preemptions == 0 && $0.outcome == .completed }
      guard isPlain, let pools = run.samples.map(\.pool).max() else { continue }
      for sample in run.samples where sample.end < run.result.end {
        let time = sample.end
        let held = run.records.count {
          $0.arrival <= time && time < $0.arrival + $0.stages.gateway
        }
        try #require(sample.gatewayRequests == Int64(held), "\(test) at \(time)")
        guard sample.pool == 0, pools == 0 || test.fleet.pools[0].role == .prefill,
          test.fleet.pools.count(where: { $0.role != .decode }) == 1
        else { continue }
        let waiting = run.records.count {
          $0.arrival + $0.stages.gateway <= time && time < $0.prefillStart
        }
        try #require(sample.queuedRequests == Int64(waiting), "\(test) at \(time)")
        queued += waiting
        let busy = run.records.count {
          let end = test.fleet.isMonolithic ? $0.finish : $0.prefillEnd
          return $0.prefillStart <= time && time < end
        }
        try #require(sample.runningRequests == Int64(busy), "\(test) at \(time)")
        running += busy
      }
    }
    #expect(queued > 100 && running > 100)
  }
}

extension InstanceTotals {
  /// What is counted at instants, and therefore does not depend on where between them a time lies.
  fileprivate var discrete: [Int128] {
    [
      Int128(steps), Int128(decodeSteps), Int128(decodeTokens), Int128(prefillTokens),
      attentionPairs, unitsRead, Int128(preemptions), Int128(bytesSent), Int128(bytesReceived),
      Int128(bytesSwappedOut), Int128(bytesSwappedIn),
    ]
  }
}
