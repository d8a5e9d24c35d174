import Policies
import Simulation
import Testing
import Workload

/// A policy that says it accepts all is not asked, which no result shows.
@Suite struct UnaskedPolicyTests {
  /// Answers as `accept-all` does, each time it is asked.
  private struct AskedAdmit: Admit {
    func admit(_ request: RequestView, _ pool: borrowing PoolView) -> AdmitDecision { .accept }
  }

  /// Answers as `fits` does, each time it is asked.
  private struct AskedDecodeAdmit: DecodeAdmit {
    func admit(_ request: RequestView, _ instance: MemoryView) -> DecodeAdmitDecision { .admit }
  }

  @Test(arguments: [6_000..<UInt64(6_200), 6_200..<UInt64(6_400)])
  func `asking who accepts all changes no result`(seeds: Range<UInt64>) throws {
    #expect(AcceptAll().acceptsAll && Fits().admitsAll)
    #expect(!AskedAdmit().acceptsAll && !AskedDecodeAdmit().admitsAll)
    var waited = 0
    for seed in seeds {
      var unasked = Case.make(seed: seed, policies: CasePolicies.draw)
      unasked.policies.admit = AcceptAll()
      unasked.policies.decodeAdmit = Fits()
      var asked = unasked
      asked.policies.admit = AskedAdmit()
      asked.policies.decodeAdmit = AskedDecodeAdmit()
      for mode in [EngineMode.fast, .stepping] {
        let runs = try (LawRun(unasked, mode: mode), LawRun(asked, mode: mode))
        let difference = EngineLaws.difference(runs.0, runs.1)
        try #require(difference == nil, "\(unasked)")
        waited += runs.0.records.count { $0.preemptions > 0 }
      }
    }
    // Requests whose memory was short went through the questions too.
    #expect(waited > 100)
  }
}
