public import Workload

/// Something that happened to one request, for a reader who looks at it closely.
public struct LifeEvent: Sendable, Equatable {
  public var time: SimTime
  public var kind: Kind
  /// The instance it happened on; −1 where on none.
  public var instance: Int32
  /// Prompt tokens of a chunk or a load, context tokens of a preemption, bytes of a transfer or swap; else 0.
  public var amount: Int64

  public enum Kind: String, Sendable, CaseIterable {
    case arrived, held, admitted
    case routedToPrefill, routedToDecode
    /// A chunk of its prompt, or of its context after a preemption, starts or has been computed.
    case chunkStarted, chunkEnded
    /// Blocks of it begin to come from a tier, or have come.
    case loadStarted, loadEnded
    case firstToken
    /// Its decode memory is reserved; `waits` is a refusal of the decode side to reserve it.
    case reserved, waits, fellBackToBlocking
    case transferStarted, transferEnded
    case joinedBatch
    case preempted, swappedOut, swapInStarted, swapInEnded
    case completed, rejected, failed, cancelled, unfinished
  }

  public init(time: SimTime, kind: Kind, instance: Int32 = -1, amount: Int64 = 0) {
    self.time = time
    self.kind = kind
    self.instance = instance
    self.amount = amount
  }
}
