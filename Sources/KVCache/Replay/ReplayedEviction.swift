/// By which rules a cache-only replay uses its cache.
public enum CacheSemantics: String, Sendable, CaseIterable {
  /// As the literature compares evictions: every block of a prompt is touched in order, head first;
  /// a miss inserts it, and evicts one where the cache is full; nothing is pinned.
  case block
  /// As an engine uses its cache: the longest cached beginning of a prompt is pinned, room is made
  /// for the rest, and only leaves that nobody uses are evicted.
  case engine
}

/// An eviction that a cache-only replay compares with others.
public struct ReplayedEviction: Sendable {
  /// What `--eviction` calls it.
  public let name: String
  /// One sentence.
  public let summary: String
  public let parameters: [EvictionParameter]
  /// Whether it knows the future or no bound, so that it is a bound and no contender.
  public let isOracle: Bool
  private let replay: @Sendable (PrefixPaths, [Int], EvictionValues) throws -> [CacheCounts]

  /// Replays the prompts in an empty cache of each of these capacities.
  ///
  /// - Parameters:
  ///   - paths: The prompts.
  ///   - capacities: In blocks, at least 1.
  ///   - parameters: Values by name; what is missing has its initial value.
  /// - Returns: What each found.
  /// - Throws: `EvictionFault` for a parameter or value that it does not take.
  public func replay(
    _ paths: PrefixPaths,
    capacities: [Int],
    parameters: [String: Double] = [:]
  ) throws -> [CacheCounts] {
    try replay(paths, capacities, try check(parameters))
  }

  /// Looks whether it takes these parameters.
  @discardableResult
  public func check(_ parameters: [String: Double]) throws(EvictionFault) -> EvictionValues {
    try EvictionValues(parameters, for: name, self.parameters)
  }

  /// All of them under some rules; the bounds last.
  public static func all(_ semantics: CacheSemantics) -> [ReplayedEviction] {
    switch semantics {
    case .block: block
    case .engine: engine
    }
  }

  public static func named(_ name: String, _ semantics: CacheSemantics) -> ReplayedEviction? {
    all(semantics).first { $0.name == name }
  }

  init(
    _ name: String,
    _ summary: String,
    _ parameters: [EvictionParameter] = [],
    isOracle: Bool = false,
    _ replay: @escaping @Sendable (PrefixPaths, [Int], EvictionValues) throws -> [CacheCounts]
  ) {
    self.name = name
    self.summary = summary
    self.parameters = parameters
    self.isOracle = isOracle
    self.replay = replay
  }
}
