/// How KV gets from the instance that computed it to the one that decodes with it.
public struct HandOff: Sendable, Equatable {
  /// When the decode instance of a request is chosen.
  public enum DecodeChoice: String, Sendable, CaseIterable {
    /// Together with the prefill instance.
    case arrival
    /// When the first chunk of the prompt is scheduled.
    case prefillStart = "prefill-start"
    /// When the prompt has been computed.
    case handoff
  }

  /// Which part of the transfer runs while the prompt is still being computed.
  public enum Overlap: String, Sendable, CaseIterable {
    /// None.
    case blocking
    /// All layers of every chunk but the last, so that at the end one layer's share is left.
    case layerWise = "layer-wise"
  }

  /// Who starts the transfer.
  public enum Direction: String, Sendable, CaseIterable {
    /// The prefill side, as soon as the decode side has reserved memory.
    case push
    /// The decode side, at one of its own boundaries.
    case pull
  }

  public var decodeAt = DecodeChoice.handoff
  public var overlap = Overlap.blocking
  public var direction = Direction.push
  /// Added to the latency of the first transfer between two instances, in nanoseconds.
  public var coldStart: Int64 = 0
  /// Shares of the rate between two pools that transfers reach; 1 where none is given.
  public var pairs: [PairEfficiency] = []

  public init() {}
}

/// The share of what the NICs of two pools allow that a transfer between them reaches.
public struct PairEfficiency: Sendable, Equatable {
  /// Names of the pools.
  public var prefill: String
  public var decode: String
  /// Above 0, at most 1.
  public var efficiency: Double

  public init(prefill: String, decode: String, efficiency: Double) {
    self.prefill = prefill
    self.decode = decode
    self.efficiency = efficiency
  }
}
