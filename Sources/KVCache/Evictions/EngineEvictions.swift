/// An eviction of `PrefixCache` by its name.
public struct EngineEviction: Sendable {
  public let name: String
  /// One sentence.
  public let summary: String
  public let parameters: [EvictionParameter]
  private let create: @Sendable (EvictionContext, EvictionValues) -> any Eviction

  init(
    _ name: String,
    _ summary: String,
    _ parameters: [EvictionParameter] = [],
    _ create: @escaping @Sendable (EvictionContext, EvictionValues) -> any Eviction
  ) {
    self.name = name
    self.summary = summary
    self.parameters = parameters
    self.create = create
  }

  /// The value of every parameter.
  ///
  /// - Parameter given: Values by name; what is missing has its initial value.
  /// - Returns: What `make` takes.
  /// - Throws: `EvictionFault` for a parameter or value that it does not take.
  public func values(_ given: [String: Double] = [:]) throws(EvictionFault) -> EvictionValues {
    try EvictionValues(given, for: name, parameters)
  }

  /// Makes one for a cache.
  public func make(_ context: EvictionContext, _ values: EvictionValues) -> any Eviction {
    create(context, values)
  }

  /// Makes one for a cache.
  ///
  /// - Parameters:
  ///   - context: The cache that it is for.
  ///   - parameters: Values by name; what is missing has its initial value.
  /// - Returns: An eviction that has not seen anything yet.
  /// - Throws: `EvictionFault` for a parameter or value that it does not take.
  public func make(
    _ context: EvictionContext,
    parameters: [String: Double] = [:]
  ) throws(EvictionFault) -> any Eviction {
    create(context, try values(parameters))
  }
}

/// All evictions that an engine can use: those that do not know the future.
public enum EngineEvictions {
  public static let all: [EngineEviction] = [
    EngineEviction("lru", "Least recently used first, the end of a path before its beginning.") {
      _,
      _ in LRU()
    },
    EngineEviction("leaf-lru", "The same as lru, since every victim is a leaf here.") { _, _ in
      LRU()
    },
    EngineEviction("fifo", "First in, first out.") { _, _ in FIFO() },
    EngineEviction("lfu", "Least frequently used first, then least recently.") { _, _ in LFU() },
    EngineEviction("slru", "Least recently used first; what was used often, last.", [.uses]) {
      SLRU(protectedUses: Int64($1[.uses]))
    },
    EngineEviction("s3-fifo", "A small queue, a main queue, and a memory of what left.") {
      context,
      _ in
      S3FIFO(capacityBlocks: context.capacityBlocks)
    },
    EngineEviction("sieve", "First in, first out, but a hand passes over what was used.") { _, _ in
      Sieve()
    },
    EngineEviction("length-aware", "LFU that keeps blocks late in prompts.") { _, _ in
      LengthAware()
    },
    EngineEviction("ttl", "Drops what is not used for some time; else as lru.", [.seconds]) {
      TTL(lifetime: $1.nanoseconds(.seconds))
    },
    EngineEviction("cost-aware", "Keeps what is used often and dear to compute (GDSF).") {
      context,
      _ in
      CostAware(context)
    },
    EngineEviction(
      "workload-aware",
      "Least likely to be used again, by class of request.",
      [.lifespan]
    ) { WorkloadAware(lifespan: $1.nanoseconds(.lifespan)) },
    EngineEviction("none", "Keeps nothing that is not in use.") { _, _ in KeepNothing() },
    EngineEviction("infinite", "Nothing is ever evicted.") { _, _ in KeepAll() },
  ]

  public static func named(_ name: String) -> EngineEviction? { all.first { $0.name == name } }
}
