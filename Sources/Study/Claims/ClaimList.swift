import Hardware

extension Claim {
  /// The claims that can be simulated, by number.
  static var simulable: [Claim] {
    [
      blackwell, clouds, halfTheCost, twiceAtHalf, magnitude, capacity, predecessor, zeroCopy,
      wholeModel, power, mtia, fusion, splitting,
    ]
  }

  private static let llama = Variant("llama-3.1-70b") { $0.model = "llama-3.1-70b" }
  private static let chat = "1,024 tokens in, 1,024 out"
  private static let trace = "press articles on the AWS and Cerebras announcement of 13 March 2026"

  private static let blackwell = Claim(
    number: 1,
    text: "A user gets tokens up to 21 times as fast from Cerebras as from Blackwell.",
    tracedTo: "Cerebras against B200 endpoints, Llama 70B in reasoning, repeated in \(trace)",
    ratioOf: "output rate of one user, wafers over 8 B200",
    claimed: 21,
    scope: .upTo,
    assumptions: .with {
      $0.model = "llama-3.1-70b"
      $0.waferAcceptedTokens = 3
    },
    conditions: [
      "llama-3.1-70b, 16 bits on wafers, FP8 on B200", chat,
      "3 accepted tokens per step on wafers (assumed), no speculation on B200",
      "4 users on a replica of 8 B200, wafers' memory 70 % full",
    ],
    variants: [
      Variant("no speculation on wafers") { $0.waferAcceptedTokens = 1 },
      Variant("4.7 accepted tokens, as 450 to 2,100 tokens/s implies") {
        $0.waferAcceptedTokens = 4.7
      },
      Variant("3 accepted tokens on both sides") { $0.gpuAcceptedTokens = 3 },
      Variant("64 users per replica") { $0.clients = 64 },
      Variant("256 users per replica, as on a shared endpoint") { $0.clients = 256 },
      Variant("gpt-oss-120b, no speculation") {
        $0.model = "gpt-oss-120b"
        $0.waferAcceptedTokens = 1
      },
      Variant("gpt-oss-120b on one B200, 256 users, no speculation") {
        $0.model = "gpt-oss-120b"
        ($0.waferAcceptedTokens, $0.gpuChips, $0.clients) = (1, 1, 256)
      },
    ],
    anchors: [
      "cerebras-llama-3.1-70b", "cerebras-llama-3.1-70b-speculative",
      "inferencex-llama-70b-b200x8-c4", "inferencex-llama-70b-b200x8-c64",
      "inferencex-gpt-oss-b200x8-c4", "b200-llama-4-maverick",
    ],
    run: ClaimScenarios.speed
  )

  private static let clouds = Claim(
    number: 2,
    text: "A user gets tokens 20 times as fast as from GPUs.",
    tracedTo: "the launch of August 2024 against H100 clouds, 8B and 70B",
    ratioOf: "output rate of one user, wafers over H100",
    claimed: 20,
    assumptions: .with {
      ($0.model, $0.gpu, $0.gpuChips, $0.clients) = ("llama-3.1-8b", "h100", 1, 4)
      $0.weights = .bf16
    },
    conditions: [
      "llama-3.1-8b, 16 bits on both sides", chat, "no speculation", "4 users on one H100",
    ],
    variants: [
      Variant("64 users") { $0.clients = 64 },
      Variant("256 users, as on a shared cloud") { $0.clients = 256 },
      Variant("FP8 on H100 and 16 bits on wafers") { $0.weights = nil },
      Variant("llama-3.1-70b on 8 H100") { ($0.model, $0.gpuChips) = ("llama-3.1-70b", 8) },
      Variant("llama-3.1-70b on 4 H100, 256 users") {
        ($0.model, $0.gpuChips, $0.clients) = ("llama-3.1-70b", 4, 256)
      },
    ],
    anchors: [
      "cerebras-llama-3.1-8b", "h100-endpoint-llama-3.1-8b", "cerebras-llama-3.1-70b",
      "h100-endpoint-llama-3.1-70b",
    ],
    run: ClaimScenarios.speed
  )

  private static let tiers = [
    Variant("30 tokens/s per user of the GPU") { $0.userRate = 30 },
    Variant("200 tokens/s per user of the GPU") { $0.userRate = 200 },
  ]

