/// The fleets that come with the kit.
public enum Fleets {
  /// The name of the fleet that a run uses unless told otherwise.
  public static let defaultName = "trn3-cs3"

  private static let builders: [(name: String, build: @Sendable () throws(FleetError) -> Fleet)] = [
    ("trn3-cs3", trn3CS3),
    ("b200-mixed", b200Mixed),
    ("b200-pd", b200PD),
    ("llama8b-32x16", llama8B32x16),
  ]

  public static var names: [String] { builders.map(\.name) }

  /// Every built-in fleet.
  public static var all: [Fleet] {
    builders.map { entry in
      do {
        return try entry.build()
      } catch {
        preconditionFailure("built-in fleet \(entry.name): \(error)")
      }
    }
  }

  /// The built-in fleet with a name.
  ///
  /// - Throws: `FleetError.unknownFleet`, with the known names.
  public static func named(_ name: String) throws(FleetError) -> Fleet {
    for entry in builders where entry.name == name { return try entry.build() }
    throw .unknownFleet(name: name, known: names)
  }

  /// Prefill on two Trainium3 UltraServers; decode on two pipelines of three wafers, the fewest
  /// that leave nearly half of the SRAM to the KV of gpt-oss-120b.
  private static func trn3CS3() throws(FleetError) -> Fleet {
    let prefill = Deployment(
      name: "trainium3-gpt-oss-120b",
      chip: .trainium3,
      chips: 1,
      model: .gptOSS120B,
      fabric: .efaV4,
      maxBatch: 256
    )
    let decode = Deployment(
      name: "cs3x3-gpt-oss-120b",
      chip: .wse3,
      chips: 3,
      model: .gptOSS120B,
      fabric: .cs3IO,
      maxBatch: 4_096
    )
    return Fleet(
      name: "trn3-cs3",
      summary: "gpt-oss-120b: prefill on 128 Trainium3, EFA, decode on 2 × 3 Cerebras CS-3",
      pools: [
        Pool(name: "prefill", role: .prefill, kind: try InstanceKind(prefill), count: 128),
        Pool(name: "decode", role: .decode, kind: try InstanceKind(decode), count: 2),
      ],
      firstToken: .decode
    )
  }

  private static func b200Mixed() throws(FleetError) -> Fleet {
    Fleet(
      name: "b200-mixed",
      summary: "gpt-oss-120b on one node of 8 B200, each with the whole model",
      pools: [Pool(name: "mixed", role: .mixed, kind: try b200GPTOSS(), count: 8)],
      firstToken: .prefill
    )
  }

  /// One chip prefills for three that decode, as a chat's prompt and output take their time.
  private static func b200PD() throws(FleetError) -> Fleet {
    let kind = try b200GPTOSS()
    return Fleet(
      name: "b200-pd",
      summary: "gpt-oss-120b on one node of 8 B200: 2 prefill, 6 decode, hand-off over NVLink",
      pools: [
        Pool(name: "prefill", role: .prefill, kind: kind, count: 2),
        Pool(name: "decode", role: .decode, kind: kind, count: 6),
      ],
      firstToken: .prefill
    )
  }

  /// The engines' gpt-oss kernels leave less time per layer than those of other models; without
  /// this the baseline's tokens would take a third longer than measured at small batches.
  private static func b200GPTOSS() throws(FleetError) -> InstanceKind {
    let layerFloor = Sourced(10e-6, .derived, "fits to InferenceX rows of gpt-oss on Blackwell")
    return try InstanceKind(
      Deployment(
        name: "b200-gpt-oss-120b",
        chip: Chip.b200.tuned { $0.layerFloor = layerFloor },
        chips: 1,
        model: .gptOSS120B,
        fabric: .nvlink5,
        maxBatch: 256
      )
    )
  }

  /// Both pools are about equally busy with the Azure chat hour of 2023.
  private static func llama8B32x16() throws(FleetError) -> Fleet {
    let kind = try InstanceKind(
      Deployment(
        name: "b200-llama-3.1-8b",
        chip: .b200,
        chips: 1,
        model: .llama8B,
        fabric: .efaV4,
        maxBatch: 1_024
      )
    )
    return Fleet(
      name: "llama8b-32x16",
      summary: "Llama 3.1 8B on B200: 32 prefill and 16 decode instances of one chip",
      pools: [
        Pool(name: "prefill", role: .prefill, kind: kind, count: 32),
        Pool(name: "decode", role: .decode, kind: kind, count: 16),
      ],
      firstToken: .prefill
    )
  }
}
