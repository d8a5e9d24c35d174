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
        #expect(name.wholeMatch(of: /[a-z]+(-[a-z]+)*/) != nil, "\(name)")
      }
    }
  }

  @Test func `a summary is one sentence, and a parameter says what it is and in which unit`() {
    for entry in PolicyRegistry.standard.entries {
      #expect(entry.summary.hasSuffix("."), "\(entry.name)")
      #expect(entry.summary.count <= 100, "\(entry.name)")
      for parameter in entry.parameters {
        #expect(parameter.summary.hasSuffix("."), "\(entry.name): \(parameter.name)")
        #expect(!parameter.unit.isEmpty, "\(entry.name): \(parameter.name)")
      }
    }
  }

  @Test func `every policy is made with its defaults and at both ends of every range`() throws {
    for entry in PolicyRegistry.standard.entries {
      for hook in entry.hooks {
        var set = try PolicyChoice.defaults.resolve()
        try PolicyRegistry.standard.install(entry.name, for: hook, in: &set)
        #expect(set.clairvoyance == entry.clairvoyance, "\(entry.name)")
        for parameter in entry.parameters {
          for value in [parameter.range.lowerBound, parameter.range.upperBound] {
            let spec = "\(entry.name):\(parameter.name)=\(value)"
            try PolicyRegistry.standard.install(spec, for: hook, in: &set)
          }
        }
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

  @Test func `an order is installed for the queue that it is chosen for`() throws {
    let set = try PolicyChoice.parse("order=sjf bridge-order=hrrn").resolve()
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
          + "Known: round-robin, least-requests, least-tokens, power-of-two"
      ),
      (.admit, "magic", "unknown policy 'magic' for admit. Known: accept-all, queue-cap"),
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
