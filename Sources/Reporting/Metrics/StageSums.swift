import Simulation

/// Σ time per stage over completed requests, in nanoseconds.
public struct StageSums: Sendable, Equatable {
  public private(set) var gateway: Int128 = 0
  public private(set) var prefillQueue: Int128 = 0
  public private(set) var prefill: Int128 = 0
  public private(set) var transfer: Int128 = 0
  public private(set) var decodeQueue: Int128 = 0
  public private(set) var decode: Int128 = 0
  public private(set) var stall: Int128 = 0

  mutating func add(_ stages: Stages) {
    gateway += Int128(stages.gateway)
    prefillQueue += Int128(stages.prefillQueue)
    prefill += Int128(stages.prefill)
    transfer += Int128(stages.transfer)
    decodeQueue += Int128(stages.decodeQueue)
    decode += Int128(stages.decode)
    stall += Int128(stages.stall)
  }

  mutating func merge(_ other: StageSums) {
    gateway += other.gateway
    prefillQueue += other.prefillQueue
    prefill += other.prefill
    transfer += other.transfer
    decodeQueue += other.decodeQueue
    decode += other.decode
    stall += other.stall
  }

  /// The stages in the order in which a request passes through them.
  public var named: [(name: String, sum: Int128)] {
    [
      ("gateway", gateway), ("prefill queue", prefillQueue), ("prefill", prefill),
      ("transfer", transfer), ("decode queue", decodeQueue), ("decode", decode), ("stall", stall),
    ]
  }

  public var total: Int128 { named.reduce(0) { $0 + $1.sum } }
}
