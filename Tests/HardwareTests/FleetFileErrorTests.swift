import ConfigFiles
import Testing

@testable import Hardware

/// What a user reads who made one mistake in a fleet file.
@Suite struct FleetFileErrorTests {
  @Test func `the sample itself is sound`() {
    #expect(FleetFileSample.message(of: FleetFileSample.text) == nil)
  }

  @Test(
    arguments: [
      (
        "tick: 5ms", "tik: 5ms",
        "3:1: unknown key 'tik' in a fleet; did you mean 'tick'? Known: name, summary, first_token, "
          + "tick, block_tokens, recompute, handoff, speculation, pools"
      ),
      (
        "count: 3", "cont: 3",
        "21:5: unknown key 'cont' in a pool; did you mean 'count'? Known: name, role, count, "
          + "instance, chip, domain, chips, model, precision, weights, kv_bytes, fabric, staged, "
          + "transport, fabric_gigabytes_per_second, max_batch, host, tiers, constants, "
          + "attention_ranks, expert_parallel, engine, profile, costs"
      ),
      (
        "layer_floor: 10us", "hop_time: 10us",
        "33:18: unknown key 'hop_time' in constants; did you mean 'host_time'? Known: "
          + "gemm_efficiency, gemm_ramp_tokens, attention_efficiency, attention_ramp_tokens, "
          + "decode_attention_efficiency, bandwidth_efficiency, layer_floor, expert_layer_floor, "
          + "prompt_layer_floor, prompt_expert_layer_floor, slowdown, expert_ramp_share, "
          + "expert_traffic_bytes, decode_slowdown, request_time, "
          + "all_to_all_latency, host_time, all_reduce_latency, network_latency, all_reduce_ramp, "
          + "all_reduce_ramp_bytes, "
          + "link_efficiency"
      ),
      (
        "overlap: layer-wise", "overlap: layerwise",
        "6:12: unknown overlap 'layerwise'; did you mean 'layer-wise'? Known: blocking, layer-wise"
      ),
      (
        "chip: b200", "chip: b2000",
        "15:11: unknown chip 'b2000'; did you mean 'b200'? Known: "
          + Chip.names.joined(separator: ", ")
      ),
      (
        "role: prefill", "role: [prefill]",
        "13:11: role is a list; expected one of prefill, decode, mixed"
      ),
      (
        "count: 2", "count: two",
        "14:12: count is 'two'; expected a whole number from 1 to 65536"
      ),
      ("count: 2", "count: 0", "14:12: count is '0'; expected a whole number from 1 to 65536"),
      (
        "count: 2", "count: \"2\"",
        "14:12: count is the text '2'; expected a whole number from 1 to 65536"
      ),
      ("count: 2", "count:", "14:11: count is empty; expected a whole number from 1 to 65536"),
      (
        "count: 2", "count: { a: 1 }",
        "14:12: count is a mapping; expected a whole number from 1 to 65536"
      ),
      (
        "tick: 5ms", "tick: 5",
        "3:7: tick is '5'; expected a duration from 1ns to 3600s with unit ns, us, ms or s, such as "
          + "10ms"
      ),
      (
        "tick: 5ms", "block_tokens: 0",
        "3:15: block_tokens is '0'; expected a whole number from 1 to 65536"
      ),
      (
        "tick: 5ms", "block_tokens: 16.0",
        "3:15: block_tokens is '16.0'; expected a whole number from 1 to 65536"
      ),
      (
        "cold_start: 26ms", "cold_start: -26ms",
        "7:15: cold_start is '-26ms'; expected a duration from 0s to 3600s with unit ns, us, ms or s, "
          + "such as 10ms"
      ),
      (
        "efficiency: 0.8", "efficiency: 0",
        "9:44: efficiency is '0'; expected a number from 0.001 to 1"
      ),
      (
        "accepted_tokens_per_step: 2", "accepted_tokens_per_step: 0.9",
        "10:42: accepted_tokens_per_step is '0.9'; expected a number from 1 to 64"
      ),
      (
        "staged: true", "transport: udp",
        "31:16: unknown transport 'udp'. Known: rdma, tcp"
      ),
      (
        "chip: b200", "chip: trainium3\n    domain: gen3",
        "16:13: unknown domain 'gen3'; did you mean 'gen1'? Known: gen1, gen2"
      ),
      (
        "chip: b200", "chip: [b200]",
        "15:11: chip is a list; expected a line of 1 to 200 characters"
      ),
      ("staged: true", "staged: yes", "31:13: staged is 'yes'; expected true or false"),
      (
        "name: base", "name: my fleet",
        "1:7: name is 'my fleet'; expected 1 to 64 letters, digits, '.', '-' or '_'"
      ),
      (
        "name: base", "name: base\nsummary: \"a\\nb\"",
        "2:10: summary is the text 'a\\u{a}b'; expected a line of 1 to 200 characters"
      ),
      ("    chip: b200\n", "", "12:5: a pool needs the key 'chip'; add it"),
      ("name: base\n", "", "1:1: a fleet needs the key 'name'; add it"),
      (
        "{ gigabytes_per_second: 50,", "{",
        "32:11: host needs the key 'gigabytes_per_second'; add it"
      ),
      (
        "tick: 5ms", "tick: 5ms\ntick: 6ms",
        "3:1: key 'tick' is given again further down; keep one"
      ),
      (
        "tick: 5ms", "tick: &t 5ms",
        "3:7: an anchor (&name); write the value out wherever it is used"
      ),
      ("tick: 5ms", "tick: *t", "3:7: is not YAML: found undefined alias"),
      (
        "count: 2", "count: !!int 2",
        "14:12: the tag 'tag:yaml.org,2002:int'; write the value without it"
      ),
      ("tick: 5ms", "[a]: 5ms", "3:1: the key is a list; expected a name"),
    ] as [(String, String, String)]
  )
  func `a mistake is named with its place and what was expected`(
    old: String,
    new: String,
    expected: String
  ) {
    #expect(FleetFileSample.error(changing: old, to: new) == "f.yaml:\(expected)")
  }

