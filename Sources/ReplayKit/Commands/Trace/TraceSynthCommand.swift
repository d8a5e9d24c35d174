import ArgumentParser
import Policies
import Synthesis
import Workload

struct TraceSynthCommand: ReplayCommand {
  static let configuration = CommandConfiguration(
    commandName: "synth",
    abstract: "Write a synthetic trace from a recipe.",
    discussion: """
      A recipe is YAML: when sessions start, and distributions of what they are. --list shows the \
      built-in ones, --print one's file, which is a start for your own. Equal recipes, sizes and \
      seeds give equal traces on every machine. Sessions that have started are made to their end; \
      the last one of --requests is cut to fit, and requests of sub-agents come on top.
      """
  )

  @Argument(
    help: "A built-in recipe's name, or a file: a path with '/' or ending in .yaml or .yml.",
    completion: .file()
  )
  var recipe: String?

  @Option(parsing: .unconditional, help: "How many requests.")
  var requests: Int64?

  @Option(parsing: .unconditional, help: "How many sessions.")
  var sessions: Int64?

  @Option(parsing: .unconditional, help: "How many hours sessions start in.")
  var hours: Double?

  @Option(parsing: .unconditional, help: "The seed.")
  var seed: UInt64 = 1

  @Option(
    name: [.customShort("o"), .long],
    help: .init(
      "The file to write: a name in .replay.zst, or in .csv or .csv.zst, which hold all but the "
        + "prefixes; the recipe's name in .replay.zst unless given.",
      valueName: "file"
    )
  )
  var out: String?

  @Flag(help: "List the built-in recipes.")
  var list = false

  @Option(help: .init("Print a built-in recipe's file.", valueName: "name"))
  var print: String?

  @OptionGroup var writing: TraceWriteOptions

  func run(in registry: PolicyRegistry) throws {
    if list { return try printList() }
    if let print { return try printFile(print) }
    guard let recipe else {
      throw UsageError("synth needs a recipe: one of \(Recipes.names.joined(separator: ", "))")
    }
    let whole = try Recipe(recipe)
    let path = out ?? "\(whole.name).replay.zst"
    let trace = SyntheticTrace(
      path.hasSuffix(".replay.zst") ? whole : whole.withoutPrefixes,
      size: try size,
      seed: seed
    )
    try TraceOutput(path, besides: [], writing).write(trace, provenance: provenance(recipe))
  }

  private var size: SyntheticTrace.Size {
    get throws {
      switch (requests, sessions, hours) {
      case (let count?, nil, nil):
        guard count >= 1 else {
          throw UsageError("--requests is \(count); expected at least 1")
        }
        return .requests(count)
      case (nil, let count?, nil):
        guard count >= 1 else {
          throw UsageError("--sessions is \(count); expected at least 1")
        }
        return .sessions(count)
      case (nil, nil, let hours?):
        guard hours > 0, hours <= 87_600 else {
          throw UsageError("--hours is \(hours); expected above 0, up to 87,600")
        }
        return .hours(hours)
      default:
        throw UsageError("synth needs one of --requests, --sessions and --hours")
      }
    }
  }

  private func provenance(_ recipe: String) -> TraceProvenance {
    let size =
      requests.map { "--requests \($0)" } ?? sessions.map { "--sessions \($0)" }
      ?? hours.map { "--hours \($0)" } ?? ""
    return TraceProvenance(
      source: "replay trace synth \(recipe) \(size) --seed \(seed)",
      format: "synthetic",
      licence: "Apache-2.0"
    )
  }

  private func printList() throws {
    let width = Recipes.names.map(\.count).max() ?? 0
    for name in Recipes.names {
      let padding = String(repeating: " ", count: width - name.count)
      try StandardOutput.write("\(name)\(padding)  \(try Recipe(name).summary)\n")
    }
  }

  private func printFile(_ name: String) throws {
    guard let bytes = Recipes.text(of: name) else {
      throw UsageError(unknown: "recipe", name, known: Recipes.names)
    }
    try StandardOutput.write(String(decoding: bytes, as: UTF8.self))
  }
}
