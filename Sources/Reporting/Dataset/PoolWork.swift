import Hardware
import Simulation
import Workload

/// What instances of one kind did in a time, against what they could have done.
struct PoolWork {
  let totals: InstanceTotals
  private let kind: InstanceKind
  private let instances: Int
  /// In nanoseconds.
  private let length: SimTime

  init(_ totals: InstanceTotals, _ kind: InstanceKind, instances: Int, length: SimTime) {
    self.totals = totals
    self.kind = kind
    self.instances = instances
    self.length = length
  }

  /// Time in steps, of all instances together, to the nearest nanosecond.
  var busy: SimTime { SimTime((totals.busy + 0x8000_0000) >> FixedPoint.fractionBits) }

  var busyShare: Double { share(Double(totals.busy) * Self.seconds, of: 1) }

  /// KV held or reserved ÷ capacity, over the time.
  var meanKVShare: Double {
    let unitTime =
      Double(kind.kv.fullUnitsPerToken) * Double(totals.tokenTime)
      + Double(kind.kv.windowUnitsPerToken) * Double(totals.windowTokenTime)
    return share(unitTime * Self.seconds, of: Double(kind.kvCapacityUnits))
  }

  /// Bytes handed off ÷ NIC rate, of the busier direction.
  var linkShare: Double {
    share(
      Double(max(totals.bytesSent, totals.bytesReceived)),
      of: Double(kind.nicBytesPerSecond)
    )
  }

  /// Requests per decode step; nil without one.
  var meanBatch: Double? {
    totals.decodeSteps > 0 ? Double(totals.decodeTokens) / Double(totals.decodeSteps) : nil
  }

  var joules: Double { Double(totals.energy) * Self.seconds }

  /// Units of KV ÷ the capacity of all instances.
  func kvShare(_ units: Int64) -> Double {
    Double(units) / (Double(max(kind.kvCapacityUnits, 1)) * Double(instances))
  }

  /// Bytes that units of KV take in memory, all copies counted.
  func storedBytes(_ units: Int64) -> Int64 { units * kind.kv.unitBytes * kind.kvReplication }

  /// Seconds per 2⁻³² ns, and joules per 2⁻³² nJ.
  private static let seconds = 0x1p-32 * 1e-9

  private func share(_ amount: Double, of rate: Double) -> Double {
    let available = rate * (Double(length) * 1e-9 * Double(instances))
    return available > 0 ? amount / available : 0
  }
}
