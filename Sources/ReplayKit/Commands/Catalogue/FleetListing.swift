import Hardware
import Reporting
import Workload

extension Fleets {
  /// A line per fleet.
  static func listing() throws -> String {
    var table = TextTable(leftColumns: 2)
    for name in names {
      let mark = name == defaultName ? " (default)" : ""
      table.append([name + mark, try plan(name).summary])
    }
    return table.text
  }
}

extension FleetPlan {
  /// The fleet as one JSON object: rates in bytes per second, times in seconds.
  func json() throws -> JSONValue {
    let fleet = try fleet()
    return .object([
      ("name", .string(name)),
      ("summary", .string(summary)),
      ("default", .bool(name == Fleets.defaultName)),
      ("firstToken", .string(firstToken.rawValue)),
      ("tick", .seconds(tick)),
      ("blockTokens", .integer(Int64(blockTokens))),
      ("acceptedTokensPerStep", .number(acceptedTokensPerStep)),
      ("dollarsPerHour", .optional(dollarsPerHour)),
      ("watts", .number(watts)),
      ("pools", .array(zip(pools, fleet.pools).map { $0.json($1) })),
    ])
  }
}

extension FleetPlan.PoolPlan {
  fileprivate func json(_ pool: Pool) -> JSONValue {
    let kind = pool.kind
    return .object([
      ("name", .string(name)),
      ("role", .string(role.rawValue)),
      ("instances", .integer(Int64(count))),
      ("instance", .string(deployment.name)),
      ("chip", .string(deployment.chip.name)),
      ("chipsPerInstance", .integer(Int64(deployment.chips))),
      ("model", .string(deployment.model.name)),
      ("precision", .string(deployment.precision.rawValue)),
      ("weights", .string(deployment.weights.rawValue)),
      ("weightBytes", .integer(deployment.weightBytes)),
      ("kvBytesPerElement", .integer(Int64(deployment.kvElementBytes))),
      ("kvCapacityBytes", .integer(kind.kvCapacityUnits * kind.kv.unitBytes)),
      ("kvCopies", .integer(kind.kvReplication)),
      ("maxBatch", .integer(Int64(kind.maxBatch))),
      ("fabric", .string(deployment.fabric.name)),
      ("staged", .bool(deployment.staged)),
      ("transport", .string(deployment.transport.rawValue)),
      ("networkBytesPerSecond", .integer(kind.nicBytesPerSecond)),
      ("handoffLatency", .seconds(kind.handoffLatency)),
      ("hostBytesPerSecond", .integer(kind.hostBytesPerSecond)),
    ])
  }
}
