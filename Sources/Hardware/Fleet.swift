/// What the instances of a pool do.
public enum Role: String, Sendable, CaseIterable {
  /// Computes prompts and hands their KV off.
  case prefill
  /// Generates tokens for prompts computed elsewhere; recomputes what it preempts.
  case decode
  /// Does both: the monolithic baseline.
  case mixed
}

/// Which side emits a disaggregated request's first token.
public enum FirstToken: String, Sendable, CaseIterable {
  /// The prefill instance samples it (vLLM, DistServe); decode then runs one step fewer.
  case prefill
  /// The first decode step emits it (Neuron prefill/decode disaggregation).
  case decode
}

/// One model replica: chips, parallelism, memory, network and step costs.
public struct InstanceKind: Sendable {
  public var name: String
  /// Names in the catalogue, for reports.
  public var chip: String
  public var model: String
  public var chips: Int
  public var kv: KVShape
  /// KV capacity of the instance, in units of `kv`, after weights and replication.
  public var kvCapacityUnits: Int64
  /// Largest number of requests that hold decode memory at once.
  public var maxBatch: Int
  /// Bytes that the instance's NICs send, and receive, per second, after efficiency and staging.
  public var nicBytesPerSecond: Int64
  /// Paid once by a transfer before it occupies a NIC, in nanoseconds.
  public var handoffLatency: Int64
  /// Copies of each KV byte that a hand-off moves: above 1 when ranks outnumber KV heads.
  public var kvReplication: Int64
  /// Layers whose KV a layer-wise hand-off sends one by one, at least 1.
  public var layers = 1
  /// Bytes that preempted KV moves to host memory, and back, per second; 0 without a host link.
  public var hostBytesPerSecond: Int64 = 0
  /// KV that the host memory of the instance holds, in units of `kv`.
  public var hostKVCapacityUnits: Int64 = 0
  public var costs: any CostModel
  /// Dense peak of the instance in the model's compute precision, in operations per second.
  public var peakOperationsPerSecond: Double
  /// Memory bandwidth of the instance, in bytes per second.
  public var memoryBytesPerSecond: Double
  /// What an hour of the instance costs, with its share of everything around it; nil where no price
  /// is known.
  public var dollarsPerHour: Double?
  /// Power between steps, in watts.
  public var idleWatts = 0.0
  /// How far its step times have been found to be from measured ones; nil where nothing is known.
  public var expectedError: ExpectedError?

  public init(
    name: String,
    chip: String,
    model: String,
    chips: Int,
    kv: KVShape,
    kvCapacityUnits: Int64,
    maxBatch: Int,
    nicBytesPerSecond: Int64,
    handoffLatency: Int64,
    kvReplication: Int64,
    costs: any CostModel,
    peakOperationsPerSecond: Double,
    memoryBytesPerSecond: Double
  ) {
    self.name = name
    self.chip = chip
    self.model = model
    self.chips = chips
    self.kv = kv
    self.kvCapacityUnits = kvCapacityUnits
    self.maxBatch = maxBatch
    self.nicBytesPerSecond = nicBytesPerSecond
    self.handoffLatency = handoffLatency
    self.kvReplication = kvReplication
    self.costs = costs
    self.peakOperationsPerSecond = peakOperationsPerSecond
    self.memoryBytesPerSecond = memoryBytesPerSecond
  }
}

/// A place below an instance's memory that holds KV of prompts.
public struct KVTier: Sendable, Equatable {
  /// Such as `host`, `ssd`, `store`.
  public var name: String
  /// Of each instance; of the whole pool where it is shared.
  public var capacityBytes: Int64
  /// Of reads and of writes, at least 1.
  public var bytesPerSecond: Int64
  /// Of a read, before its first byte, in nanoseconds.
  public var latency: Int64
  /// Whether all instances of the pool have it together.
  public var isShared: Bool

  public init(
    name: String,
    capacityBytes: Int64,
    bytesPerSecond: Int64,
    latency: Int64,
    isShared: Bool = false
  ) {
    self.name = name
    self.capacityBytes = capacityBytes
    self.bytesPerSecond = bytesPerSecond
    self.latency = latency
    self.isShared = isShared
  }
}

/// `count` equal instances with one role.
public struct Pool: Sendable {
  public var name: String
  public var role: Role
  public var kind: InstanceKind
  public var count: Int
  /// Bytes per second that all instances of the pool together send, and receive, over the shared
  /// fabric; `Int64.max` where it never binds.
  public var fabricBytesPerSecond = Int64.max
  /// Where KV goes that its instances' memory has no room for, the fastest first; of pools that compute
  /// prompts.
  public var tiers: [KVTier] = []

  public init(name: String, role: Role, kind: InstanceKind, count: Int) {
    self.name = name
    self.role = role
    self.kind = kind
    self.count = count
  }
}

/// Where a request that a decode instance preempted gets its KV computed again.
public enum RecomputePlace: String, Sendable, CaseIterable {
  case local
  /// In the prefill pool, from where it is handed off anew.
  case prefillPool = "prefill-pool"
}

/// The hardware that a trace is replayed against.
///
/// Instances are numbered over the pools in order. A fleet has either mixed pools only, or at
/// least one prefill and one decode pool.
public struct Fleet: Sendable {
  public var name: String
  public var summary: String
  public var pools: [Pool]
  public var firstToken: FirstToken
  /// Period of the grid on which instances publish their gauges, in nanoseconds.
  public var tick: Int64
  public var handoff = HandOff()
  public var recompute = RecomputePlace.local
  /// Tokens per block of the instances' KV memory, at least 1: a prefix hit is a multiple of it.
  public var blockTokens = 16
  /// Tokens that speculation yields per verified step, at least 1; 1 is none. The decode costs of
  /// the pools already are per token.
  public var acceptedTokensPerStep = 1.0

  public init(
    name: String,
    summary: String,
    pools: [Pool],
    firstToken: FirstToken,
    tick: Int64 = 10_000_000
  ) {
    self.name = name
    self.summary = summary
    self.pools = pools
    self.firstToken = firstToken
    self.tick = tick
  }

  public var instanceCount: Int { pools.reduce(0) { $0 + $1.count } }

  /// Whether every request stays on one instance.
  public var isMonolithic: Bool { pools.allSatisfy { $0.role == .mixed } }
}
