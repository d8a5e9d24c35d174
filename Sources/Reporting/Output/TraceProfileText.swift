public import Workload

extension TraceProfile {
  /// The profile as tables, for people.
  ///
  /// - Parameter bytes: The size of the trace's file; nil where it has none.
  /// - Returns: Lines, each ended by a line feed.
  public func text(bytes: Int64?) -> String {
    var sections = [Self.text((name, facts(bytes))), distributions, columnTable]
    if let sessionSection = sessions?.section { sections.append(Self.text(sessionSection)) }
    if let prefixSection = prefixes?.section { sections.append(Self.text(prefixSection)) }
    sections += [Self.text(nameSection), Self.text(originSection)]
    return sections.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private func facts(_ bytes: Int64?) -> [(String, String)] {
    var facts = [
      ("requests", Quantity.count(rows)),
      ("span", Quantity.span(nanoseconds: arrivals.span) + start),
      ("tokens", "\(promptTokens.total) prompt, \(outputTokens.total) output"),
    ]
    if let rate = arrivals.perSecond {
      facts.append(("rate", Quantity.rate(perSecond: rate, of: "requests")))
    }
    if let mean = arrivals.minuteMean, let peak = arrivals.minutePeak,
      let ratio = arrivals.minutePeakOverMean
    {
      let text = "mean \(Quantity.number(mean)) requests, peak \(Quantity.count(peak))"
      facts.append(("per minute", "\(text) (\(Quantity.fixed(ratio, decimals: 2)) × the mean)"))
    }
    if rows > 0 { facts.append(("burstiness", burstiness)) }
    if let bytes {
      let perRow = rows > 0 ? Quantity.threeDigits(Double(bytes) / Double(rows)) : nil
      facts.append(
        ("file", Quantity.bytes(bytes) + (perRow.map { ", \($0) B per request" } ?? ""))
      )
    }
    facts.append(("digest", digest.hex))
    return facts
  }

  /// The first arrival's date and time.
  private var start: String {
    guard let epoch else { return "" }
    let zone = provenance?.timeZone ?? ""
    return ", from \(epoch)" + (zone.isEmpty ? "" : " \(zone)")
  }

  private var burstiness: String {
    let variation = arrivals.interArrivalCV.map {
      "CV of inter-arrival times \(Quantity.threeDigits($0)), "
    }
    let dispersion = Quantity.threeDigits(arrivals.dispersion)
    return (variation ?? "") + "index of dispersion at 1 s \(dispersion) (Poisson: 1)"
  }

  private var distributions: String {
    var table = TextTable()
    table.append(["", "mean", "p50", "p90", "p99", "max"])
    table.append(promptTokens.row("prompt tokens") { Quantity.whole($0) })
    table.append(outputTokens.row("output tokens") { Quantity.whole($0) })
    if let sessions {
      table.append(sessions.turns.row("turns per session") { Quantity.whole($0) })
      let time = { Quantity.time(nanoseconds: $0) }
      if let gaps = sessions.gaps { table.append(gaps.row("gap between turns", time)) }
      if let delays = sessions.delays { table.append(delays.row("delay of edges", time)) }
    }
    return table.text
  }

  fileprivate typealias Section = (title: String, lines: [(String, String)])

  /// Nothing for a section without lines.
  private static func text(_ section: Section) -> String {
    if section.lines.isEmpty { return "" }
    var table = TextTable(leftColumns: 2)
    for (name, value) in section.lines { table.append(["  \(name)", value]) }
    return section.title + "\n" + table.text
  }

  private var columnTable: String {
    if columns.isEmpty { return "" }
    var table = TextTable()
    table.append(["columns with values", "requests", "share"])
    for column in columns {
      let share = Quantity.percent(Double(column.rows) / Double(rows))
      table.append(["  \(column.column.rawValue)", Quantity.count(column.rows), share])
    }
    return table.text
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

  /// What stands elsewhere is left out: the file's name and the first arrival.
  private var originSection: Section {
    guard let provenance else { return ("provenance", []) }
    let lines = [
      ("source", provenance.source == name ? "" : provenance.source),
      ("format", provenance.format), ("licence", provenance.licence),
      ("time zone", epoch == nil ? provenance.timeZone : ""), ("note", provenance.note),
    ]
    return ("provenance", lines.filter { !$1.isEmpty })
  }
}

extension Distribution {
  /// The sum of the values.
  fileprivate var total: String { Quantity.count(Int64((mean * Double(count)).rounded())) }

  fileprivate func row(_ name: String, _ text: (Double) -> String) -> [String] {
    [name] + [mean, p50, p90, p99, Double(max)].map(text)
  }
}

extension SessionProfile {
  fileprivate var section: TraceProfile.Section {
    var lines = [("sessions", Quantity.count(sessions))]
    if loneRows > 0 { lines.append(("other requests", Quantity.count(loneRows))) }
    if edges > 0 {
      let atDispatch = dispatchEdges > 0 ? Quantity.count(dispatchEdges) : "none"
      let most = "at most \(mostParents) per request"
      lines.append(("edges", "\(Quantity.count(edges)), \(atDispatch) fire at dispatch, \(most)"))
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
      "prefix reuse, in a cache that forgets nothing",
      [
        (
          "blocks",
          "\(Quantity.count(blocks)) of \(Quantity.count(Int64(blockTokens))) tokens, \(distinct)"
        ),
        ("block hits", Quantity.percent(hitBlockShare)),
        ("token hits", Quantity.percent(hitTokenShare)),
        ("requests that hit", "\(Quantity.count(hitRows)) of \(Quantity.count(rows))"),
      ]
    )
  }
}
