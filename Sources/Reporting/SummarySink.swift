public import Simulation

/// Accumulates everything a summary prints, without allocating per record.
public struct SummarySink: RecordSink {
  /// The metrics of each class, by its index in the trace.
  public private(set) var classes: ContiguousArray<ClassMetrics> = []
  /// Requests per index of `RunResult.reasons`.
  public private(set) var reasonCounts = ContiguousArray<Int64>(repeating: 0, count: 256)
  public let objectives: ServiceObjectives
  private let classNames: () -> [String]

  public struct ClassMetrics: Sendable {
    /// Empty where the trace names no class.
    public let name: String
    let objective: ServiceObjective
    public internal(set) var metrics = RequestMetrics()
  }

  /// - Parameters:
  ///   - objectives: The SLOs of requests that bring none of their own.
  ///   - classNames: The classes that the trace has named so far; asked when a class first occurs,
  ///     since a streamed trace names its classes as it goes.
  public init(objectives: ServiceObjectives, classNames: @escaping () -> [String]) {
    self.objectives = objectives
    self.classNames = classNames
  }

  public mutating func receive(requests: borrowing ContiguousArray<RequestRecord>) {
    for index in requests.indices {
      let requestClass = Int(requests[index].requestClass)
      if requestClass >= classes.count { addClasses(through: requestClass) }
      reasonCounts[Int(requests[index].reason)] += 1
      let objective = classes[requestClass].objective
      classes[requestClass].metrics.add(requests[index], objective: objective)
    }
  }

  public mutating func receive(intervals: borrowing ContiguousArray<TokenIntervals>) {
    for index in intervals.indices {
      let requestClass = Int(intervals[index].requestClass)
      if requestClass >= classes.count { addClasses(through: requestClass) }
      classes[requestClass].metrics.itl.record(intervals[index])
    }
  }

  /// The metrics of all requests together.
  public var overall: RequestMetrics {
    classes.reduce(into: RequestMetrics()) { $0.merge($1.metrics) }
  }

  /// A hash of all counters and of all histograms, bucket by bucket in the order of values. It does
  /// not depend on the order in which records came, and it depends on `objectives`.
  public var digest: UInt128 {
    var hash = SummaryHash()
    hash.absorb(objectives.description)
    for (index, entry) in classes.enumerated() where entry.metrics.offered > 0 {
      hash.absorb(UInt64(index))
      hash.absorb(entry.name)
      entry.metrics.absorb(into: &hash)
    }
    for count in reasonCounts { hash.absorb(count) }
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
