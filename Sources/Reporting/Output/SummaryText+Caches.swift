import Simulation

// What a summary says of sessions and prefix caches; nothing of a run without them.
extension Summary {
  var sessionTable: String? {
    guard let sessions = startedSessions else { return nil }
    var table = TextTable()
    table.append(["sessions", "started"] + outcomeNames + ["all turns met"])
    table.append(
      ["all", Quantity.count(sessions.started)]
        + Outcome.allCases.map { Quantity.count(sessions.outcome($0)) }
        + [sessions.attainment.share.map(Quantity.percent) ?? "–"]
    )
    return table.text
  }

  /// What the time of completed sessions went into.
  var sessionPath: String? {
    guard let sessions = startedSessions, sessions.completion.count > 0 else { return nil }
    let (sums, count) = (sessions.sums, Double(sessions.completion.count))
    let total = Double(sums.path.total)
    var table = TextTable()
    table.append(["session time", "mean", "share"])
    for part in sums.path.named where part.sum > 0 {
      table.append([
        part.name, Quantity.time(nanoseconds: Double(part.sum) / count),
        Quantity.percent(Double(part.sum) / total),
      ])
    }
    var lines = table.text
    if let turns = sums.turnsPerSecond {
      lines += "\(Quantity.rate(perSecond: turns, of: "turns")) per session\n"
    }
    if sums.retainedByteTime > 0, let mean = sessions.meanRetainedByteSeconds {
      lines +=
        "\(Quantity.byteSeconds(mean)) of KV held between turns per session, "
        + "\(Quantity.byteSeconds(sums.retainedByteSeconds)) in all\n"
    }
    return lines
  }

  /// How much of their contexts requests found cached.
  var prefixHits: String? {
    let hits = overall.prefixHits
    guard hits.hitTokens > 0 || hits.unsentTokens > 0 else { return nil }
    var table = TextTable()
    table.append(["prefix cache", "tokens", "of", "share"])
    for (label, part, whole, share) in [
      ("prompt cached", hits.hitTokens, hits.startedTokens, hits.hitShare),
      ("not sent", hits.unsentTokens, hits.handedOffTokens, hits.unsentShare),
    ] where whole > 0 {
      table.append([
        label, Quantity.count(part), Quantity.count(whole), share.map(Quantity.percent) ?? "–",
      ])
    }
    return table.text
  }

  /// What the caches of each pool did: the counts that some pool has.
  var cacheTable: String? {
    let counts = CacheCount.all.filter { $0.value(cache) > 0 }
    guard !counts.isEmpty else { return nil }
    var table = TextTable()
    table.append(["caches"] + counts.map(\.label))
    for pool in pools { table.append([pool.name] + counts.map { $0.text(pool.cache) }) }
    return table.text
  }
}
