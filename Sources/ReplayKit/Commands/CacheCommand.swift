import ArgumentParser
import KVCache
import Policies
import Reporting
import Study
import Workload

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

struct CacheCommand: ReplayCommand {
  static let configuration = CommandConfiguration(
    commandName: "cache",
    abstract: "Replay the prompts of a trace in prefix caches and print how many blocks hit.",
    discussion: """
      No engine and no time: one cache for all prompts, in the order of arrival. Every block of a \
      prompt is touched in order, head first; a miss inserts it, and evicts one where the cache is \
      full; nothing is pinned. These are the rules by which the literature compares evictions.

      EVICTIONS:
      \(BlockEviction.all.map { "  \($0.name): \($0.summary)" }.joined(separator: "\n"))
      """
  )

  @Argument(help: "The trace, with prefixes: plain, gzip or zstd.", completion: .file())
  var trace: String

  @Option(
    help: .init("Blocks that the cache holds, separated by commas.", valueName: "blocks")
  )
  var capacity: String = "1000,5000,10000,30000,50000,100000"

  @Option(
    help: .init("Evictions, separated by commas; all unless given.", valueName: "names")
  )
  var eviction: String?

  @Option(
    help: .init(
      """
      Write eviction,capacity_blocks,block_hit_ratio,token_hit_ratio to a file; '-' prints them \
      instead of the table.
      """,
      valueName: "file"
    )
  )
  var csv: String?

  @OptionGroup var reading: TraceReadOptions

  func run(in registry: PolicyRegistry) throws {
    let (capacities, evictions) = (try capacities, try evictions)
    let input = try TraceInput(trace, reading)
    let target = try csv.flatMap { try $0 == "-" ? nil : OutputTarget($0, flag: "--csv") }
    try target?.check(against: [InputFile(what: "trace", path: trace)])
    let file = try target?.create()
    let paths = try PrefixPaths(reading: input.trace)
    guard paths.references > 0 else {
      throw TraceError(
        .badData,
        file: trace,
        problem: "has no prefixes, so there is nothing to share; 'replay formats' lists what has"
      )
    }
    let study = CacheStudy(
      paths,
      evictions: evictions,
      capacities: capacities,
      threads: max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    )
    try file?.append(Array(study.csv.utf8))
    try file?.complete()
    try StandardOutput.write(csv == "-" ? study.csv : text(of: study, paths))
  }

  private var capacities: [Int] {
    get throws {
      try capacity.split(separator: ",", omittingEmptySubsequences: false).map { text in
        guard let blocks = Int(text), blocks >= 1 else {
          throw UsageError(
            "--capacity holds '\(text)'; expected whole numbers of blocks, at least 1"
          )
        }
        return blocks
      }
    }
  }

  private var evictions: [BlockEviction] {
    get throws {
      guard let eviction else { return BlockEviction.all }
      return try eviction.split(separator: ",", omittingEmptySubsequences: false).map { name in
        guard let known = BlockEviction.named(String(name)) else {
          throw UsageError(
            unknown: "eviction",
            String(name),
            known: BlockEviction.all.map(\.name)
          )
        }
        return known
      }
    }
  }

  private func text(of study: CacheStudy, _ paths: PrefixPaths) -> String {
    var heading = TextTable(leftColumns: 2)
    heading.append(["trace", trace.split(separator: "/").last.map(String.init) ?? trace])
    heading.append([
      "blocks", "\(paths.references) of \(paths.blockTokens) tokens in \(paths.count) prompts",
    ])
    let blocks = table("block hits at", study) { $0.blockHitRatio }
    let tokens = table("token hits at", study) { $0.tokenHitRatio }
    return [heading, blocks, tokens].map(\.text).joined(separator: "\n")
  }

  private func table(
    _ title: String,
    _ study: CacheStudy,
    _ ratio: (CacheCounts) -> Double?
  ) -> TextTable {
    var table = TextTable()
    table.append([title] + study.capacities.map { "\($0)" })
    for row in study.rows {
      let name = row.eviction.name + (row.eviction.isOracle ? " (X)" : "")
      table.append([name] + row.counts.map { percent(ratio($0)) })
    }
    return table
  }

  private func percent(_ ratio: Double?) -> String {
    guard let ratio else { return "–" }
    let tenths = Int((ratio * 1000).rounded())
    return "\(tenths / 10).\(tenths % 10) %"
  }
}
