/// A choice of policies that has a name; `policies/NAME.policy` holds the same.
public struct PolicyPreset: Sendable {
  public let name: String
  /// One sentence.
  public let summary: String
  /// Where the composition comes from.
  public let source: String
  public let choice: PolicyChoice

  /// - Throws: `PolicyError.unknownPreset`, which lists the known ones.
  public static func named(_ name: String) throws(PolicyError) -> PolicyPreset {
    guard let preset = all.first(where: { $0.name == name }) else {
      throw .unknownPreset(name, known: all.map(\.name))
    }
    return preset
  }

  /// The built-in presets, in the order in which they are listed.
  public static let all = [
    PolicyPreset(
      name: "default",
      summary: "Turns where their session was, others where load is least; chunked batches.",
      source: "Session routing of the vLLM production stack and the least-load choices of Splitwise"
        + " and Llumnix, over the scheduler and prefix cache of vLLM v1.",
      choice: .defaults
    ),
    PolicyPreset(
      name: "round-robin",
      summary: "The baseline: both pools in turn, blind to load.",
      source: "https://github.com/vllm-project/production-stack, routing logic roundrobin.",
      choice: PolicyChoice([
        (.routePrefill, PolicySpec("round-robin")), (.routeDecode, PolicySpec("round-robin")),
      ])
    ),
    PolicyPreset(
      name: "vllm-v0",
      summary: "Whole prompts first while decodes stall; preemption instead of caution.",
      source:
        "https://arxiv.org/abs/2309.06180; routing as in the default, to compare batching alone.",
      choice: PolicyChoice([(.batch, PolicySpec("prefill-priority"))])
    ),
    PolicyPreset(
      name: "vllm-priority",
      summary: "The urgent first: in every queue, and spared when memory runs out.",
      source:
        "https://github.com/vllm-project/vllm, its option --scheduling-policy priority; routing"
        + " as in the default.",
      choice: PolicyChoice([
        (.gatewayOrder, PolicySpec("priority")), (.order, PolicySpec("priority")),
        (.bridgeOrder, PolicySpec("priority")), (.preempt, PolicySpec("priority")),
      ])
    ),
    PolicyPreset(
      name: "sarathi",
      summary: "Decode-first chunked prefill with the small budget of a tight time between tokens.",
      source: "https://arxiv.org/abs/2403.02310, which uses 512 tokens for tight SLOs.",
      choice: PolicyChoice([(.batch, PolicySpec("chunked", ["tokens": 512]))])
    ),
    PolicyPreset(
      name: "distserve",
      summary: "Shortest queues on both sides, prompts packed up to the length that fills an A100.",
      source: "https://arxiv.org/abs/2401.09670, where 512 tokens of a 13B model do; its pull of KV"
        + " is a reservation before the transfer here.",
      choice: PolicyChoice([
        (.routePrefill, PolicySpec("least-requests")),
        (.batch, PolicySpec("prefill-priority", ["tokens": 512])),
        (.routeDecode, PolicySpec("least-requests")),
      ])
    ),
    PolicyPreset(
      name: "splitwise",
      summary:
        "Fewest pending tokens, least decode memory, prompt batches of at most 2,048 tokens.",
      source: "https://arxiv.org/abs/2311.18677; without its mixed pool, which needs roles that"
        + " change.",
      choice: PolicyChoice([
        (.routePrefill, PolicySpec("least-tokens")),
        (.batch, PolicySpec("prefill-priority", ["tokens": 2_048])),
      ])
    ),
    PolicyPreset(
      name: "lightllm",
      summary: "Admits to decode only what cannot outgrow memory, so nothing is preempted.",
      source: "https://github.com/ModelTC/lightllm, its router's peak of future tokens.",
      choice: PolicyChoice([(.decodeAdmit, PolicySpec("peak-future-tokens"))])
    ),
    PolicyPreset(
      name: "staggered",
      summary: "Prompts are held to form batches, and decodes are disturbed at known intervals.",
      source: "https://arxiv.org/abs/2512.16134, per instance instead of per router.",
      choice: PolicyChoice([(.batch, PolicySpec("staggered"))])
    ),
  ]
}
