import Testing

@testable import Hardware

@Suite struct FleetValidationTests {
  private static func fleet(
    _ change: (inout Fleet) throws -> Void
  ) throws -> Fleet {
    var fleet = try Fleets.named("b200-pd")
    try change(&fleet)
    return fleet
  }

  private func expect(
    _ part: FleetProblem.Part,
    _ text: String,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ change: (inout Fleet) throws -> Void
  ) throws {
    let fleet = try Self.fleet(change)
    #expect(
      throws: FleetError.unsound(fleet: fleet.name, problem: FleetProblem(part, text)),
      sourceLocation: sourceLocation
    ) { try fleet.validate() }
  }

  @Test func `pools have names of their own and a sane number of instances`() throws {
    try expect(.fleet, "has no pools; add at least one") { $0.pools = [] }
    try expect(.pool(1), "two pools are named 'prefill'; rename one") {
      $0.pools[1].name = "prefill"
    }
    try expect(.pool(0), "pool 'prefill' has 0 instances; expected at least 1") {
      $0.pools[0].count = 0
    }
    let text = "pool 'decode' brings the fleet above 65,536 instances; lower its count"
    try expect(.pool(1), text) { $0.pools[1].count = 65_535 }
    try expect(.pool(1), text) { $0.pools[1].count = .max }
    try Self.fleet { $0.pools[1].count = 65_534 }.validate()
    try expect(
      .pool(0),
      "the fabric of pool 'prefill' carries less than 1 byte per second; raise its rate"
    ) { $0.pools[0].fabricBytesPerSecond = 0 }
  }

  @Test func `roles go together`() throws {
    try expect(
      .pool(1),
      "pool 'decode' is mixed beside prefill or decode pools; make all pools mixed, or none"
    ) { $0.pools[1].role = .mixed }
    try expect(
      .fleet,
      "has no decode pool; a disaggregated fleet needs at least one prefill and one decode pool"
    ) { $0.pools.removeLast() }
    try expect(
      .fleet,
      "has no prefill pool; a disaggregated fleet needs at least one prefill and one decode pool"
    ) { $0.pools.removeFirst() }
  }

  @Test func `pools serve one model and store KV alike`() throws {
    try expect(
      .pool(1),
      "pool 'decode' serves llama-3.1-8b and pool 'prefill' gpt-oss-120b; a fleet serves one model"
    ) { $0.pools[1].kind = try instance(.b200, 1, .llama8B) }
    try expect(
      .pool(1),
      "pool 'decode' stores 36,864 bytes of KV per token and pool 'prefill' 73,728; KV that is "
        + "handed off needs one layout, so give all pools the same kv_bytes"
    ) { $0.pools[1].kind = try instance(.b200, 1, .gptOSS120B, kvElementBytes: 1) }
  }

  @Test func `settings are in range`() throws {
    try expect(.tick, "tick is 0 ns; expected at least 1 ns") { $0.tick = 0 }
    try expect(.fleet, "a block has 0 tokens; expected at least 1") { $0.blockTokens = 0 }
    try expect(.speculation, "a step yields 0.5 accepted tokens; expected at least 1") {
      $0.acceptedTokensPerStep = 0.5
    }
    try expect(.handoff, "the cold start is -1 ns; expected at least 0") {
      $0.handoff.coldStart = -1
    }
  }

  @Test func `layers are sent only where they can be`() throws {
    try expect(
      .handoff,
      "layer-wise hand-off begins while the prompt is computed, when the decode instance must be "
        + "known; set decode_at to arrival or prefill-start"
    ) { $0.handoff.overlap = .layerWise }
    try expect(
      .handoff,
      "pull fetches a prompt that is complete, so no layer-wise part of it can overlap; use push, "
        + "or overlap: blocking"
    ) {
      $0.handoff.overlap = .layerWise
      $0.handoff.decodeAt = .arrival
      $0.handoff.direction = .pull
    }
    for choice in [HandOff.DecodeChoice.arrival, .prefillStart] {
      try Self.fleet {
        $0.handoff.overlap = .layerWise
        $0.handoff.decodeAt = choice
      }
      .validate()
    }
    try Self.fleet { $0.handoff.direction = .pull }.validate()
  }

  @Test func `pairs name pools of the right roles once`() throws {
    let pair = PairEfficiency(prefill: "prefill", decode: "decode", efficiency: 1)
    try Self.fleet { $0.handoff.pairs = [pair] }.validate()
    try expect(.pair(1), "the pair 'prefill' and 'decode' is given twice; keep one") {
      $0.handoff.pairs = [pair, pair]
    }
    try expect(.pair(0), "a pair names 'decode' as prefill pool; expected one of: prefill") {
      $0.handoff.pairs = [PairEfficiency(prefill: "decode", decode: "decode", efficiency: 1)]
    }
    try expect(.pair(0), "a pair names 'far' as decode pool; expected one of: decode") {
      $0.handoff.pairs = [PairEfficiency(prefill: "prefill", decode: "far", efficiency: 1)]
    }
    for efficiency in [0, 1.5, -.infinity, .nan] {
      try expect(
        .pair(0),
        "the efficiency of 'prefill' and 'decode' is \(efficiency); expected above 0, at most 1"
      ) {
        $0.handoff.pairs = [
          PairEfficiency(prefill: "prefill", decode: "decode", efficiency: efficiency)
        ]
      }
    }
  }

  @Test func `a monolithic fleet hands nothing off`() throws {
    var fleet = try Fleets.named("b200-mixed")
    fleet.recompute = .prefillPool
    #expect(
      throws: FleetError.unsound(
        fleet: "b200-mixed",
        problem: FleetProblem(
          .recompute,
          "recompute is prefill-pool, and the fleet has none; use local, or add a prefill pool"
        )
      )
    ) { try fleet.validate() }
    fleet.recompute = .local
    fleet.handoff.coldStart = 1
    #expect(
      throws: FleetError.unsound(
        fleet: "b200-mixed",
        problem: FleetProblem(
          .handoff,
          "nothing is handed off where every pool is mixed; remove the hand-off settings, or add a "
            + "prefill and a decode pool"
        )
      )
    ) { try fleet.validate() }
  }

  @Test(arguments: [
    ("decode_at: arrival", "decode_at: handoff", "5:3: layer-wise hand-off begins"),
    ("decode: d,", "decode: e,", "9:7: a pair names 'e' as decode pool; expected one of: d"),
    ("- name: d", "- name: p", "19:5: two pools are named 'p'; rename one"),
    ("role: decode", "role: prefill", "1:1: has no decode pool; "),
    ("model: llama-3.1-8b", "model: gpt-oss-120b", "19:5: pool 'd' serves llama-3.1-8b"),
    ("chips: 2", "kv_bytes: 1", "19:5: pool 'd' stores 65,536 bytes of KV per token"),
    (
      "chip: b200\n    chips: 2", "chip: wse-3\n    constants2: 1",
      "24:5: unknown key 'constants2' in a pool; did you mean 'constants'?"
    ),
    (
      "model: llama-3.1-8b", "model: llama-3.1-70b\n    chips: 1\n    kv_bytes: 4",
      "21:5: pool 'd' serves llama-3.1-8b and pool 'p' llama-3.1-70b"
    ),
    (
      "chip: b200\n    model: llama-3.1-8b", "chip: wse-3\n    model: llama-3.1-70b",
      "12:5: pool 'p': llama-3.1-70b needs 141105102848 bytes and 1 × wse-3 can hold 39600000000; "
        + "use at least 4 × wse-3, or weights of fewer bits"
    ),
  ])
  func `a contradiction in a file stands at the part that has to change`(
    old: String,
    new: String,
    expected: String
  ) {
    let found = FleetFileSample.error(changing: old, to: new)
    #expect(found?.hasPrefix("f.yaml:\(expected)") == true, "\(found ?? "sound")")
  }
}
