import ConfigFiles

@testable import Hardware

/// A fleet file that uses most keys; tests change a line of it.
enum FleetFileSample {
  static let text = """
    name: base
    first_token: decode
    tick: 5ms
    handoff:
      decode_at: arrival
      overlap: layer-wise
      cold_start: 26ms
      pairs:
        - { prefill: p, decode: d, efficiency: 0.8 }
    speculation: { accepted_tokens_per_step: 2 }
    pools:
      - name: p
        role: prefill
        count: 2
        chip: b200
        model: llama-3.1-8b
        fabric: efa-v4
        max_batch: 16
      - name: d
        role: decode
        count: 3
        instance: twins
        chip: b200
        chips: 2
        model: llama-3.1-8b
        precision: fp8
        weights: fp8
        fabric: nvlink-5
        max_batch: 32
        fabric_gigabytes_per_second: 1.5
        staged: true
        host: { gigabytes_per_second: 50, capacity_gigabytes: 100 }
        constants: { layer_floor: 10us }

    """

  static func plan(_ text: String) throws(ConfigFileError) -> FleetPlan {
    try FleetPlan(bytes: Array(text.utf8), file: "f.yaml")
  }

  /// What is said about the sample after one change; nil where nothing is wrong.
  static func error(changing old: String, to new: String) -> String? {
    message(of: text.replacing(old, with: new, maxReplacements: 1))
  }

  static func message(of text: String) -> String? {
    do {
      _ = try plan(text).fleet()
      return nil
    } catch {
      return "\(error)"
    }
  }
}
