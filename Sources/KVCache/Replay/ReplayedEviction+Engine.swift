extension ReplayedEviction {
  static let engine: [ReplayedEviction] = {
    let contenders = EngineEvictions.all.map { eviction in
      ReplayedEviction(
        eviction.name,
        eviction.summary,
        eviction.parameters,
        isOracle: eviction.name == "infinite"
      ) { paths, capacities, values in
        try capacities.map { capacity in
          let context = EvictionContext(blockTokens: paths.blockTokens, capacityBlocks: capacity)
          let made = eviction.make(context, values)
          return try PrefixReplay.replay(paths, capacity: capacity, eviction: made)
        }
      }
    }
    let belady = ReplayedEviction("belady", "Needed again last first.", isOracle: true) {
      paths,
      capacities,
      _ in
      let eviction = BeladyLeaves(paths)
      return try capacities.map {
        try PrefixReplay.replay(paths, capacity: $0, eviction: eviction)
      }
    }
    return contenders.filter { !$0.isOracle } + [belady] + contenders.filter(\.isOracle)
  }()
}
