import ConfigFiles

extension ArrivalPlan {
  init(_ node: FileNode) throws(FileFault) {
    let section = try FileSection<ArrivalKey>(node, "arrivals")
    sessionsPerSecond = try section.neededNumber(.sessionsPerSecond, in: 1e-6...1e6)
    let kind: ProcessKind = try section.choice(.process) ?? .poisson
    let uses: [ProcessKind: ArrivalKey] = [
      .gamma: .shape, .weibull: .shape, .modulated: .states, .clients: .clients,
    ]
    for key in [ArrivalKey.shape, .states, .clients] {
      guard let extra = section[key], uses[kind] != key else { continue }
      throw FileFault(at: extra.place, "'\(key.rawValue)' is not of process '\(kind.rawValue)'")
    }
    switch kind {
    case .poisson: process = .poisson
    case .gamma: process = .gamma(shape: try section.neededNumber(.shape, in: 0.01...1_000))
    case .weibull: process = .weibull(shape: try section.neededNumber(.shape, in: 0.1...100))
    case .modulated: process = .modulated(try Self.states(section))
    case .clients: process = try Self.clients(section)
    }
    if let node = section[.week] { week = try WeekShape(node) }
  }

  private static func states(_ section: FileSection<ArrivalKey>) throws(FileFault) -> [State] {
    var states: [State] = []
    for item in try section.required(.states, section.list(.states, atMost: 64)) {
      let state = try FileSection<StateKey>(item, "a state")
      states.append(
        State(
          rate: try state.neededNumber(.rate, in: 0...1e6),
          meanSeconds: try state.neededNumber(.meanSeconds, in: 1e-3...1e9)
        )
      )
    }
    guard states.contains(where: { $0.rate > 0 }), let node = section[.states] else {
      throw FileFault(at: section[.states]?.place, "all states have rate 0; give one a rate")
    }
    if states.count < 2 {
      throw FileFault(
        at: node.place,
        "states is a list of 1; expected two or more to change between"
      )
    }
    return states
  }

  private static func clients(_ section: FileSection<ArrivalKey>) throws(FileFault) -> Process {
    let node = try section.required(.clients, section[.clients])
    let clients = try FileSection<ClientsKey>(node, "clients")
    return .clients(
      count: try clients.neededWhole(.count, in: 1...100_000),
      rates: try clients.needed(.rates, in: 1e-9...1e9),
      variation: try clients.needed(.variation, in: 0.05...10)
    )
  }
}

extension WeekShape {
  init(_ node: FileNode) throws(FileFault) {
    let section = try FileSection<WeekKey>(node, "week")
    let weekday = try section.required(.weekday, Self.hours(section, .weekday))
    let weekend = try Self.hours(section, .weekend) ?? weekday
    let week = (0..<7).flatMap { $0 < 5 ? weekday : weekend }
    let mean = week.reduce(0, +) / Double(week.count)
    guard mean > 0 else {
      throw FileFault(at: node.place, "all hours of the week have rate 0; give one a rate")
    }
    rates = week.map { $0 / mean }
    let day: Weekday = try section.choice(.startDay) ?? .monday
    let days = Weekday.allCases.firstIndex(of: day) ?? 0
    startHour = days * 24 + (try section.whole(.startHour, in: 0...23) ?? 0)
  }

  private static func hours(
    _ section: FileSection<WeekKey>,
    _ key: WeekKey
  ) throws(FileFault) -> [Double]? {
    guard let items = try section.list(key, of: "numbers", atMost: 24) else { return nil }
    guard items.count == 24 else {
      throw FileFault(
        at: section[key]?.place,
        "\(key.rawValue) is a list of \(items.count); expected 24 rates, one per hour from 0 on"
      )
    }
    var hours: [Double] = []
    for item in items {
      hours.append(try RandomVariable.number(item, "a rate of \(key.rawValue)", in: 0...1e6))
    }
    return hours
  }
}
