import ArgumentParser
import Hardware
import Policies
import Reporting
import Simulation
import Study
import Workload

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

struct CompareCommand: ReplayCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Replay traces on fleets under sets of policies and print them side by side.",
    discussion: """
      Every trace is replayed on every fleet under every set of policies with every seed. There is \
      a table per trace and a column per fleet and set of policies; changes are against the first \
      column. Several seeds give means, with half the range behind ± where they differ. Flags of \
      single hooks hold for all sets of policies.

      --out keeps the dataset of every run in FOLDER/trace=…/fleet=…/policy=…/seed=…; a run whose \
      dataset is there already, and undamaged, is only made again with --overwrite.
      """
  )

  @Argument(help: "The trace files: plain, gzip or zstd.", completion: .file())
  var traces: [String]

  @Option(
    help: .init(
      "A fleet: a name, see 'replay fleets', or a file; repeatable. (default: \(Fleets.defaultName))",
      valueName: "name"
    )
  )
  var fleet: [String] = []

  @OptionGroup var replay: ReplayOptions

  @Option(
    parsing: .unconditionalSingleValue,
    help: .init(
      "A seed of the policies' random draws; repeatable. (default: 0)",
      valueName: "seed"
    )
  )
  var seed: [UInt64] = []

  @Option(
    help: .init(
      "A preset, hook=spec pairs, or a policy file; repeatable. (default: default)",
      valueName: "policies"
    )
  )
  var policy: [String] = []

  @OptionGroup(title: "Policies") var hooks: HookOptions

  @Option(
    parsing: .unconditional,
    help: .init(
      "How many runs go on at the same time; one per core unless given.",
      valueName: "count"
    )
  )
  var threads: Int?

  @OptionGroup(title: "Dataset") var dataset: DatasetOptions

  @Flag(help: "Print a GitHub table per trace instead.")
  var markdown = false

  @Flag(help: "Print one JSON object instead of tables.")
  var json = false

  func run(in registry: PolicyRegistry) throws {
    if let threads, threads < 1 {
      throw UsageError("--threads is \(threads); expected at least 1")
    }
    guard !(markdown && json) else { throw UsageError("--markdown and --json exclude each other") }
    let matrix = try matrix(in: registry)
    guard matrix.count >= 2 else {
      throw UsageError(
        "compare needs at least two different runs, and has \(matrix.count); repeat a trace, "
          + "--fleet, --policy or --seed"
      )
    }
    var options = try replay.runOptions
    try dataset.apply(to: &options)
    let objectives = try replay.objectives
    let output = try dataset.out.map { folder in
      let overwrite = dataset.overwrite
      return Comparison.Output(
        folder: try Interrupt.createStudyFolder(folder),
        arguments: Invocation.arguments,
        overwrites: overwrite
      ) { path, body in try Interrupt.withFolder(path, overwrite: overwrite, body) }
    }
    let comparison = Comparison(
      try matrix.plans(
        objectives: objectives,
        options: options,
        load: replay.load,
        findsLoop: replay.engine.findsLoop
      ),
      registry: registry,
      threads: threads ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))),
      output: output
    )
    try Warnings.aboutStores(of: comparison.plans, in: registry)
    let progress = RunProgress(total: comparison.plans.count)
    let bar = ProgressBar(progress)
    defer { bar?.end() }
    let cells = try comparison.cells(progress: progress)
    bar?.end()
    for trace in matrix.traces { Warnings.aboutFailures(in: trace) }
    try report(cells, in: registry)
  }

  private func matrix(in registry: PolicyRegistry) throws -> StudyMatrix {
    let policies = policy.isEmpty ? [nil] : policy.map { Optional($0) }
    return try StudyMatrix(
      traces: traces.map { try replay.source($0, isReadAgain: true) },
      fleets: (fleet.isEmpty ? [Fleets.defaultName] : fleet).map { try FleetText($0) },
      policies: policies.map { try PolicyChoice(option: $0, hooks, in: registry) },
      seeds: seed.isEmpty ? [0] : seed
    )
  }

  private func report(_ cells: [Comparison.Cell], in registry: PolicyRegistry) throws {
    if let first = cells.lazy.compactMap(\.summary).first { Warnings.aboutUnusedOptions(first) }
    let report = try ComparisonReport(cells, in: registry)
    try StandardOutput.write(
      json ? report.json.document : markdown ? report.markdown : report.text
    )
  }
}
