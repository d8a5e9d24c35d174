import Testing

@testable import Hardware

@Suite struct FleetCheckTests {
  private func rows(_ check: FleetCheck, _ title: String) throws -> [String: String] {
    let section = try #require(check.sections.first { $0.title.hasPrefix(title) })
    #expect(section.rows.allSatisfy { $0.count == 2 })
    return Dictionary(uniqueKeysWithValues: section.rows.map { ($0[0], $0[1]) })
  }

  @Test func `the default fleet's pools say what they hold`() throws {
    let check = FleetCheck(try Fleets.plan("trn3-cs3"))
    #expect(check.problems.isEmpty)
    #expect(
      check.sections.map(\.title) == [
        "fleet trn3-cs3", "pool prefill: prefill, 128 × trainium3-gpt-oss-120b",
        "pool decode: decode, 2 × cs3x3-gpt-oss-120b", "hand-off of 8,192 tokens, alone",
      ]
    )
    let decode = try rows(check, "pool decode")
    #expect(
      decode["chips"] == "3 × wse-3 per instance, 6 in all; gpt-oss-120b needs at least 2"
    )
    #expect(decode["weights"] == "65.2 GB as mxfp4, in 118.8 GB of usable memory")
    // 1,454,856 units of one token in the layers of a kind, of which a window holds 128 once.
    #expect(decode["KV capacity"] == "53.6 GB at 73.7 kB per token: 1,454,728 tokens")
    #expect(decode["requests of 1,024 tokens"] == "1,262, bound by memory")
    #expect(decode["requests of 131,072 tokens"] == "11, bound by memory")
    #expect(decode["network"] == "360.0 GB/s each way over cs3-io, 10.0 us")
    #expect(decode["host swap"] == "none: what is preempted is computed again")
    let prefill = try rows(check, "pool prefill")
    #expect(prefill["requests of 8,192 tokens"] == "241 prompts held at once")
    #expect(prefill["host swap"] == "50.0 GB/s each way into 250.0 GB: 6,781,556 tokens")
    // (8,192 + 128) × 36,864 bytes at 22.5 GB/s, and 20 us.
    let handoff = try rows(check, "hand-off")
    #expect(handoff["prefill to decode"] == "13.7 ms for 306.7 MB at 22.5 GB/s")
    #expect(try rows(check, "fleet")["first token"] == "decode")
  }

  @Test func `caps, pairs and the batch limit show where they bind`() throws {
    let check = FleetCheck(try FleetFileSample.plan(FleetFileSample.text))
    let d = try rows(check, "pool d")
    #expect(d["requests of 1,024 tokens"] == "32, bound by max_batch")
    #expect(d["shared fabric"] == "1.5 GB/s each way for the whole pool")
    #expect(d["network"]?.contains("staged through the host") == true)
    // 8,192 × 131,072 bytes at the pool's 1.5 GB/s.
    #expect(try rows(check, "hand-off")["p to d"] == "715.8 ms for 1.1 GB at 1.5 GB/s")
    let free = FleetFileSample.text.replacing("fabric_gigabytes_per_second: 1.5", with: "chips: 2")
      .replacing("chips: 2\n    model", with: "model")
    let paired = FleetCheck(try FleetFileSample.plan(free))
    // 45 GB/s of the sender at an efficiency of 0.8.
    #expect(try rows(paired, "hand-off")["p to d"] == "29.8 ms for 1.1 GB at 36.0 GB/s")
    let settings = try rows(check, "fleet base")
    #expect(settings["speculation"] == "2.0 accepted tokens per step")
    #expect(settings["hand-off"] == "push, layer-wise, decode instance chosen at arrival")
  }

  @Test func `every pool that does not fit is a problem with its place`() throws {
    let text = FleetFileSample.text
      .replacing("chip: b200", with: "chip: wse-3")
      .replacing("llama-3.1-8b", with: "llama-3.1-70b")
      .replacing("constants: { layer_floor: 10us }", with: "kv_bytes: 2")
      .replacing("weights: fp8", with: "weights: bf16")
    let check = FleetCheck(try FleetFileSample.plan(text))
    #expect(check.problems.count == 2)
    let first = "\(try #require(check.problems.first))"
    #expect(first.hasPrefix("f.yaml:12:5: pool 'p': llama-3.1-70b needs "), "\(first)")
    #expect(first.hasSuffix("use at least 4 × wse-3, or weights of fewer bits"))
    let p = try rows(check, "pool p")
    #expect(p["problem"] == "cannot be built; see below")
    #expect(p["chips"] == "1 × wse-3 per instance, 2 in all; llama-3.1-70b needs at least 4")
    #expect(!check.sections.contains { $0.title.hasPrefix("hand-off") })
  }

  @Test func `a contradiction is a problem although every pool fits`() throws {
    let text = FleetFileSample.text.replacing("decode_at: arrival", with: "decode_at: handoff")
    let check = FleetCheck(try FleetFileSample.plan(text))
    #expect(check.problems.count == 1)
    #expect("\(check.problems[0])".hasPrefix("f.yaml:5:3: layer-wise hand-off begins"))
  }

  @Test func `a sequence's tokens are those that its units hold`() {
    let shapes = [
      KVShape(fullBytesPerToken: 3),
      KVShape(fullBytesPerToken: 6, windowBytesPerToken: 4, windowTokens: 5),
    ]
    for shape in shapes {
      for units in Int64(0)...60 {
        let tokens = Int(shape.tokens(units: units))
        #expect(shape.units(tokens: tokens) <= units)
        #expect(shape.units(tokens: tokens + 1) > units)
      }
    }
  }

  @Test func `a fleet's table has a line per pool`() throws {
    let table = try Fleets.named("b200-mixed").table
    #expect(table.count == 2 && table[0].count == table[1].count)
    #expect(
      table[1] == [
        "mixed", "mixed", "8", "1", "b200", "gpt-oss-120b", "2,926,062", "256", "585.0 GB/s",
        "50.0 GB/s",
      ]
    )
  }
}
