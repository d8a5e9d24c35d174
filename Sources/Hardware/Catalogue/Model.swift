/// The shape of a decoder-only transformer, from which its parameters and its KV follow.
///
/// Norms, biases and convolutions are left out of the counts; they are below 0.1 % of the
/// parameters.
public struct Model: Sendable, Equatable {
  /// What fleets and reports call it, in kebab case.
  public var name: String
  public var summary: String
  /// Other names for the same shape, such as those of model repositories.
  public var aliases: [String] = []
  /// Whether the shape is another model's, because that of the model meant is not public.
  public var isStandIn = false
  public var layers: Int
  /// Of layers with softmax attention.
  public var attention: Attention
  /// Whether the attention's output is gated, which doubles its query projection.
  public var hasOutputGate = false
  /// Layers, out of `layers`, that attend to the last `windowTokens` tokens only.
  public var windowLayers = 0
  public var windowTokens = 0
  public var linear: LinearAttention?
  public var index: AttentionIndex?
  /// Width of the residual stream.
  public var hidden: Int
  /// Layers, out of `layers`, without experts: all of a dense model, the first few or every second
  /// one of others.
  public var denseLayers: Int
  /// Inner width of the feed-forward part of a layer without experts.
  public var denseFeedForward: Int
  /// Routed experts per layer that has some; 0 for a dense model.
  public var experts = 0
  /// Routed experts that compute each token.
  public var activeExperts = 0
  /// Experts that compute every token, beside the routed ones.
  public var sharedExperts = 0
  /// Inner width of one expert.
  public var expertFeedForward = 0
  /// Matrices of a feed-forward part: 3 with a gate, 2 without.
  public var feedForwardMatrices = 3
  public var vocabulary: Int
  /// Whether the output head is the input embedding.
  public var hasTiedEmbedding = false
  /// Further heads that predict tokens ahead, for speculation; not among the parameters.
  public var predictionHeads = 0
  /// The format in which the weights were released.
  public var nativeWeights: WeightFormat
  /// Bibliography key of the published configuration.
  public var source: String
  /// Sizes, as their figures are named, that the authors recalled and did not look up.
  public var recalled: [String] = []
  /// What else a reader should know of the shape; empty where there is nothing.
  public var note = ""

  public var isMixtureOfExperts: Bool { experts > 0 }

  /// Layers with experts.
  public var expertLayers: Int { isMixtureOfExperts ? layers - denseLayers : 0 }

  public var linearLayers: Int { linear?.layers ?? 0 }

  /// Layers with softmax attention over the whole context.
  public var fullLayers: Int { layers - windowLayers - linearLayers }

  /// Recurrent state of a sequence, whatever its length.
  public var stateBytes: Int64 { linear?.stateBytes ?? 0 }

  public var queryHeads: Int { attention.queryHeads }

  public var kvHeads: Int { attention.kvHeads }
}
