#if SEEDED_DEFECTS
  import Simulation
  import Testing
  import Workload

  /// The laws notice every fault that can be switched on in the engine.
  @Suite struct SeededDefectTests {
    /// Seeds within which a fault has to show.
    private static let seeds = 0..<UInt64(600)

    /// A case and what is right for it.
    private struct Prepared: Sendable {
      let test: Case
      let twin: TwinResult

      init(seed: UInt64) {
        let healthy = Case.make(seed: seed, policies: CasePolicies.draw)
        twin = EngineLaws.expectation(of: healthy)
        test = healthy.bounded(after: twin.records)
      }
    }

    /// Most faults show in the first cases, which all of them share.
    private static let first = seeds.prefix(100).map(Prepared.init)

    @Test(arguments: Defect.allCases)
    func `a law fails when the engine has a fault`(defect: Defect) throws {
      var caught: (seed: UInt64, law: String)?
      for seed in Self.seeds where caught == nil {
        let index = Int(seed)
        let prepared = index < Self.first.count ? Self.first[index] : Prepared(seed: seed)
        let law = try SeededDefect.$current.withValue(defect) {
          try EngineLaws.disagreement(in: prepared.test, with: prepared.twin)
        }
        if let law { caught = (seed, law) }
      }
      let found = try #require(caught, "no seed noticed \(defect)")
      print("defect \(defect): seed \(found.seed), \(found.law.prefix(40))")
    }
  }

  extension Case {
    /// The same case with a horizon after the last request is done, so that an engine that goes on
    /// for ever is stopped, and a sound one is not.
    fileprivate func bounded(after records: [RequestRecord]) -> Case {
      guard options.horizon == .never else { return self }
      let end = records.map(\.finish).max() ?? 0
      var bounded = self
      bounded.options.horizon = end + 1_000_000
      return bounded
    }
  }
#endif
