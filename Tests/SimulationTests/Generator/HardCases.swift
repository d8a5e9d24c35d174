import Hardware
import Simulation
import Workload

/// How many of the cases that are easily wrong came up.
struct HardCases: CustomStringConvertible, Sendable {
  private var counts: [(name: String, count: Int)] = []

  /// Below this many of one kind, a suite has not shown that the kind is handled.
  static let enough = 100

  /// Counts what the records of a run show.
  mutating func count(_ records: [RequestRecord], in sample: Case) {
    let isMonolithic = sample.fleet.isMonolithic
    add("prompt fits nowhere", records) { $0.reason == 1 }
    add("rejected by the policy", records) { $0.reason > 2 }
    add("failed", records) { $0.outcome == .failed }
    add("preempted on a mixed instance", records) { isMonolithic && $0.preemptions > 0 }
    add("preempted on a decode instance", records) { !isMonolithic && $0.preemptions > 0 }
    add("preempted again", records) { $0.preemptions > 1 }
    add("unfinished", records) { $0.outcome == .unfinished }
    add("unfinished in a stall", records) { $0.outcome == .unfinished && $0.stages.stall > 0 }
    let isCut = records.contains { $0.outcome == .unfinished }
    add("horizon with work left", isCut ? 1 : 0)
    add("one token", records) { $0.outcome == .completed && $0.outputTokens == 1 }
    add("waited for the batch", records) { $0.stages.decodeQueue > 0 }
    add("handed off", records) { $0.transferEnd >= 0 }
    add("arrived together", records) { row in
      records.contains { $0.arrival == row.arrival && $0.record != row.record }
    }
    add("finished together", records) { row in
      records.contains {
        $0.finish == row.finish && $0.outcome == .completed && row.outcome == .completed
          && $0.record != row.record && $0.decodeInstance != row.decodeInstance
      }
    }
    let spans = records.filter { $0.transferEnd >= 0 }.map { TransferSpan($0, in: sample.fleet) }
    add("one of three on a NIC", records) { row in
      spans.contains { $0.record == row.record && $0.isAmongThree(of: spans) }
    }
    add("landed together", records) { row in
      row.transferEnd >= 0
        && records.contains { $0.transferEnd == row.transferEnd && $0.record != row.record }
    }
  }

  /// Counts what only the twin saw.
  mutating func count(_ census: TwinCensus) {
    for (event, count) in census.all { add(event.rawValue, count) }
  }

  mutating func merge(_ other: HardCases) {
    for (name, count) in other.counts { add(name, count) }
  }

  private mutating func add(
    _ name: String,
    _ records: [RequestRecord],
    _ isHard: (RequestRecord) -> Bool
  ) {
    add(name, records.count(where: isHard))
  }

  private mutating func add(_ name: String, _ count: Int) {
    if let known = counts.firstIndex(where: { $0.name == name }) {
      counts[known].count += count
    } else {
      counts.append((name, count))
    }
  }

  /// Those that came up too seldom.
  var rare: [String] { counts.filter { $0.count < Self.enough }.map(\.name) }

  var description: String { counts.map { "\($0.name): \($0.count)" }.joined(separator: ", ") }
}

/// The time in which a hand-off was surely on its NICs, since it takes that long alone.
private struct TransferSpan {
  let record: Int64
  private let sender: Int32
  private let receiver: Int32
  private let start: SimTime
  private let end: SimTime

  init(_ row: RequestRecord, in fleet: Fleet) {
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
