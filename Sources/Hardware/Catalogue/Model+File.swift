import ConfigFiles

/// The keys of a model's file.
enum ModelKey: String, CaseIterable {
  case name, summary, aliases
  case standIn = "stand_in"
  case layers, hidden, attention
  case outputGate = "output_gate"
  case window, linear, index
  case denseLayers = "dense_layers"
  case denseFeedForward = "dense_feed_forward"
  case experts
  case feedForwardMatrices = "feed_forward_matrices"
  case vocabulary
  case tiedEmbedding = "tied_embedding"
  case predictionHeads = "prediction_heads"
  case weights, source, recalled, note
}

/// Grouped attention has the first three sizes, latent attention the others and `query_heads`.
enum AttentionKey: String, CaseIterable {
  case queryHeads = "query_heads"
  case kvHeads = "kv_heads"
  case headSize = "head_size"
  case queryRank = "query_rank"
  case kvRank = "kv_rank"
  case ropeSize = "rope_size"
  case nopeSize = "nope_size"
  case valueSize = "value_size"
}

enum WindowKey: String, CaseIterable {
  case layers, tokens
}

enum LinearKey: String, CaseIterable {
  case layers
  case keyHeads = "key_heads"
  case valueHeads = "value_heads"
  case headSize = "head_size"
  case stateElementBytes = "state_element_bytes"
}

enum IndexKey: String, CaseIterable {
  case heads
  case keySize = "key_size"
  case attendedTokens = "attended_tokens"
}

enum ExpertsKey: String, CaseIterable {
  case count, active, shared
  case feedForward = "feed_forward"
}

/// Sizes of which products stay far below the range of integers.
private let sizes = 1...1_048_576
private let heads = 1...4_096
private let layerCounts = 1...4_096

extension FileSection {
  fileprivate func needed(_ key: Key, in range: ClosedRange<Int>) throws(FileFault) -> Int {
    try required(key, whole(key, in: range))
  }
}

extension Model {
  init(_ node: FileNode) throws(FileFault) {
    let section = try FileSection<ModelKey>(node, "a model")
    name = try section.required(.name, section.word(.name))
    summary = try section.required(.summary, section.line(.summary))
    aliases = try Self.names(section, .aliases)
    isStandIn = try section.flag(.standIn) ?? false
    layers = try section.needed(.layers, in: layerCounts)
    hidden = try section.needed(.hidden, in: 1...65_536)
    attention = try Attention(section.required(.attention, section[.attention]))
    hasOutputGate = try section.flag(.outputGate) ?? false
    vocabulary = try section.needed(.vocabulary, in: sizes)
    hasTiedEmbedding = try section.flag(.tiedEmbedding) ?? false
    predictionHeads = try section.whole(.predictionHeads, in: 0...64) ?? 0
    feedForwardMatrices = try section.whole(.feedForwardMatrices, in: 2...3) ?? 3
    denseLayers = layers
    denseFeedForward = try section.whole(.denseFeedForward, in: sizes) ?? 0
    nativeWeights = try section.required(.weights, section.choice(.weights))
    source = try section.required(.source, section.word(.source))
    recalled = try Self.names(section, .recalled)
    note = try section.line(.note) ?? ""
    try readLayers(section)
    try readExperts(section)
    guard denseLayers == 0 || denseFeedForward > 0 else {
      throw FileFault(at: section.place, "a model needs the key 'dense_feed_forward'; add it")
    }
  }

  private static func names(
    _ section: FileSection<ModelKey>,
    _ key: ModelKey
  ) throws(FileFault) -> [String] {
    var names: [String] = []
    for node in try section.list(key, of: "names", atMost: 64) ?? [] {
      guard case .scalar(let text, _) = node.content, (1...100).contains(text.utf8.count) else {
        throw FileFault(at: node.place, "one of \(key.rawValue) is \(node.found); expected a name")
      }
      names.append(text)
    }
    return names
  }

  /// Takes the layers that do not attend to everything.
  private mutating func readLayers(_ section: FileSection<ModelKey>) throws(FileFault) {
    if let node = section[.window] {
      let window = try FileSection<WindowKey>(node, "window")
      windowLayers = try window.needed(.layers, in: 1...layers)
      windowTokens = try window.needed(.tokens, in: sizes)
    }
    if let node = section[.linear] {
      let linear = try FileSection<LinearKey>(node, "linear")
      guard windowLayers == 0 else {
        throw FileFault(at: node.place, "a model has linear layers or a window, not both")
      }
      self.linear = LinearAttention(
        layers: try linear.needed(.layers, in: 1...layers),
        keyHeads: try linear.needed(.keyHeads, in: heads),
        valueHeads: try linear.needed(.valueHeads, in: heads),
        headSize: try linear.needed(.headSize, in: heads),
        stateElementBytes: try linear.whole(.stateElementBytes, in: 1...8) ?? 4
      )
    }
    if let node = section[.index] {
      let index = try FileSection<IndexKey>(node, "index")
      guard case .latent = attention else {
        throw FileFault(at: node.place, "an index goes with latent attention only")
      }
      self.index = AttentionIndex(
        heads: try index.needed(.heads, in: heads),
        keySize: try index.needed(.keySize, in: heads),
        attendedTokens: try index.needed(.attendedTokens, in: sizes)
      )
    }
  }

  private mutating func readExperts(_ section: FileSection<ModelKey>) throws(FileFault) {
    guard let node = section[.experts] else {
      guard section[.denseLayers] == nil else {
        throw FileFault(
          at: section[.denseLayers]?.place,
          "dense_layers without experts; all layers of such a model are dense"
        )
      }
      return
    }
    let experts = try FileSection<ExpertsKey>(node, "experts")
    self.experts = try experts.needed(.count, in: 2...4_096)
    activeExperts = try experts.needed(.active, in: 1...self.experts)
    sharedExperts = try experts.whole(.shared, in: 0...64) ?? 0
    expertFeedForward = try experts.needed(.feedForward, in: sizes)
    denseLayers = try section.whole(.denseLayers, in: 0...(layers - 1)) ?? 0
  }
}

extension Attention {
  fileprivate init(_ node: FileNode) throws(FileFault) {
    let section = try FileSection<AttentionKey>(node, "attention")
    let queryHeads = try section.needed(.queryHeads, in: heads)
    guard section[.kvRank] != nil else {
      for key in [AttentionKey.queryRank, .ropeSize, .nopeSize, .valueSize] {
        guard section[key] == nil else {
          throw FileFault(
            at: section[key]?.place,
            "\(key.rawValue) goes with the key 'kv_rank', of latent attention"
          )
        }
      }
      self = .grouped(
        queryHeads: queryHeads,
        kvHeads: try section.needed(.kvHeads, in: 1...queryHeads),
        headSize: try section.needed(.headSize, in: heads)
      )
      return
    }
    for key in [AttentionKey.kvHeads, .headSize] where section[key] != nil {
      throw FileFault(
        at: section[key]?.place,
        "\(key.rawValue) does not go with the key 'kv_rank', of latent attention"
      )
    }
    self = .latent(
      queryHeads: queryHeads,
      queryRank: try section.needed(.queryRank, in: 1...65_536),
      kvRank: try section.needed(.kvRank, in: 1...65_536),
      ropeSize: try section.needed(.ropeSize, in: heads),
      nopeSize: try section.needed(.nopeSize, in: heads),
      valueSize: try section.needed(.valueSize, in: heads)
    )
  }
}
