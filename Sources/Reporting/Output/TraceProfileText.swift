public import Workload

extension TraceProfile {
  /// The profile as tables, for people.
  ///
  /// - Parameters:
  ///   - bytes: The size of the trace's file; nil where it has none.
  ///   - provenance: Where the trace comes from, as its file says.
  /// - Returns: Lines, each ended by a line feed.
  public func text(bytes: Int64?, provenance: TraceProvenance?) -> String {
    var sections = [columnSection]
    if let sessionSection = sessions?.section { sections.append(sessionSection) }
    if let prefixSection = prefixes?.section { sections.append(prefixSection) }
    sections.append(nameSection)
    if let provenance { sections.append(provenance.section) }
    let listed = sections.filter { !$0.lines.isEmpty }.map { "\n" + Self.text($0) }
    return Self.text((name, facts(bytes))) + "\n" + distributions + listed.joined()
  }

  private func facts(_ bytes: Int64?) -> [(String, String)] {
    var facts = [
      ("requests", Quantity.count(rows)),
      ("span", Quantity.seconds(arrivals.span) + " s" + (epoch.map { ", from \($0)" } ?? "")),
    ]
    if let rate = arrivals.perSecond {
      facts.append(("mean rate", Quantity.number(rate) + " /s"))
    }
    if let mean = arrivals.minuteMean, let peak = arrivals.minutePeak,
      let ratio = arrivals.minutePeakOverMean
    {
      let text = "mean \(Quantity.number(mean)), peak \(Quantity.count(peak))"
      facts.append(("per minute", "\(text) (\(Quantity.fixed(ratio, decimals: 2)) × the mean)"))
    }
    let dispersion = "index of dispersion at 1 s \(Quantity.threeDigits(arrivals.dispersion))"
    let variation = arrivals.interArrivalCV.map { "CV of gaps \(Quantity.threeDigits($0)), " }
    facts.append(("burstiness", (variation ?? "") + dispersion))
    if let bytes {
      let perRow = Quantity.threeDigits(Double(bytes) / Double(rows))
      facts.append(("file", "\(Quantity.bytes(bytes)), \(perRow) B per request"))
    }
    facts.append(("digest", digest.hex))
    return facts
  }

  private var distributions: String {
    var table = TextTable()
    table.append(["", "mean", "p50", "p90", "p99", "max"])
    table.append(promptTokens.row("prompt tokens") { Quantity.number($0) })
    table.append(outputTokens.row("output tokens") { Quantity.number($0) })
    if let sessions {
      table.append(sessions.turns.row("turns per session") { Quantity.number($0) })
      let time = { Quantity.time(nanoseconds: $0) }
      if let gaps = sessions.gaps { table.append(gaps.row("gap between turns", time)) }
      if let delays = sessions.delays { table.append(delays.row("delay of edges", time)) }
    }
    return table.text
  }

  fileprivate typealias Section = (title: String, lines: [(String, String)])

  private static func text(_ section: Section) -> String {
    var table = TextTable(leftColumns: 2)
    for (name, value) in section.lines { table.append(["  \(name)", value]) }
    return section.title + "\n" + table.text
  }

  private var columnSection: Section {
    (
      "columns with values",
      columns.map { ($0.column.rawValue, "\(Quantity.count($0.rows)) requests") }
    )
  }

  /// How many names of a column are listed, the most frequent ones.
  private static let listedNames = 8

  private var nameSection: Section {
    let columns = [
      ("classes", classes), ("tenants", tenants), ("models", models), ("adapters", adapters),
      ("tools", tools),
    ]
    return (
      "names",
      columns.filter { !$1.isEmpty }.map { title, names in
        // Equally frequent names stay in the order of the trace.
        let byRows = names.enumerated().sorted {
          ($1.element.rows, $0.offset) < ($0.element.rows, $1.offset)
        }
        var list = byRows.prefix(Self.listedNames).map { _, name in
          "\(name.name) \(Quantity.percent(Double(name.rows) / Double(rows)))"
        }
        if names.count > list.count { list.append("… of \(names.count)") }
        return (title, list.joined(separator: ", "))
      }
    )
  }
}

extension Distribution {
  fileprivate func row(_ name: String, _ text: (Double) -> String) -> [String] {
    [name] + [mean, p50, p90, p99, Double(max)].map(text)
  }
}

extension SessionProfile {
  fileprivate var section: TraceProfile.Section {
    var lines = [("sessions", Quantity.count(sessions))]
    if loneRows > 0 { lines.append(("requests of none", Quantity.count(loneRows))) }
    if edges > 0 {
      let kinds = "\(Quantity.count(dispatchEdges)) fire at dispatch"
      lines.append(("edges", "\(Quantity.count(edges)), \(kinds), up to \(mostParents) a request"))
    }
    if toolGaps + humanGaps > 0 {
      let human = "\(Quantity.count(humanGaps)) on a person"
      lines.append(("gaps", "\(Quantity.count(toolGaps)) spent on a tool, \(human)"))
    }
    return ("sessions", lines)
  }
}

extension PrefixProfile {
  fileprivate var section: TraceProfile.Section {
    let distinct = "\(Quantity.count(distinctBlocks)) distinct, in \(Quantity.count(nodes)) nodes"
    return (
      "prefixes, in a cache that forgets nothing",
      [
        ("blocks", "\(Quantity.count(blocks)) of \(blockTokens) tokens, \(distinct)"),
        ("block hits", Quantity.percent(hitBlockShare)),
        ("token hits", Quantity.percent(hitTokenShare)),
        ("requests that hit", "\(Quantity.count(hitRows)) of \(Quantity.count(rows))"),
      ]
    )
  }
}

extension TraceProvenance {
  fileprivate var section: TraceProfile.Section {
    let lines = [
      ("source", source), ("format", format), ("licence", licence), ("epoch", epoch),
      ("time zone", timeZone), ("note", note),
    ]
    return ("provenance", lines.filter { !$1.isEmpty })
  }
}
