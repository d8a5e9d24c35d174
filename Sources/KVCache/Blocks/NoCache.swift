/// Nothing is ever kept: the bound from below.
public struct NoCache: BlockCache, ~Copyable {
  public init(capacity: Int, for paths: PrefixPaths) {}

  public mutating func touch(_ run: PathRun, position: Int) -> RunHits {
    RunHits(count: 0, includesLast: false)
  }
}
