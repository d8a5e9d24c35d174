/// How busy a fleet's pools would be with a trace, before anything is simulated.
///
/// Add every request, then read the utilization per pool. Prompts count with a prefill pass each, over
/// what is not cached of them; generated tokens with the step of a batch as large as memory allows at the mean context. Pools
/// with the same role share the work in proportion to their speed. Sums are integers, so that the
/// order of requests does not matter.
public struct LoadEstimate: Sendable {
  /// The estimate for one pool.
  public struct PoolLoad: Sendable, Equatable {
    public var name: String
    public var role: Role
    /// Busy share of the pool at one request per second; may exceed 1.
    public var utilization: Double
    /// Requests that a decode step serves in the estimate; 0 for a prefill pool.
    public var batch: Int
  }

  private let fleet: Fleet
  public private(set) var requests: Int64 = 0
  private var steps: Int128 = 0
  /// Tokens that decode steps read, over all requests.
  private var contextTokens: Int128 = 0
  /// Prefill time over all requests, per pool.
  private var prefill: ContiguousArray<FineTime>

  public init(fleet: Fleet) {
    self.fleet = fleet
    prefill = ContiguousArray(repeating: 0, count: fleet.pools.count)
  }

  /// Counts one request, whose prompt is taken to have a pass of its own.
  ///
  /// - Parameters:
  ///   - promptTokens: Tokens of the prompt, at least 1.
  ///   - cachedTokens: How many of them need not be computed, fewer than all; what is computed attends
  ///     to them too.
  ///   - outputTokens: Tokens to generate, at least 1.
  public mutating func add(promptTokens: Int, cachedTokens: Int = 0, outputTokens: Int) {
    precondition(promptTokens >= 1 && outputTokens >= 1)
    precondition((0..<promptTokens).contains(cachedTokens))
    let newTokens = promptTokens - cachedTokens
    requests += 1
    let samplesAtPrefill = fleet.isMonolithic || fleet.firstToken == .prefill
    let decodeSteps = Int128(samplesAtPrefill ? outputTokens - 1 : outputTokens)
    steps += decodeSteps
    // Step j reads the prompt and the j − 1 tokens that earlier steps added.
    contextTokens += decodeSteps * Int128(promptTokens) + decodeSteps * (decodeSteps - 1) / 2
    for (index, pool) in fleet.pools.enumerated() where pool.role != .decode {
      let costs = pool.kind.costs
      prefill[index] +=
        costs.prefillPass(tokens: newTokens, decodeBatch: 0).time
        + costs.prefillAttention(newTokens: newTokens, pastTokens: cachedTokens).time
    }
  }

  /// Decode steps of the mean request.
  public var meanDecodeSteps: Double { requests == 0 ? 0 : Double(steps) / Double(requests) }

  /// Tokens that the mean decode step of a request reads: the time-weighted mean context.
  public var meanContextTokens: Double { steps == 0 ? 0 : Double(contextTokens) / Double(steps) }

  /// The estimate for every pool, at one request per second.
  public var pools: [PoolLoad] {
    let demands = fleet.pools.indices.map(demand(pool:))
    return fleet.pools.indices.map { index in
      let role = fleet.pools[index].role
      var served = 0.0
      for (other, pool) in fleet.pools.enumerated() where pool.role == role {
        served += Double(pool.count) / demands[other].seconds
      }
      return PoolLoad(
        name: fleet.pools[index].name,
        role: role,
        utilization: 1 / served,
        batch: demands[index].batch
      )
    }
  }

  /// The rate of requests at which the busiest pool's estimated utilization is `load`.
  ///
  /// - Returns: Requests per second; nil before any request was added.
  public func requestsPerSecond(load: Double) -> Double? {
    let busiest = pools.lazy.map(\.utilization).max() ?? 0
    return busiest > 0 ? load / busiest : nil
  }

  /// The time for which the mean request occupies one instance of a pool, in seconds.
  private func demand(pool index: Int) -> (seconds: Double, batch: Int) {
    guard requests > 0 else { return (0, 0) }
    let pool = fleet.pools[index]
    let prefillSeconds = Double(prefill[index]) / Double(requests) / 0x1p32 / 1e9
    guard pool.role != .prefill else { return (prefillSeconds, 0) }
    let kind = pool.kind
    let units = kind.kv.units(tokens: Int(meanContextTokens.rounded(.up)))
    let fitting = units == 0 ? kind.maxBatch : Int(kind.kvCapacityUnits / units)
    let batch = max(1, min(kind.maxBatch, fitting))
    let kvBytes = Double(batch) * Double(units * kind.kv.unitBytes)
    let step = kind.costs.decodeStep(batch: batch, kvBytes: kvBytes)
    let stepSeconds = Double(step.time) / 0x1p32 / 1e9
    return (prefillSeconds + meanDecodeSteps * stepSeconds / Double(batch), batch)
  }
}
