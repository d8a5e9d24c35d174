public import KVCache
public import Simulation

/// An eviction of the prefix caches, as a policy: which idle blocks leave when memory is needed.
///
/// The rules stand in module KVCache, one file each, with their sources; here they get what the engine has
/// to know of them.
///
/// Belady's eviction is not among them: what is needed again last depends on how the run goes on, and
/// that on what is evicted. `replay cache` has it, where the order of prompts is given; the bound of an
/// engine is `infinite`.
public struct CacheEviction: Evict {
  /// All of `EngineEvictions`, with their parameters.
  public static let entries = EngineEvictions.all.map { eviction in
    PolicyEntry.evict(
      eviction.name,
      eviction.summary,
      clairvoyance: eviction.name == "infinite" ? .oracle : .observable,
      parameters: eviction.parameters.map { PolicyParameter($0) }
    ) { values in
      let given = eviction.parameters.map { ($0.name, values[$0.name]) }
      guard let chosen = try? eviction.values(Dictionary(uniqueKeysWithValues: given)) else {
        preconditionFailure("a parameter of \(eviction.name) is not as it was declared")
      }
      return CacheEviction { eviction.make($0, chosen) }
    }
  }

  public let keepsBlocks: Bool
  public let isUnbounded: Bool
  public let dependsOnTime: Bool
  public var clairvoyance: Clairvoyance { isUnbounded ? .oracle : .observable }
  private let make: @Sendable (EvictionContext) -> any Eviction

  /// - Parameter make: Makes the eviction of one instance's cache.
  public init(make: @escaping @Sendable (EvictionContext) -> any Eviction) {
    let sample = make(EvictionContext(blockTokens: 1, capacityBlocks: 1))
    keepsBlocks = !sample.keepsNothing
    isUnbounded = sample.isUnbounded
    dependsOnTime = sample.dependsOnTime
    self.make = make
  }

  public func makeEviction(_ context: EvictionContext) -> any Eviction { make(context) }
}

extension PolicyParameter {
  fileprivate init(_ parameter: EvictionParameter) {
    self.init(
      parameter.name,
      unit: parameter.unit.isEmpty ? parameter.name : parameter.unit,
      default: parameter.initial,
      range: parameter.range,
      isWhole: parameter.isWhole,
      summary: parameter.summary.prefix(1).uppercased() + parameter.summary.dropFirst() + "."
    )
  }
}
