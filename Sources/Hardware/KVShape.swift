/// How much KV cache a sequence occupies, in whole units.
///
/// A unit is the greatest common divisor of the two per-token sizes, so that one integer counts
/// both full-attention layers and sliding-window layers, and a step's read grows by a whole
/// number of units.
public struct KVShape: Sendable, Equatable {
  /// Bytes in one unit, at least 1.
  public let unitBytes: Int64
  /// Units that every token of a sequence adds in layers with full attention.
  public let fullUnitsPerToken: Int64
  /// Units per token in sliding-window layers, for the last `windowTokens` tokens only.
  public let windowUnitsPerToken: Int64
  /// The sliding window, in tokens; 0 for a model without one.
  public let windowTokens: Int

  public init(fullBytesPerToken: Int64, windowBytesPerToken: Int64 = 0, windowTokens: Int = 0) {
    precondition(fullBytesPerToken >= 0 && windowBytesPerToken >= 0 && windowTokens >= 0)
    precondition(fullBytesPerToken + windowBytesPerToken > 0, "a token must occupy some KV")
    var (a, b) = (fullBytesPerToken, windowBytesPerToken)
    while b != 0 { (a, b) = (b, a % b) }
    unitBytes = a
    fullUnitsPerToken = fullBytesPerToken / a
    windowUnitsPerToken = windowBytesPerToken / a
    self.windowTokens = windowTokens
  }

  /// Units that a sequence of `tokens` tokens holds, and that a decode step over it reads.
  public func units(tokens: Int) -> Int64 {
    fullUnitsPerToken * Int64(tokens) + windowUnitsPerToken * Int64(min(tokens, windowTokens))
  }

  /// Units that a sequence of `tokens` tokens grows by when it gets one more.
  public func growth(tokens: Int) -> Int64 {
    fullUnitsPerToken + (tokens < windowTokens ? windowUnitsPerToken : 0)
  }

  public func bytes(tokens: Int) -> Int64 { units(tokens: tokens) * unitBytes }
}
