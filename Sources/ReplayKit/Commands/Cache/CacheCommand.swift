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
      No engine and no time but that of arrivals: one cache for all prompts, in the order of \
      arrival.

      SEMANTICS:
        block: Every block of a prompt is touched in order, head first; a miss inserts it, and \
      evicts one where the cache is full; nothing is pinned. The rules by which the literature \
      compares evictions.
        engine: The longest cached beginning of a prompt is pinned, room is made for the rest, and \
      only blocks that nobody uses and nothing cached follows are evicted. A prompt longer than the \
      cache keeps its beginning.

      EVICTIONS, with parameters as in ttl:seconds=60; (X) knows the future or no limit:
      \(ReplayedEviction.all(.block).map(Self.line).joined(separator: "\n"))
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

  @Option(help: .init("block or engine; block unless there are tiers.", valueName: "name"))
  var semantics: String?

  @OptionGroup var tiers: CacheTierOptions

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

  @Option(help: .init("Draw the miss-ratio curves to an SVG file.", valueName: "file"))
  var svg: String?

  @OptionGroup var reading: TraceReadOptions

  func run(in registry: PolicyRegistry) throws {
    let (capacities, contenders) = (try capacities, try contenders)
    let tiers = try tiers.tiers
    let input = try TraceInput(trace, reading)
    let inputs = [InputFile(what: "trace", path: trace)]
    let csvTarget = try csv.flatMap { try $0 == "-" ? nil : OutputTarget($0, flag: "--csv") }
    let svgTarget = try svg.map { try OutputTarget($0, flag: "--svg") }
    try csvTarget?.check(against: inputs)
    try svgTarget?.check(against: inputs)
    try svgTarget?.check(against: csvTarget)
    let csvFile = try csvTarget?.create()
    let svgFile = try svgTarget?.create()
    let paths = try PrefixPaths(reading: input.trace)
    guard paths.references > 0 else {
      throw TraceError(
        .badData,
        file: trace,
        problem: "has no prefixes, so there is nothing to share; 'replay formats' lists what has"
      )
    }
    let study = try CacheStudy(
      paths,
      contenders: contenders,
      capacities: capacities,
      tiers: tiers,
      threads: max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    )
    let name = trace.split(separator: "/").last.map(String.init) ?? trace
    let report = CacheReport(study, paths, trace: name)
    try csvFile?.append(Array(study.csv.utf8))
    try svgFile?.append(Array(report.svg.utf8))
    try csvFile?.complete()
    try svgFile?.complete()
    try StandardOutput.write(csv == "-" ? study.csv : report.text)
  }

  private static func line(_ eviction: ReplayedEviction) -> String {
    let inEngine = ReplayedEviction.named(eviction.name, .engine)?.parameters ?? []
    let more = inEngine.filter { !eviction.parameters.contains($0) }
    let parameters = (eviction.parameters + more).map { parameter in
      let unit = parameter.unit.isEmpty ? "" : " \(parameter.unit)"
      let initial = "\(parameter.initial)".replacing(/\.0$/, with: "")
      let scope = more.contains(parameter) ? " (engine)" : ""
      return " \(parameter.name)\(scope): \(parameter.summary), \(initial)\(unit) unless given."
    }
    let mark = eviction.isOracle ? " (X)" : ""
    return "  \(eviction.name)\(mark): \(eviction.summary)\(parameters.joined())"
  }

  private var capacities: [Int] {
    get throws {
      try capacity.split(separator: ",", omittingEmptySubsequences: false).map { text in
        guard let blocks = Int(text), (1...Int(Int32.max)).contains(blocks) else {
          throw UsageError(
            "--capacity holds '\(text)'; expected whole numbers of blocks from 1 to \(Int32.max)"
          )
        }
        return blocks
      }
    }
  }

  private var contenders: [CacheStudy.Contender] {
    get throws {
      let semantics = try semantics.map { name in
        guard let known = CacheSemantics(rawValue: name) else {
          throw UsageError(
            unknown: "semantics",
            name,
            known: CacheSemantics.allCases.map(\.rawValue)
          )
        }
        return known
      }
      let hasTiers = tiers.spec != nil
      if hasTiers, semantics == .block {
        throw UsageError("--tiers is for --semantics engine, not block")
      }
      let known = ReplayedEviction.all(semantics ?? (hasTiers ? .engine : .block))
      let usable = hasTiers ? known.filter { $0.name != "belady" } : known
      guard let eviction else {
        return usable.map {
          CacheStudy.Contender(label: $0.name, eviction: $0, parameters: [:])
        }
      }
      return try eviction.split(separator: ",", omittingEmptySubsequences: false).map { text in
        if hasTiers, text == "belady" {
          throw UsageError("--eviction belady is a bound for one cache, not for --tiers")
        }
        return try CacheStudy.Contender(parsing: String(text), among: usable)
      }
    }
  }
}

extension CacheStudy.Contender {
  /// Reads an eviction and its parameters, such as `ttl:seconds=60`.
  init(parsing text: String, among known: [ReplayedEviction]) throws {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard let eviction = known.first(where: { $0.name == parts[0] }) else {
      throw UsageError(unknown: "eviction", parts[0], known: known.map(\.name))
    }
    var parameters: [String: Double] = [:]
    for part in parts.dropFirst() {
      let sides = part.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
      guard sides.count == 2, let value = Double(sides[1]), value.isFinite else {
        throw UsageError(
          "--eviction holds '\(text)'; expected NAME or NAME:parameter=number"
        )
      }
      guard parameters.updateValue(value, forKey: sides[0]) == nil else {
        throw UsageError("--eviction holds '\(text)', which gives \(sides[0]) twice")
      }
    }
    do throws(EvictionFault) {
      try eviction.check(parameters)
    } catch {
      throw UsageError("--eviction: \(error)")
    }
    self.init(label: text, eviction: eviction, parameters: parameters)
  }
}
