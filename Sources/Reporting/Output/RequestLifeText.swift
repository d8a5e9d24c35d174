import Simulation
public import Workload

extension RequestLife {
  /// The life as aligned text for a terminal: a line per event, then what it adds up to.
  public var text: String { [heading, timeline, sums, latencies].joined(separator: "\n") }

  private var heading: String {
    let named = className.isEmpty ? "" : " of class \(className)"
    let cached =
      record.hitTokens > 0 ? " (\(Quantity.count(Int64(record.hitTokens))) cached)" : ""
    let tokens =
      "\(Quantity.count(Int64(record.promptTokens))) prompt tokens\(cached), "
      + "\(Quantity.count(Int64(record.emittedTokens))) of "
      + "\(Quantity.count(Int64(record.outputTokens))) output tokens"
    let why = reason.isEmpty ? "" : ": \(reason)"
    return "request \(record.record)\(named), \(tokens); arrival at "
      + "\(Quantity.seconds(record.arrival)) s; \(record.outcome)\(why)\n"
  }

  private var timeline: String {
    let times = events.map { Quantity.seconds($0.time - record.arrival) }
    let width = times.map(\.count).max() ?? 0
    func padded(_ text: String) -> String {
      String(repeating: " ", count: max(width - text.count, 0)) + text
    }
    var table = TextTable(leftColumns: 3)
    table.append([padded("time, s"), "", "instance", ""])
    for (event, time) in zip(events, times) {
      table.append([
        padded(time),
        event.phrase,
        instanceName(event.instance) ?? "",
        event.unit.map { "\(Quantity.count(event.amount)) \($0)" } ?? "",
      ])
    }
    return table.text
  }

  private var sums: String {
    var table = TextTable()
    table.append(["stage", "time, s", "share"])
    let total = record.stages.total
    for stage in stages + [("sum", Int128(total))] {
      table.append([
        stage.name, Quantity.seconds(SimTime(stage.sum)),
        Quantity.percent(total > 0 ? Double(stage.sum) / Double(total) : 0),
      ])
    }
    return table.text
  }

  private var latencies: String {
    var table = TextTable()
    table.append(["latency", "time, s", "SLO", "counts as"])
    for (name, latency) in [("TTFT", ttft), ("TPOT", tpot)] {
      table.append([
        name, latency.value.map(Quantity.seconds) ?? "–",
        latency.target > 0 ? DurationText.text(latency.target) : "–",
        latency.verdict == .none ? "–" : latency.verdict.rawValue,
      ])
    }
    table.append(["E2E", e2e.map(Quantity.seconds) ?? "–", "–", "–"])
    return table.text
  }
}

extension RequestLife {
  /// The life as one JSON object. Times are in seconds, those of events since the arrival.
  public var json: JSONValue {
    .object([
      ("record", .integer(record.record)),
      ("class", .string(className)),
      ("outcome", .string("\(record.outcome)")),
      ("reason", .string(reason)),
      ("promptTokens", .integer(Int64(record.promptTokens))),
      ("outputTokens", .integer(Int64(record.outputTokens))),
      ("emittedTokens", .integer(Int64(record.emittedTokens))),
      ("hitTokens", record.hitTokens < 0 ? .null : .integer(Int64(record.hitTokens))),
      (
        "decodeHitTokens",
        record.decodeHitTokens < 0 ? .null : .integer(Int64(record.decodeHitTokens))
      ),
      ("loadedTokens", .integer(Int64(record.loadedTokens))),
      ("arrivalSeconds", .seconds(record.arrival)),
      ("e2eSeconds", e2e.map(JSONValue.seconds) ?? .null),
      ("ttft", Self.json(ttft)),
      ("tpot", Self.json(tpot)),
      ("stageSeconds", .object(stages.map { ($0.name, .seconds(SimTime($0.sum))) })),
      ("events", .array(events.map(json))),
    ])
  }

  private static func json(_ latency: Latency) -> JSONValue {
    .object([
      ("seconds", latency.value.map(JSONValue.seconds) ?? .null),
      ("sloSeconds", latency.target > 0 ? .seconds(latency.target) : .null),
      ("verdict", latency.verdict == .none ? .null : .string(latency.verdict.rawValue)),
    ])
  }

  private func json(_ event: LifeEvent) -> JSONValue {
    .object([
      ("seconds", .seconds(event.time - record.arrival)),
      ("event", .string(event.kind.rawValue)),
      ("instance", instanceName(event.instance).map { .string($0) } ?? .null),
      ("amount", event.unit == nil ? .null : .integer(event.amount)),
      ("unit", event.unit.map { .string($0) } ?? .null),
    ])
  }
}
