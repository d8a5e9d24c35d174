public import Simulation

/// Accumulates everything a summary prints, without allocating per record.
public struct SummarySink: RecordSink {
  /// The metrics of each class, by its index in the trace.
  public private(set) var classes: ContiguousArray<ClassMetrics> = []
  /// Requests per index of `RunResult.reasons`.
  public private(set) var reasonCounts = ContiguousArray<Int64>(repeating: 0, count: 256)
  /// Requests that were offered, measured or not.
  public private(set) var offered: Int64 = 0
  /// First tokens that came in the window, of any request; 0 without a window.
  private var firstTokensInside: Int64 = 0
  /// Whether any offered request of a closed-loop run is in a session, measured or not.
  public private(set) var hasSessions = false
  /// Of a closed-loop run; nil for others.
  public private(set) var sessions: SessionMetrics?
  public let objectives: ServiceObjectives
  /// What counts is requests whose session starts inside it, and tokens that come inside it.
  public let window: MeasureWindow?
  private let classNames: () -> [String]

  public struct ClassMetrics: Sendable {
    /// Empty where the trace names no class.
    public let name: String
    let objective: ServiceObjective
    public internal(set) var metrics = RequestMetrics()
  }

  /// - Parameters:
  ///   - objectives: The SLOs of requests that bring none of their own.
  ///   - window: What is measured; nil measures everything.
  ///   - countsSessions: Whether the run is closed-loop, so that sessions have outcomes.
  ///   - classNames: The classes that the trace has named so far; asked when a class first occurs,
  ///     since a streamed trace names its classes as it goes.
  public init(
    objectives: ServiceObjectives,
    window: MeasureWindow? = nil,
    countsSessions: Bool = false,
    classNames: @escaping () -> [String]
  ) {
    self.objectives = objectives
    self.window = window
    sessions = countsSessions ? SessionMetrics() : nil
    self.classNames = classNames
  }

  public mutating func receive(requests: borrowing ContiguousArray<RequestRecord>) {
    offered += Int64(requests.count)
    for index in requests.indices {
      if sessions != nil, requests[index].session >= 0 { hasSessions = true }
      if let window {
        if window.contains(requests[index].firstToken) { firstTokensInside += 1 }
        if !window.contains(requests[index].sessionStart) { continue }
      }
      let requestClass = Int(requests[index].requestClass)
      if requestClass >= classes.count { addClasses(through: requestClass) }
      reasonCounts[Int(requests[index].reason)] += 1
      let objective = classes[requestClass].objective
      let judgement = classes[requestClass].metrics.add(requests[index], objective: objective)
      guard sessions != nil else { continue }
      let own = objective.overridden(by: requests[index])
      sessions?.add(session: requests[index].session, judgement, own)
    }
  }

  public mutating func receive(intervals: borrowing ContiguousArray<TokenIntervals>) {
    for index in intervals.indices {
      let requestClass = Int(intervals[index].requestClass)
      if requestClass >= classes.count { addClasses(through: requestClass) }
      if let window {
        classes[requestClass].metrics.itl.record(intervals[index].inside(window))
      } else {
        classes[requestClass].metrics.itl.record(intervals[index])
      }
    }
  }

  public mutating func receive(sessions records: borrowing ContiguousArray<SessionRecord>) {
    for index in records.indices {
      if let window, !window.contains(records[index].start) { continue }
      sessions?.add(records[index])
    }
  }

  /// The metrics of all measured requests together.
  public var overall: RequestMetrics {
    classes.reduce(into: RequestMetrics()) { $0.merge($1.metrics) }
  }

  /// Tokens that came in the window, of any request: every token is the first of its request or ends
  /// an interval. Nil without a window.
  public var tokensInside: Int64? {
    guard window != nil else { return nil }
    return classes.reduce(firstTokensInside) { $0 + Int64($1.metrics.itl.count) }
  }

  /// The classes that the trace has named so far, whether a request of theirs was measured or not.
  public var namedClasses: [String] { classNames().filter { !$0.isEmpty } }

  /// A hash of all counters and of all histograms, bucket by bucket in the order of values. It does
  /// not depend on the order in which records came, and it depends on `objectives` and `window`.
  public var digest: UInt128 {
    var hash = SummaryHash()
    hash.absorb(objectives.description)
    if let window {
      hash.absorb("measure")
      hash.absorb(window.start)
      hash.absorb(window.end)
      hash.absorb(firstTokensInside)
    }
    for (index, entry) in classes.enumerated() where entry.metrics.hasContent {
      hash.absorb(UInt64(index))
      hash.absorb(entry.name)
      entry.metrics.absorb(into: &hash)
    }
    for count in reasonCounts { hash.absorb(count) }
    if let sessions { sessions.absorb(into: &hash) }
    return hash.digest
  }

  private mutating func addClasses(through index: Int) {
    let names = classNames()
    while classes.count <= index {
      let name = classes.count < names.count ? names[classes.count] : ""
      classes.append(
        ClassMetrics(name: name, objective: objectives.objective(forClass: name))
      )
    }
  }
}