  private static let system = [
    Variant("wafers full") { $0.fill = 1 },
    Variant("wafers 35 % full") { $0.fill = 0.35 },
    Variant("8,192 tokens in, 1,024 out") { $0.promptTokens = 8_192 },
    Variant("32,768 tokens in, 1,024 out") { $0.promptTokens = 32_768 },
    llama,
  ]

  private static let halfTheCost = Claim(
    number: 3,
    text: "Serving costs half as much.",
    tracedTo: "\(trace); AWS says so of Trainium against GPUs",
    ratioOf: "$ per output token, B200 over Trainium3 with wafers",
    claimed: 2,
    conditions: [
      "gpt-oss-120b, MXFP4 on both sides", chat, "no speculation",
      "the B200 replica and batch that cost least at 100 tokens/s per user or more",
      "wafers' memory 70 % full, Trainium3 four fifths busy",
      "$1.95, $2.50 and $41.96 per hour of a B200, a Trainium3 and a CS-3 unless given",
    ],
    variants: tiers + system + [
      Variant("no speculation on wafers, 2 accepted tokens on B200") { $0.gpuAcceptedTokens = 2 },
      Variant("MFU of Trainium3 halved") { $0.trainiumSlowdown = 4.4 },
      Variant("MFU of Trainium3 by a half higher") { $0.trainiumSlowdown = 1.47 },
      Variant("$2.90 per B200") { $0.prices.gpu = 2.9 },
      Variant("$120 per CS-3, as at street prices") { $0.prices.wafer = 120 },
      Variant("kimi-k2.5, 70 tokens/s per user") {
        ($0.model, $0.userRate) = ("kimi-k2.5", 70)
      },
    ],
    anchors: ["inferencex-web-gpt-oss-b200-72", "inferencex-web-gpt-oss-b200-100"],
    run: ClaimScenarios.cost
  )

  private static let twiceAtHalf = Claim(
    number: 4,
    text: "Twice the speed at half the price.",
    tracedTo: "rhetoric in \(trace)",
    ratioOf: "the smaller of output rate over B200's and B200's $ per token over the wafers'",
    claimed: 2,
    conditions: [
      "gpt-oss-120b", chat, "as claim 3, the speed at the batch that the cost is taken at",
    ],
    variants: tiers + system,
    run: ClaimScenarios.fasterAndCheaper
  )

  private static let magnitude = Claim(
    number: 5,
    text: "Inference is an order of magnitude faster.",
    tracedTo: "D. Brown in the announcement; articles add the bandwidth, 21 PB/s",
    ratioOf: "output rate of one user, wafers over 8 B200",
    claimed: 10,
    conditions: ["gpt-oss-120b", chat, "no speculation", "4 users on 8 B200"],
    variants: [
      Variant("meant as memory bandwidth per device") { $0.meaning = .bandwidth },
      Variant("meant as memory bandwidth per watt") { $0.meaning = .bandwidthPerWatt },
      Variant("256 users on 8 B200") { $0.clients = 256 },
      Variant("256 users on one B200") { ($0.clients, $0.gpuChips) = (256, 1) },
      llama,
      Variant("llama-3.1-70b, 3 accepted tokens on wafers") {
        ($0.model, $0.waferAcceptedTokens) = ("llama-3.1-70b", 3)
      },
    ],
    anchors: ["cerebras-gpt-oss-120b-aa-2", "inferencex-gpt-oss-b200x8-c4"],
    remark: "decode on a wafer waits for layers in turn, not for memory",
    run: ClaimScenarios.speed
  )

