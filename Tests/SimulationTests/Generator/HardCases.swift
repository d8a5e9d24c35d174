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
    let spans = records.compactMap { TransferSpan($0, in: sample.fleet) }
    add("one of three on a NIC", records) { row in
      spans.contains { $0.record == row.record && $0.isAmongThree(of: spans) }
    }
    add("landed together", records) { row in
      row.transferEnd >= 0
        && records.contains { $0.transferEnd == row.transferEnd && $0.record != row.record }
    }
    countHandOffs(records, in: sample.fleet.handoff)
    countWaits(records, in: sample)
  }

  private mutating func countHandOffs(_ records: [RequestRecord], in handoff: HandOff) {
    add("handed off layer by layer", records) { $0.handoff == .layerWise }
    add("layer by layer, and handed off again", records) {
      $0.handoff == .layerWise && $0.preemptions > 0
    }
    add("fell back to blocking", records) { $0.handoff == .fellBack }
    add("pulled", records) { handoff.direction == .pull && $0.handoff == .blocking }
    for choice in HandOff.DecodeChoice.allCases {
      add("decode instance chosen at \(choice.rawValue)", records) {
        handoff.decodeAt == choice && $0.transferEnd >= 0
      }
    }
    add("swapped out", records) { $0.swaps > 0 }
  }

  private mutating func countWaits(_ records: [RequestRecord], in sample: Case) {
    add("held at the gateway", records) { $0.stages.gateway > 0 }
    add("rejected by the gateway after a while", records) {
      $0.outcome == .rejected && $0.prefillStart < 0 && $0.stages.gateway > 0
    }
    add("rejected late", records) { $0.outcome == .rejected && $0.prefillStart >= 0 }
    add("rejected late, with tokens emitted", records) {
      $0.outcome == .rejected && $0.emittedTokens > 0
    }
    add("cancelled", records) { $0.outcome == .cancelled }
    add("a turn of a closed loop", records) {
      sample.options.loop == .closed && $0.arrival > $0.sessionStart
    }
    add("in a scaled session", records) {
      sample.options.rateScale != 1 && $0.session >= 0 && $0.arrival > $0.sessionStart
    }
    add("routed by old gauges", records) {
      sample.options.viewLag > 0 && $0.prefillInstance >= 0 && $0.arrival > sample.options.viewLag
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
