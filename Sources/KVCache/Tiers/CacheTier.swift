public import Workload

/// A place below the device to which blocks go and from which they come back.
public struct CacheTier: Sendable, Equatable {
  public var name: String
  /// Blocks that it holds, at least 1.
  public var capacityBlocks: Int
  /// Of reads and of writes, at least 1.
  public var bytesPerSecond: Int64
  /// Of a read, before the first byte, in nanoseconds.
  public var latency: SimTime

  public init(name: String, capacityBlocks: Int, bytesPerSecond: Int64, latency: SimTime) {
    self.name = name
    self.capacityBlocks = capacityBlocks
    self.bytesPerSecond = bytesPerSecond
    self.latency = latency
  }

  /// What known tiers are like unless the user says it: host memory behind PCIe 5.0 x16 (64 GB/s
  /// raw), an NVMe drive of PCIe 4.0 x4 and a store behind a 100 Gb/s network. Assumed.
  public static let known = [
    CacheTier(name: "host", capacityBlocks: 1, bytesPerSecond: 50_000_000_000, latency: 10_000),
    CacheTier(name: "ssd", capacityBlocks: 1, bytesPerSecond: 7_000_000_000, latency: 100_000),
    CacheTier(name: "store", capacityBlocks: 1, bytesPerSecond: 12_500_000_000, latency: 1_000_000),
  ]

  /// How long it takes to read so many bytes, in nanoseconds, rounded up.
  func loadTime(bytes: Int128) -> SimTime {
    let rate = Int128(bytesPerSecond)
    let transfer = (bytes * 1_000_000_000 + rate - 1) / rate
    return SimTime(clamping: transfer + Int128(latency))
  }
}

/// When blocks are written to the tiers below the device.
///
/// Source: SGLang HiCache, `--hicache-write-policy`: write_back, write_through and
/// write_through_selective.
public enum TierWrite: Sendable, Equatable {
  /// When they leave the tier above.
  case back
  /// As soon as they are in the device, to all tiers.
  case through
  /// When they are found in the device for the nth time since they came there, n ≥ 1, to all tiers.
  case hit(Int)
}

/// Blocks of a path that were fetched from a tier.
public struct TierRead: Sendable, Equatable {
  /// Index of the tier, from 0 below the device.
  public var tier: Int
  /// Blocks of the path before and up to the end of what was fetched.
  public var from: Int32
  public var to: Int32
  /// How long the fetch takes, and how long computing the blocks would have, in nanoseconds.
  public var loadTime: SimTime
  public var recomputeTime: SimTime

  public init(tier: Int, from: Int32, to: Int32, loadTime: SimTime, recomputeTime: SimTime) {
    self.tier = tier
    self.from = from
    self.to = to
    self.loadTime = loadTime
    self.recomputeTime = recomputeTime
  }
}
