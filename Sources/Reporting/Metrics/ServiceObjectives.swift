import Simulation
public import Workload

/// The targets of one request, in nanoseconds; 0 where there is none.
public struct ServiceObjective: Sendable, Equatable {
  /// Time to first token.
  public var ttft: SimTime = 0
  /// Time per output token.
  public var tpot: SimTime = 0

  public init(ttft: SimTime = 0, tpot: SimTime = 0) {
    self.ttft = ttft
    self.tpot = tpot
  }

  var isEmpty: Bool { ttft == 0 && tpot == 0 }

  /// The targets of one request: its own, and these where it brings none.
  @inline(__always)
  func overridden(by record: borrowing RequestRecord) -> ServiceObjective {
    ServiceObjective(
      ttft: record.ttftSLO > 0 ? record.ttftSLO : ttft,
      tpot: record.tpotSLO > 0 ? record.tpotSLO : tpot
    )
  }
}

/// The SLOs of a run: one for all requests, and others for classes.
///
/// A class that sets only one of the two targets takes the other from the SLO for all; a row of
/// the trace that brings its own targets overrides both.
public struct ServiceObjectives: Sendable, Equatable, CustomStringConvertible {
  public private(set) var all = ServiceObjective()
  /// In the order in which the classes were first named.
  public private(set) var classes: [(name: String, objective: ServiceObjective)] = []

  public init() {}

  /// Reads the values of repeated `--slo` flags, such as `ttft=2s,tpot=50ms` or
  /// `chat:ttft=500ms`; without a class, or with class `all`, they hold for every request.
  public init(parsing texts: [String]) throws(ObjectiveError) {
    for text in texts { try add(text) }
  }

  public static func == (lhs: Self, rhs: Self) -> Bool { lhs.description == rhs.description }

  public func objective(forClass name: String) -> ServiceObjective {
    var objective = all
    if let own = classes.first(where: { $0.name == name })?.objective {
      if own.ttft > 0 { objective.ttft = own.ttft }
      if own.tpot > 0 { objective.tpot = own.tpot }
    }
    return objective
  }

  private mutating func add(_ text: String) throws(ObjectiveError) {
    let split = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let name = split.count == 2 ? String(split[0]) : "all"
    guard !name.isEmpty, let list = split.last, !list.isEmpty else {
      throw ObjectiveError(text: text, problem: "is incomplete")
    }
    for item in list.split(separator: ",", omittingEmptySubsequences: false) {
      try add(item, to: name, of: text)
    }
  }

  private mutating func add(
    _ item: Substring,
    to name: String,
    of text: String
  ) throws(ObjectiveError) {
    let pair = item.split(separator: "=", omittingEmptySubsequences: false)
    guard pair.count == 2, let key = Metric(rawValue: String(pair[0])) else {
      throw ObjectiveError(text: text, problem: "has no metric 'ttft' or 'tpot' in '\(item)'")
    }
    guard let target = DurationText.nanoseconds(pair[1]), target > 0 else {
      throw ObjectiveError(text: text, problem: "has no duration above 0 in '\(item)'")
    }
    let isNew = update(name) { objective in
      let path = key.path
      guard objective[keyPath: path] == 0 else { return false }
      objective[keyPath: path] = target
      return true
    }
    guard isNew else {
      throw ObjectiveError(text: text, problem: "sets \(key.rawValue) of '\(name)' twice")
    }
  }

  private mutating func update(_ name: String, _ body: (inout ServiceObjective) -> Bool) -> Bool {
    if name == "all" { return body(&all) }
    if let index = classes.firstIndex(where: { $0.name == name }) {
      return body(&classes[index].objective)
    }
    classes.append((name, ServiceObjective()))
    return body(&classes[classes.count - 1].objective)
  }

  private enum Metric: String {
    case ttft, tpot

    var path: WritableKeyPath<ServiceObjective, SimTime> {
      self == .ttft ? \.ttft : \.tpot
    }
  }

  /// The canonical text: what `--slo` would be given, separated by spaces.
  public var description: String {
    let named = classes.sorted { $0.name < $1.name }
    return ([("all", all)] + named.map { ($0.name, $0.objective) })
      .compactMap { name, objective in
        let parts = [("ttft", objective.ttft), ("tpot", objective.tpot)]
          .filter { $0.1 > 0 }
          .map { "\($0.0)=\(DurationText.text($0.1))" }
        return parts.isEmpty ? nil : "\(name):" + parts.joined(separator: ",")
      }
      .joined(separator: " ")
  }
}

/// An SLO that cannot be read.
public struct ObjectiveError: Error, Equatable, Sendable, CustomStringConvertible {
  public var text: String
  public var problem: String

  public var description: String {
    "SLO '\(text)' \(problem); expected [CLASS:]ttft=DURATION[,tpot=DURATION], such as "
      + "chat:ttft=2s,tpot=50ms, with units ns, us, ms or s"
  }
}