  private static let capacity = Claim(
    number: 6,
    text: "Wafers that leave prompts to Trainium give 5 times the tokens in the same footprint.",
    tracedTo: "Cerebras on the announcement",
    ratioOf: "output tokens per second, wafers that only decode over wafers that do both",
    claimed: 5,
    assumptions: .with { $0.promptTokens = 8_192 },
    conditions: [
      "gpt-oss-120b", "8,192 tokens in, 1,024 out, nothing cached",
      "wafers' memory 70 % full, footprint counted in wafers only",
    ],
    variants: [
      Variant("1,024 tokens in") { $0.promptTokens = 1_024 },
      Variant("20,480 tokens in") { $0.promptTokens = 20_480 },
      Variant("40,960 tokens in") { $0.promptTokens = 40_960 },
      Variant("40,960 tokens in, 256 out") {
        ($0.promptTokens, $0.outputTokens) = (40_960, 256)
      },
      Variant("the power of Trainium3 in the footprint") { $0.countsPrefill = true },
      Variant("40,960 in, the power of Trainium3 in the footprint") {
        ($0.promptTokens, $0.countsPrefill) = (40_960, true)
      },
      llama,
    ],
    remark: "prefill on wafers is an assumption, at 0.3 of their peak",
    run: ClaimScenarios.capacity
  )

  private static let predecessor = Claim(
    number: 7,
    text: "MI350 serves up to 35 times what its predecessor does.",
    tracedTo: "AMD, June 2025, best case",
    ratioOf: "tokens per second and chip at one user rate, MI355X over MI300X",
    claimed: 35,
    scope: .upTo,
    assumptions: .with {
      ($0.model, $0.gpu, $0.userRate) = ("llama-3.1-405b", "mi355x", 20)
      $0.weights = .nvfp4
    },
    conditions: [
      "llama-3.1-405b, FP4 on MI355X, FP8 on MI300X", chat, "20 tokens/s per user",
    ],
    variants: [
      Variant("10 tokens/s per user") { $0.userRate = 10 },
      Variant("30 tokens/s per user") { $0.userRate = 30 },
      Variant("40 tokens/s per user") { $0.userRate = 40 },
      Variant("50 tokens/s per user") { $0.userRate = 50 },
      Variant("FP8 on both") { $0.weights = .fp8 },
      Variant("llama-3.1-70b") { $0.model = "llama-3.1-70b" },
    ],
    remark: "near the rate that MI300X just reaches the ratio has no bound",
    run: ClaimScenarios.throughput(against: "mi300x", weights: .fp8)
  )

  private static let zeroCopy = Claim(
    number: 8,
    text: "KV is handed off over EFA without copies, at no cost worth mentioning.",
    tracedTo: "\(trace); AWS names EFA, not zero copies",
    ratioOf: "time to first token without the hand-off over that with it",
    claimed: 0.95,
    assumptions: .with { ($0.model, $0.promptTokens) = ("llama-3.1-70b", 8_192) },
    conditions: [
      "llama-3.1-70b, 16-bit KV", "one prompt of 8,192 tokens", "a sled of 4 Trainium3 sends",
      "from memory to memory, after the prompt is computed",
    ],
    variants: [
      Variant("16 chips send") { $0.senderChips = 16 },
      Variant("layer by layer, behind the computation") { $0.handoff = .layerWise },
      Variant("staged through host memory") { $0.handoff = .staged },
      Variant("over TCP") { $0.handoff = .tcp },
      Variant("32,768 tokens") { $0.promptTokens = 32_768 },
      Variant("gpt-oss-120b from one chip") {
        ($0.model, $0.senderChips) = ("gpt-oss-120b", 1)
      },
      Variant("gpt-oss-120b from one chip, staged") {
        ($0.model, $0.senderChips, $0.handoff) = ("gpt-oss-120b", 1, .staged)
      },
    ],
    anchors: ["efa-v4-write-b300", "efa-v4-staged-b300", "efa-v3-cold"],
    remark: "conversions of layout between vendors are not modelled",
    run: ClaimScenarios.handoff
  )

  private static let wholeModel = Claim(
    number: 9,
    text: "A wafer keeps the entire model on chip.",
    tracedTo: trace,
    ratioOf: "usable memory of one wafer over the weights",
    claimed: 1,
    assumptions: .with { $0.model = "llama-3.1-70b" },
    conditions: ["llama-3.1-70b at 16 bits", "0.9 of 44 GB usable"],
    variants: [
      Variant("llama-3.1-8b") { $0.model = "llama-3.1-8b" },
      Variant("gpt-oss-20b") { $0.model = "gpt-oss-20b" },
      Variant("gpt-oss-120b") { $0.model = "gpt-oss-120b" },
      Variant("llama-3.1-405b") { $0.model = "llama-3.1-405b" },
      Variant("qwen3-coder-480b in FP8") {
        ($0.model, $0.weights) = ("qwen3-coder-480b", .fp8)
      },
      Variant("kimi-k2.5") { $0.model = "kimi-k2.5" },
    ],
    run: ClaimScenarios.memory
  )

