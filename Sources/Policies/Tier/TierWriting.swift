public import KVCache
public import Simulation

/// When blocks are written to the tiers below an instance's memory, and whether prompts begin to load as
/// soon as they are routed.
///
/// What comes back is decided by cost alone: a part is loaded if that is faster than computing it.
///
/// Source: SGLang's hierarchical cache, its options `--hicache-write-policy` (write_back, write_through,
/// write_through_selective) and prefetch, https://github.com/sgl-project/sglang.
///
/// Parameters: `prefetch`, default false; of `write-on-hit`, `hits`, default 2.
///
/// Example: with `write-on-hit` a context that is used once is never written; a system prompt is, when it is
/// found cached for the second time.
public struct TierWriting: TierBlocks {
  public static let entries = [
    PolicyEntry.tier(
      "write-back",
      "Blocks are written to the next tier when they leave the one above.",
      parameters: [prefetch]
    ) { TierWriting(.back, prefetches: $0.flag("prefetch")) },
    PolicyEntry.tier(
      "write-through",
      "Blocks are written to all tiers as soon as they are computed.",
      parameters: [prefetch]
    ) { TierWriting(.through, prefetches: $0.flag("prefetch")) },
    PolicyEntry.tier(
      "write-on-hit",
      "Blocks are written to all tiers when they were found cached a few times.",
      parameters: [
        PolicyParameter(
          "hits",
          unit: "hits",
          default: 2,
          range: 1...64,
          summary: "How often a block is found before it is written."
        ),
        prefetch,
      ]
    ) { TierWriting(.hit($0.integer("hits")), prefetches: $0.flag("prefetch")) },
  ]

  private static let prefetch = PolicyParameter(
    "prefetch",
    default: false,
    summary: "Whether a prompt begins to load as soon as it is routed."
  )

  public let write: TierWrite
  public let prefetches: Bool

  public init(_ write: TierWrite, prefetches: Bool = false) {
    self.write = write
    self.prefetches = prefetches
  }
}
