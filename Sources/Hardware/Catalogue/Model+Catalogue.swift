// Shapes are those of the models' published configuration files.
extension Model {
  /// Every model of the catalogue.
  public static let all = [gptOSS120B, llama70B, llama8B]

  /// OpenAI gpt-oss-120b: every second layer attends to a window of 128 tokens.
  public static let gptOSS120B = Model(
    name: "gpt-oss-120b",
    layers: 36,
    windowLayers: 18,
    windowTokens: 128,
    hidden: 2_880,
    queryHeads: 64,
    kvHeads: 8,
    headSize: 64,
    feedForward: 2_880,
    experts: 128,
    activeExperts: 4,
    vocabulary: 201_088,
    nativeWeights: .mxfp4
  )

  /// Meta Llama 3.1 70B; Llama 3.3 70B has the same shape.
  public static let llama70B = Model(
    name: "llama-3.1-70b",
    layers: 80,
    hidden: 8_192,
    queryHeads: 64,
    kvHeads: 8,
    headSize: 128,
    feedForward: 28_672,
    vocabulary: 128_256,
    nativeWeights: .bf16
  )

  /// Meta Llama 3.1 8B.
  public static let llama8B = Model(
    name: "llama-3.1-8b",
    layers: 32,
    hidden: 4_096,
    queryHeads: 32,
    kvHeads: 8,
    headSize: 128,
    feedForward: 14_336,
    vocabulary: 128_256,
    nativeWeights: .bf16
  )
}