  private static let power = Claim(
    number: 10,
    text: "An inference takes a third of the power.",
    tracedTo: "Cerebras' launch and \(trace)",
    ratioOf: "J per output token, B200 over Trainium3 with wafers",
    claimed: 3,
    conditions: [
      "gpt-oss-120b", chat, "prompts counted on both sides",
      "the B200 replica and batch that yield most at 100 tokens/s per user or more",
      "power of packages, of CS-3 that of the system", "wafers' memory 70 % full",
    ],
    variants: tiers + system + [
      Variant("power that a data centre provides") { $0.countsProvisionedPower = true }
    ],
    run: ClaimScenarios.energy
  )

  private static let mtia = Claim(
    number: 11,
    text: "MTIA 450 beats the leading products.",
    tracedTo: trace,
    ratioOf: "tokens per second and chip at one user rate, MTIA 450 over B200",
    claimed: 1,
    assumptions: .with { $0.gpu = "mtia-450" },
    conditions: ["gpt-oss-120b", chat, "100 tokens/s per user", "efficiencies of B200 on both"],
    variants: [
      Variant("30 tokens/s per user") { $0.userRate = 30 },
      Variant("200 tokens/s per user") { $0.userRate = 200 },
      Variant("8,192 tokens in") { $0.promptTokens = 8_192 },
    ],
    remark: "against Vera Rubin, which comes before it, see bandwidths: 18.4 and 22 TB/s",
    run: ClaimScenarios.throughput(against: "b200", weights: nil)
  )

  private static let fusion = Claim(
    number: 12,
    text: "NVLink Fusion mixes chips freely in one rack.",
    tracedTo: "\(trace); NVIDIA and AWS announced it for Trainium4",
    ratioOf: "time to first token, hand-off over network cards over that over NVLink 6",
    claimed: 1.05,
    assumptions: .with { ($0.model, $0.promptTokens) = ("gpt-oss-120b", 8_192) },
    conditions: [
      "gpt-oss-120b", "one prompt of 8,192 tokens",
      "from 4 Vera Rubin to an LPX rack, as nearest to it",
      "the claim taken to mean that a twentieth of the first token's time is saved",
    ],
    variants: [
      Variant("32,768 tokens") { $0.promptTokens = 32_768 },
      Variant("from 16 chips") { $0.senderChips = 16 },
    ],
    remark: "neither Trainium3 nor CS-3 attaches to NVLink",
    run: ClaimScenarios.fusion
  )

  private static let splitting = Claim(
    number: 13,
    text: "Computing prompts apart from decoding is always better.",
    tracedTo: "\(trace); Splitwise and DistServe found 1.4–2 times at an objective",
    ratioOf: "goodput, the best split of 8 B200 over 8 that do both",
    claimed: 1,
    scope: .always,
    assumptions: .with { ($0.promptTokens, $0.clients) = (8_192, 512) },
    conditions: [
      "gpt-oss-120b, one B200 per instance", "8,192 tokens in, 1,024 out",
      "median first token within 1 s, median time per token within 12 ms",
      "1, 2 or 4 of 8 compute prompts; up to 512 users",
    ],
    variants: [
      Variant("8 ms per token") { $0.tokenLimit = 0.008 },
      Variant("50 ms per token") { $0.tokenLimit = 0.05 },
      Variant("256 tokens in") { $0.promptTokens = 256 },
      Variant("16 users at most") { $0.clients = 16 },
      Variant("4 chips") { $0.gpuChips = 4 },
    ],
    anchors: ["inferencex-blog-r1-gb200-125"],
    run: ClaimScenarios.split
  )
}

extension ClaimAssumptions {
  fileprivate static func with(_ change: (inout ClaimAssumptions) -> Void) -> ClaimAssumptions {
    var assumptions = ClaimAssumptions()
    change(&assumptions)
    return assumptions
  }
}
