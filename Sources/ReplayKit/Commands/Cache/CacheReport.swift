import KVCache
import Reporting
import Study

/// What a cache study found, for people.
struct CacheReport {
  private let study: CacheStudy
  private let paths: PrefixPaths
  private let trace: String

  init(_ study: CacheStudy, _ paths: PrefixPaths, trace: String) {
    self.study = study
    self.paths = paths
    self.trace = trace
  }

  var text: String {
    var heading = TextTable(leftColumns: 2)
    heading.append(["trace", trace])
    heading.append([
      "blocks", "\(paths.references) of \(paths.blockTokens) tokens in \(paths.count) prompts",
    ])
    for tier in study.tiers?.tiers ?? [] {
      heading.append([tier.name, "\(tier.capacityBlocks) blocks"])
    }
    let hits = study.tiers == nil ? "hits" : "hits in any tier"
    var tables = [
      heading,
      table("block \(hits) at") { $0.blockHitRatio },
      table("token \(hits) at") { $0.tokenHitRatio },
    ]
    if let tiers = study.tiers {
      tables += study.rows.map { tierTable($0, tiers) }
    }
    return tables.map(\.text).joined(separator: "\n")
  }

  private func table(
    _ title: String,
    _ ratio: (CacheStudy.Cell) -> Double?
  ) -> TextTable {
    var table = TextTable()
    table.append([title] + study.capacities.map { "\($0)" })
    for row in study.rows {
      let mark = row.contender.eviction.isOracle ? " (X)" : ""
      table.append([row.contender.label + mark] + row.cells.map { percent(ratio($0)) })
    }
    return table
  }

  /// Where the blocks of one eviction were found, and what moved for it.
  private func tierTable(_ row: CacheStudy.Row, _ tiers: CacheTiers) -> TextTable {
    var table = TextTable()
    var titles = ["\(row.contender.label) at", "device hits"]
    for tier in tiers.tiers {
      titles += ["\(tier.name) hits", "tokens", "read", "written"]
    }
    table.append(titles + ["fetches take", "instead of"])
    for (capacity, cell) in zip(study.capacities, row.cells) {
      guard let tiered = cell.tiered else { continue }
      var line = ["\(capacity)", percent(cell.device.blockHitRatio)]
      for tier in tiered.tiers {
        line += [
          percent(ratio(tier.blockHits, cell.device.blocks)), "\(tier.tokenHits)",
          gigabytes(tier.readBytes), gigabytes(tier.writtenBytes),
        ]
      }
      table.append(line + [seconds(tiered.loadTime), seconds(tiered.recomputeTime)])
    }
    return table
  }

  private func ratio(_ part: Int64, _ whole: Int64) -> Double? {
    whole == 0 ? nil : Double(part) / Double(whole)
  }

  private func percent(_ ratio: Double?) -> String {
    guard let ratio else { return "–" }
    return tenths(ratio * 100) + " %"
  }

  private func gigabytes(_ bytes: Int128) -> String { tenths(Double(bytes) / 1e9) + " GB" }

  private func seconds(_ nanoseconds: Int128) -> String { tenths(Double(nanoseconds) / 1e9) + " s" }

  private func tenths(_ value: Double) -> String {
    let tenths = Int128((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }

  /// Shares of blocks that missed, by capacity.
  var svg: String {
    let series = study.rows.map { row in
      LinePlot.Series(
        name: row.contender.label + (row.contender.eviction.isOracle ? " (X)" : ""),
        points: zip(study.capacities, row.cells)
          .sorted { $0.0 < $1.0 }
          .compactMap { capacity, cell in
            cell.blockHitRatio.map { (x: Double(capacity), y: 1 - $0) }
          }
      )
    }
    return LinePlot(
      title: "Block misses, \(trace)",
      x: LinePlot.Axis("capacity, blocks", scale: .log),
      y: LinePlot.Axis("miss ratio"),
      series: series
    ).svg
  }
}
