import Workload

/// A 128-bit hash of a sequence of integers, the same on every machine.
///
/// Two multiply-and-fold lanes; records are hashed apart and their digests added, so the order in
/// which requests finish does not matter.
public struct Digest128: Sendable {
  private var low: UInt64 = 0x243F_6A88_85A3_08D3
  private var high: UInt64 = 0x1319_8A2E_0370_7344

  public init() {}

  @inlinable @inline(__always)
  public mutating func add(_ value: some FixedWidthInteger) {
    add(UInt64(truncatingIfNeeded: value))
  }

  @usableFromInline @inline(__always)
  mutating func add(_ word: UInt64) {
    let a = (low ^ word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    let b = (high ^ word).multipliedFullWidth(by: 0xD1B5_4A32_D192_ED03)
    low = a.low ^ b.high
    high = b.low &+ a.high
  }

  public mutating func add(wide value: Int128) {
    add(value._low)
    add(value._high)
  }

  public var value: UInt128 {
    UInt128(_low: SplitMix64.mix(low &+ 0x9E37_79B9), _high: SplitMix64.mix(high ^ low))
  }
}

extension RequestRecord {
  /// The hash of what the run decided about this request.
  @inline(__always) var digest: UInt128 {
    var hash = Digest128()
    hash.add(record)
    hash.add(Int64(outcome.rawValue) << 8 | Int64(reason))
    hash.add(Int64(promptTokens) << 32 | Int64(outputTokens))
    hash.add(Int64(emittedTokens) << 32 | Int64(preemptions))
    hash.add(Int64(swaps) << 8 | Int64(handoff.rawValue))
    hash.add(Int64(prefillInstance) << 32 ^ Int64(decodeInstance))
    hash.add(arrival)
    hash.add(prefillStart)
    hash.add(prefillEnd)
    hash.add(transferEnd)
    hash.add(decodeStart)
    hash.add(firstToken)
    hash.add(finish)
    hash.add(transferBytes)
    hash.add(sessionStart)
    hash.add(stages.gateway)
    hash.add(stages.prefillQueue)
    hash.add(stages.prefill)
    hash.add(stages.transfer)
    hash.add(stages.decodeQueue)
    hash.add(stages.decode)
    hash.add(stages.stall)
    return hash.value
  }
}

extension InstanceTotals {
  /// The hash of the integrals of instance `index`.
  func digest(index: Int) -> UInt128 {
    var hash = Digest128()
    hash.add(index)
    hash.add(wide: busy)
    hash.add(wide: energy)
    hash.add(wide: tokenTime)
    hash.add(wide: windowTokenTime)
    hash.add(wide: unitsRead)
    hash.add(wide: attentionPairs)
    hash.add(steps)
    hash.add(decodeTokens)
    hash.add(prefillTokens)
    hash.add(peakUnits)
    hash.add(preemptions)
    hash.add(bytesSent)
    hash.add(bytesReceived)
    hash.add(bytesSwappedOut)
    hash.add(bytesSwappedIn)
    return hash.value
  }
}
