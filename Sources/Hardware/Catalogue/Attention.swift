/// How the attention layers of a model keep what they attend to.
public enum Attention: Sendable, Equatable {
  /// Query heads in groups that share a key and a value head each.
  case grouped(queryHeads: Int, kvHeads: Int, headSize: Int)
  /// One compressed vector per token in place of keys and values (MLA): `kvRank` elements and
  /// `ropeSize` for positions. Each query head has `nopeSize` + `ropeSize` elements, each value head
  /// `valueSize`.
  case latent(
    queryHeads: Int,
    queryRank: Int,
    kvRank: Int,
    ropeSize: Int,
    nopeSize: Int,
    valueSize: Int
  )

  public var queryHeads: Int {
    switch self {
    case .grouped(let queryHeads, _, _), .latent(let queryHeads, _, _, _, _, _): queryHeads
    }
  }

  /// Heads among which tensor-parallel ranks divide the cache; a latent cannot be divided.
  public var kvHeads: Int {
    switch self {
    case .grouped(_, let kvHeads, _): kvHeads
    case .latent: 1
    }
  }

  /// Elements that each token leaves in the cache of one layer.
  public var cachedElements: Int {
    switch self {
    case .grouped(_, let kvHeads, let headSize): 2 * kvHeads * headSize
    case .latent(_, _, let kvRank, let ropeSize, _, _): kvRank + ropeSize
    }
  }

  /// Parameters of one layer, for a residual stream of width `hidden`.
  func parameters(hidden: Int) -> Int {
    switch self {
    case .grouped(let queryHeads, let kvHeads, let headSize):
      return 2 * hidden * headSize * (queryHeads + kvHeads)
    case .latent(
      let queryHeads,
      let queryRank,
      let kvRank,
      let ropeSize,
      let nopeSize,
      let valueSize
    ):
      let queries = hidden * queryRank + queryRank * queryHeads * (nopeSize + ropeSize)
      let latent = hidden * (kvRank + ropeSize)
      let unfolded = kvRank * queryHeads * (nopeSize + valueSize)
      return queries + latent + unfolded + queryHeads * valueSize * hidden
    }
  }

  /// Operations of one layer per pair of query and key while a prompt is computed.
  var operationsPerPair: Int {
    switch self {
    case .grouped(let queryHeads, _, let headSize): 4 * queryHeads * headSize
    case .latent(let queryHeads, _, _, let ropeSize, let nopeSize, let valueSize):
      2 * queryHeads * (nopeSize + ropeSize + valueSize)
    }
  }

  /// Operations of a decode step per cached element: a multiplication and an addition per query
  /// head that attends to it. A latent serves both as key and as value.
  var operationsPerCachedElement: Double {
    switch self {
    case .grouped(let queryHeads, let kvHeads, _): 2 * Double(queryHeads) / Double(kvHeads)
    case .latent(let queryHeads, _, let kvRank, let ropeSize, _, _):
      2 * Double(queryHeads * (2 * kvRank + ropeSize)) / Double(kvRank + ropeSize)
    }
  }
}

/// Layers that keep a state of constant size in place of a cache that grows (gated delta rule).
public struct LinearAttention: Sendable, Equatable {
  public var layers: Int
  public var keyHeads: Int
  public var valueHeads: Int
  public var headSize: Int
  /// Bytes of a state element; engines keep the state at 32 bits by default.
  public var stateElementBytes = 4

  /// State of a sequence over all such layers: a matrix per value head.
  public var stateBytes: Int64 {
    Int64(layers * valueHeads * headSize * headSize * stateElementBytes)
  }

  /// Parameters of one layer: queries, keys, values and their gate, two rates per value head, and
  /// the output.
  func parameters(hidden: Int) -> Int {
    let inputs = 2 * keyHeads * headSize + 2 * valueHeads * headSize + 2 * valueHeads
    return hidden * inputs + valueHeads * headSize * hidden
  }
}

/// Keys beside a latent cache that choose which tokens a query attends to.
public struct AttentionIndex: Sendable, Equatable {
  public var heads: Int
  public var keySize: Int
  /// Tokens that a query attends to; fewer in shorter contexts.
  public var attendedTokens: Int

  /// Bytes per token and layer: keys in FP8 with a 32-bit scale.
  public var keyBytes: Int { keySize + 4 }

  /// Parameters of one layer: queries from the compressed query, keys and head weights from the
  /// residual stream.
  func parameters(hidden: Int, queryRank: Int) -> Int {
    queryRank * heads * keySize + hidden * (keySize + heads)
  }
}
