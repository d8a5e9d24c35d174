import Policies
import Simulation
import Testing

struct RegistryTests {
  @Test(
    arguments: [
      ("sfj", ["fcfs", "sjf"], "; did you mean 'sjf'? Known: fcfs, sjf"),
      ("kitten", ["mitten", "sitting", "kitchen"], "; did you mean 'mitten'? Known: mitten, "),
      ("flaw", ["claws", "lawn"], "; did you mean 'claws'? Known: "),
      ("abc", ["xyz", "abxyz"], ". Known: xyz, abxyz"),
      ("", ["fcfs"], ". Known: fcfs"),
    ]
  )
  func `an unknown name is told the nearest, the first of several, unless none is near`(
    name: String,
    known: [String],
    ending: String
  ) {
    let text = PolicyError.unknownPreset(name, known: known).description
    #expect(text.hasPrefix("unknown preset '\(name)'\(ending)"))
  }

  @Test func `every hook has policies, with names in kebab case that are unique for it`() {
    for hook in PolicyHook.allCases {
      let names = PolicyRegistry.standard.entries(for: hook).map(\.name)
      #expect(!names.isEmpty, "\(hook)")
      #expect(Set(names).count == names.count, "\(hook)")
      for name in names {
        #expect(name.wholeMatch(of: /[a-z][a-z0-9]*(-[a-z]+)*/) != nil, "\(name)")
      }
    }
  }

  @Test func `a summary is one sentence, and a parameter says what it is and in which unit`() {
    for entry in PolicyRegistry.standard.entries {
      #expect(entry.summary.hasSuffix("."), "\(entry.name)")
      #expect(entry.summary.count <= 100, "\(entry.name)")
      for parameter in entry.parameters {
        #expect(parameter.summary.hasSuffix("."), "\(entry.name): \(parameter.name)")
        switch parameter.kind {
        case .number(let unit, _, _):
          #expect(!unit.isEmpty, "\(entry.name): \(parameter.name)")
        case .choice(let names):
          #expect(names.contains(parameter.defaultText), "\(entry.name): \(parameter.name)")
          #expect(Set(names).count == names.count, "\(entry.name): \(parameter.name)")
          for name in names {
            #expect(name.wholeMatch(of: /[a-z]+(-[a-z]+)*/) != nil, "\(name)")
          }
        }
      }
    }
  }

  @Test func `every policy is made with its defaults, both ends of every range and every name`()
    throws
  {
    for entry in PolicyRegistry.standard.entries {
      for hook in entry.hooks {
        var set = try PolicyChoice.defaults.resolve()
        try PolicyRegistry.standard.install(entry.name, for: hook, in: &set)
        for parameter in entry.parameters {
          for value in extremes(of: parameter) {
            let spec = "\(entry.name):\(parameter.name)=\(value)"
            try PolicyRegistry.standard.install(spec, for: hook, in: &set)
          }
        }
      }
    }
  }

  private func extremes(of parameter: PolicyParameter) -> [String] {
    switch parameter.kind {
    case .number(_, let range, _): ["\(range.lowerBound)", "\(range.upperBound)"]
    case .choice(let names): names
    }
  }

  @Test func `a policy of a set uses what its entry says, and no less deployable knowledge`() throws
  {
    for hook in PolicyHook.allCases {
      for entry in PolicyRegistry.standard.entries(for: hook) {
        let set = try policies(entry.name, for: hook)
        #expect(set.clairvoyance == entry.clairvoyance, "\(entry.name)")
      }
    }
  }

  @Test func `a spec's values reach the policy`() throws {
    var set = try PolicyChoice.defaults.resolve()
    try PolicyRegistry.standard.install("queue-cap:tokens=10,requests=3", for: .admit, in: &set)
    var admit = set.admit
    #expect(admit.admit(request(), Gauges(count: 1, queued: [2], tokens: [9]).view()) == .accept)
    #expect(admit.admit(request(), Gauges(count: 1, queued: [3]).view()) != .accept)
    #expect(admit.admit(request(), Gauges(count: 1, tokens: [10]).view()) != .accept)

    try PolicyRegistry.standard.install("staggered:hold=0.5", for: .batch, in: &set)
    #expect(set.formBatch.form(batch(now: 7, oldest: 7)).review == .at(500_007))
  }

  @Test func `a name reaches the policy`() throws {
    let poor = "token-bucket:capacity=10,rate=1"
    let one = request(contextTokens: 8)
    let full = Gauges(count: 1).view()
    for (spec, isHeld) in [(poor, false), (poor + ",otherwise=hold", true)] {
      var admit = try policies(spec, for: .admit).admit
      #expect(admit.admit(one, full) == .accept)
      let second = admit.admit(one, full)
      #expect((second == .hold(review: .at(6_000_000_000))) == isHeld, "\(spec)")
    }
    let stale = Gauges(count: 2, tokens: [1, 2], sentTokens: [5, 0]).view()
    for (spec, position) in [("least-tokens", 1), ("least-tokens:corrected=false", 0)] {
      var route = try policies(spec, for: .routePrefill).routePrefill
      #expect(route.route(request(), stale) == position, "\(spec)")
    }
    let view = memory([resident(tokens: 1)], capacity: 1)
    for (spec, restore) in [
      ("newest-first", PreemptDecision.Restore.recompute), ("newest-first:restore=swap", .swap),
      ("priority:restore=swap", .swap),
    ] {
      var preempt = try policies(spec, for: .preempt).preempt
      #expect(preempt.preempt(view).restore == restore, "\(spec)")
    }
  }

