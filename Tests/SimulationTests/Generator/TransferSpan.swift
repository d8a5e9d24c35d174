import Hardware
import Simulation
import Workload

/// The time in which a hand-off was surely on its NICs, since it takes that long alone.
struct TransferSpan {
  let record: Int64
  private let sender: Int32
  private let receiver: Int32
  private let start: SimTime
  private let end: SimTime

  /// Nil for a request that was handed off along with its computation, or more than once.
  init?(_ row: RequestRecord, in fleet: Fleet) {
    let isSimple = row.handoff == .blocking || row.handoff == .fellBack
    guard isSimple, row.transferEnd >= 0, row.preemptions == 0 else { return nil }
    let nics = fleet.pools.flatMap { Array(repeating: $0.kind.nicBytesPerSecond, count: $0.count) }
    let rate = min(nics[Int(row.prefillInstance)], nics[Int(row.decodeInstance)])
    record = row.record
    sender = row.prefillInstance
    receiver = row.decodeInstance
    end = row.transferEnd
    start = end - row.transferBytes * 1_000_000_000 / rate
  }

  /// Whether at its start or end at least two others are on one of its NICs.
  func isAmongThree(of spans: [TransferSpan]) -> Bool {
    [start, end - 1].contains { time in
      let present = spans.filter { $0.start <= time && time < $0.end }
      return present.count { $0.sender == sender } > 2
        || present.count { $0.receiver == receiver } > 2
    }
  }
}
