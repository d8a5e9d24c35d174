import Simulation
import Workload

/// What the life of a request has to tell, given its record.
enum LifeLaws {
  /// Where the story and the record contradict each other, or nil.
  static func violation(in life: [LifeEvent], of record: RequestRecord) -> String? {
    let times = life.map(\.time)
    if times != times.sorted() { return "events out of order: \(life)" }
    let end: LifeEvent.Kind =
      switch record.outcome {
      case .completed: .completed
      case .rejected: .rejected
      case .failed: .failed
      case .cancelled: .cancelled
      case .unfinished: .unfinished
      }
    let checks: [(what: String, isRight: Bool)] = [
      ("begins with its arrival", life.first?.kind == .arrived),
      ("arrives once", all(.arrived, in: life) == [record.arrival]),
      ("ends as it did", life.last?.kind == end && life.last?.time == record.finish),
      ("starts its prompt", start(in: life) == record.prefillStart),
      ("emits its first token", isFirst(.firstToken, of: life, at: record.firstToken)),
      ("is preempted", all(.preempted, in: life).count == Int(record.preemptions)),
      ("is swapped out", all(.swappedOut, in: life).count == Int(record.swaps)),
      ("is handed off", isFirst(.transferEnded, of: life, at: record.transferEnd)),
      ("waits at the gateway", record.stages.gateway == 0 || has(.held, in: life)),
      ("falls back", record.handoff != .fellBack || has(.fellBackToBlocking, in: life)),
    ]
    return checks.first { !$0.isRight }.map { "\($0.what): \(life)" }
  }

  /// When it began to be computed, or what was kept of it to be loaded; −1 where neither was.
  private static func start(in life: [LifeEvent]) -> SimTime {
    life.first { $0.kind == .chunkStarted || $0.kind == .loadStarted }?.time ?? -1
  }

  private static func all(_ kind: LifeEvent.Kind, in life: [LifeEvent]) -> [SimTime] {
    life.filter { $0.kind == kind }.map(\.time)
  }

  private static func has(_ kind: LifeEvent.Kind, in life: [LifeEvent]) -> Bool {
    life.contains { $0.kind == kind }
  }

  /// Whether the first event of a kind is at a time of the record, which is −1 where there is none.
  private static func isFirst(
    _ kind: LifeEvent.Kind,
    of life: [LifeEvent],
    at time: SimTime
  ) -> Bool {
    (all(kind, in: life).first ?? -1) == time
  }
}
