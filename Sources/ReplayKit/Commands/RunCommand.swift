import ArgumentParser
import Hardware
import Policies
import Reporting
import Simulation
import Study
import Workload

struct RunCommand: ReplayCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Replay a trace under one set of policies and print what it would have done."
  )

  @Argument(help: "The trace file: plain, gzip or zstd.", completion: .file())
  var trace: String

  @Option(help: .init("The fleet: a name, see 'replay fleets', or a file.", valueName: "name"))
  var fleet: String = Fleets.defaultName

  @OptionGroup var replay: ReplayOptions

  @Option(parsing: .unconditional, help: "The seed of the policies' random draws.")
  var seed: UInt64 = 0

  @Option(
    help: .init(
      "A preset, hook=spec pairs, or a policy file. See 'replay policies'.",
      valueName: "policies"
    )
  )
  var policy: String?

  @Option(
    parsing: .unconditional,
    help: .init(
      "Also print the life of one request, by its record number, from 0.",
      valueName: "request"
    )
  )
  var explain: Int64?

  @OptionGroup(title: "Policies") var hooks: HookOptions

  @Flag(help: "Print one JSON object instead of tables.")
  var json = false

  @OptionGroup(title: "Dataset") var dataset: DatasetOptions

  func run(in registry: PolicyRegistry) throws {
    let plan = try plan(in: registry)
    try Warnings.aboutStores(of: [plan], in: registry)
    let summary =
      if let out = dataset.out {
        try Interrupt.withFolder(out, overwrite: dataset.overwrite) { folder in
          try scaled(plan, in: registry).record(
            into: folder,
            arguments: Invocation.arguments,
            registry: registry
          )
        }
      } else {
        try scaled(plan, in: registry).summary(in: registry)
      }
    Warnings.aboutUnusedOptions(summary)
    Warnings.aboutFailures(in: plan.trace)
    try StandardOutput.write(json ? summary.json.document : summary.text)
    if let explain, summary.life == nil {
      StandardError.write(
        "warning: --explain is \(explain), and no such record is among the \(summary.offered) "
          + "requests that were offered\n"
      )
    }
  }

  private func scaled(_ plan: RunPlan, in registry: PolicyRegistry) throws -> RunPlan {
    guard let load = replay.load else { return plan }
    var plan = plan
    try plan.resolve(load: load, in: registry)
    return plan
  }

  /// The run, with its rate not yet scaled to a load.
  private func plan(in registry: PolicyRegistry) throws -> RunPlan {
    var options = try replay.runOptions
    options.seed = seed
    if let explain {
      guard explain >= 0 else {
        throw UsageError("--explain is \(explain); expected a record number, from 0")
      }
      options.explainedRecord = explain
    }
    try dataset.apply(to: &options)
    return RunPlan(
      trace: try replay.source(trace, isReadAgain: replay.load != nil),
      fleet: try FleetText(fleet),
      policy: try PolicyChoice(option: policy, hooks, in: registry),
      objectives: try replay.objectives,
      options: options,
      findsLoop: try replay.engine.findsLoop
    )
  }
}