  @Test(arguments: [
    ("", " is empty; expected a fleet"),
    ("# only a comment\n", " is empty; expected a fleet"),
    ("---\n", " is empty; expected a fleet"),
    ("a", "1:1: a fleet is 'a'; expected a mapping with keys"),
    ("- a\n- b\n", "1:1: a fleet is a list; expected a mapping with keys"),
  ])
  func `a file without a fleet says so`(text: String, problem: String) {
    #expect(FleetFileSample.message(of: text) == "f.yaml:\(problem)")
  }

  @Test func `an empty list of pools says what was expected`() {
    let text = "name: x\npools: []\n"
    let expected = "f.yaml:2:8: pools is an empty list; expected a list of 1 to 1024 mappings"
    #expect(FleetFileSample.message(of: text) == expected)
  }

  @Test func `a second document is refused`() {
    let text = FleetFileSample.text + "---\nname: other\n"
    let expected = "f.yaml:35:1: another document begins; expected one fleet per file"
    #expect(FleetFileSample.message(of: text) == expected)
  }

  @Test func `broken YAML says where`() {
    let tab = FleetFileSample.error(changing: "    chip: b200", to: "\tchip: b200")
    #expect(tab?.hasPrefix("f.yaml:15:1: is not YAML: ") == true, "\(tab ?? "")")
    let open = FleetFileSample.error(changing: "efficiency: 0.8 }", to: "efficiency: 0.8")
    #expect(open?.hasPrefix("f.yaml:10:") == true, "\(open ?? "")")
    let control = FleetFileSample.error(changing: "tick: 5ms", to: "tick: \u{7}")
    #expect(
      control == "f.yaml:3:7: is not YAML: control characters are not allowed",
      "\(control ?? "")"
    )
  }

  @Test func `bytes that are not UTF-8 have a place`() {
    let bytes = Array("name: é\ntick: ".utf8) + [0xFF, 0x0A]
    #expect(
      throws: ConfigFileError(
        .badData,
        file: "f",
        line: 2,
        column: 7,
        problem: "is not UTF-8 text; expected a fleet file in UTF-8"
      )
    ) { try FleetPlan(bytes: bytes, file: "f") }
  }

  @Test func `aliases cannot make a short file large`() {
    var text = "a: &a [x, x, x]\n"
    var name = "a"
    for next in "bcdefghijklmnopqrstuvwxyz" {
      text += "? &\(next) [*\(name), *\(name), *\(name)]\n: 1\n"
      name = String(next)
    }
    let expected = "f.yaml:6:16: more than 8 aliases (*name); write the values out"
    #expect(FleetFileSample.message(of: text) == expected)
  }

  @Test func `stars in comments are no aliases`() {
    let text = String(repeating: "# *a *b\n", count: 20) + FleetFileSample.text
    #expect(FleetFileSample.message(of: text) == nil)
  }

  @Test(arguments: ["[", "{", "- ", "{a: ", "? ", "[{"])
  func `deep nesting is an error`(opening: String) {
    for depth in [14, 900, 100_000] {
      let text = "name: x\npools:\n  " + String(repeating: opening, count: depth)
      let found = FleetFileSample.message(of: text)
      #expect(found?.hasPrefix("f.yaml:") == true)
      #expect(found?.contains("_") == false, "\(found ?? "")")
    }
    let deep = "name: " + String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
    let expected = "f.yaml:1:19: nested more than 12 deep; no file of this kind is"
    #expect(FleetFileSample.message(of: deep) == expected)
  }
}