  @Test func `an order is installed for the queue that it is chosen for`() throws {
    let set = try PolicyChoice.parse("gateway-order=priority order=sjf bridge-order=hrrn").resolve()
    #expect(set.orderGateway is HighestPriorityFirst)
    #expect(set.orderPrefill is ShortestJobFirst)
    #expect(set.orderBridge is HighestResponseRatio)
  }

  /// A policy as a user would write it.
  private struct LastInstance: RoutePrefill {
    static let entry = PolicyEntry.routePrefill("last-instance", "Picks the last instance.") { _ in
      LastInstance()
    }

    func route(_ request: RequestView, _ pool: borrowing PoolView) -> Int { pool.count - 1 }
  }

  @Test func `a user's policy is added beside the built-in ones`() throws {
    let registry: PolicyRegistry = .standard + [LastInstance.entry]
    let set = try PolicyChoice.parse("route-prefill=last-instance").resolve(in: registry)
    #expect(set.routePrefill is LastInstance)
    #expect(throws: PolicyError.self) {
      try PolicyChoice.parse("route-prefill=last-instance").resolve()
    }
  }

  @Test func `two policies of one name are an error once that name is chosen`() throws {
    let registry: PolicyRegistry = .standard + [LastInstance.entry, LastInstance.entry]
    _ = try PolicyChoice.defaults.resolve(in: registry)
    #expect(throws: PolicyError.repeatedPolicy("last-instance", hook: .routePrefill)) {
      try PolicyChoice.parse("route-prefill=last-instance").resolve(in: registry)
    }
  }

  @Test(
    arguments: [
      (
        PolicyHook.routePrefill, "least-token",
        "unknown policy 'least-token' for route-prefill; did you mean 'least-tokens'? "
          + "Known: round-robin, least-requests, least-tokens, power-of-two, session-affinity, "
          + "cache-aware"
      ),
      (
        .admit, "magic",
        "unknown policy 'magic' for admit. "
          + "Known: accept-all, queue-cap, hold-at-router, token-bucket"
      ),
      (
        .admit, "queue-cap:request=3",
        "unknown parameter 'request' of queue-cap; did you mean 'requests'? "
          + "Known: requests, tokens"
      ),
      (.order, "fcfs:key=3", "unknown parameter 'key' of fcfs, which takes none"),
      (
        .admit, "queue-cap:requests=many",
        "queue-cap: requests is 'many', expected a whole number from 1 to 1000000000 "
          + "(requests per instance)"
      ),
      (
        .admit, "queue-cap:requests=1.5",
        "queue-cap: requests is '1.5', expected a whole number from 1 to 1000000000 "
          + "(requests per instance)"
      ),
      (
        .batch, "staggered:hold=-1",
        "staggered: hold is '-1', expected a number from 0 to 60000 (ms)"
      ),
      (
        .batch, "staggered:hold=inf",
        "staggered: hold is 'inf', expected a number from 0 to 60000 (ms)"
      ),
      (
        .batch, "chunked:tokens=0x10",
        "chunked: tokens is '0x10', expected a whole number from 1 to 1000000000 "
          + "(tokens per step)"
      ),
      (
        .admit, "token-bucket:otherwise=rejct",
        "token-bucket: otherwise is 'rejct', expected reject or hold; did you mean 'reject'?"
      ),
      (
        .admit, "token-bucket:otherwise=0",
        "token-bucket: otherwise is '0', expected reject or hold"
      ),
      (
        .routeDecode, "least-kv:corrected=TRUE",
        "least-kv: corrected is 'TRUE', expected true or false; did you mean 'true'?"
      ),
      (.admit, "queue-cap:tokens=1,tokens=2", "queue-cap: tokens is given twice"),
      (
        .admit, "queue-cap:",
        "'queue-cap:' is not of the form NAME or NAME:parameter=value,parameter=value"
      ),
      (
        .admit, "queue-cap:tokens",
        "'queue-cap:tokens' is not of the form NAME or NAME:parameter=value,parameter=value"
      ),
      (.admit, "", "'' is not of the form NAME or NAME:parameter=value,parameter=value"),
    ]
  )
  func `a bad spec is explained`(hook: PolicyHook, spec: String, message: String) throws {
    var set = try PolicyChoice.defaults.resolve()
    let error = #expect(throws: PolicyError.self) {
      try PolicyRegistry.standard.install(spec, for: hook, in: &set)
    }
    #expect(error?.description == message)
  }
}
