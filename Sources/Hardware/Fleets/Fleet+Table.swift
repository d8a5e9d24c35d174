extension Fleet {
  /// One line of cells per pool, under a line of headings.
  public var table: [[String]] {
    let headings = [
      "pool", "role", "instances", "chips each", "chip", "model", "KV tokens", "max batch",
      "network", "host link",
    ]
    return [headings]
      + pools.map { pool in
        let kind = pool.kind
        let host = kind.hostBytesPerSecond
        return [
          pool.name,
          pool.role.rawValue,
          Amount.count(Int64(pool.count)),
          Amount.count(Int64(kind.chips)),
          kind.chip,
          kind.model,
          Amount.count(kind.kv.tokens(units: kind.kvCapacityUnits)),
          Amount.count(Int64(kind.maxBatch)),
          Amount.rate(bytesPerSecond: kind.nicBytesPerSecond),
          host > 0 ? Amount.rate(bytesPerSecond: host) : "none",
        ]
      }
  }
}
