import ArgumentParser
import Policies
import Reporting
import Study

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

struct CompareCommand: ReplayCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Replay a trace under several sets of policies and print them side by side.",
    discussion: "Changes are against the first. Flags of single hooks hold for all of them."
  )

  @OptionGroup var trace: TraceOptions

  @Option(
    help: .init("A preset, hook=spec pairs, or a policy file; at least two.", valueName: "policies")
  )
  var policy: [String]

  @OptionGroup(title: "Policies") var hooks: HookOptions

  @Option(
    parsing: .unconditional,
    help: .init(
      "How many runs go on at the same time; one per core unless given.",
      valueName: "count"
    )
  )
  var threads: Int?

  @OptionGroup(title: "Report") var report: ReportOptions

  func run(in registry: PolicyRegistry) throws {
    guard policy.count >= 2 else {
      throw UsageError("compare needs at least two --policy options, and has \(policy.count)")
    }
    if let threads, threads < 1 {
      throw UsageError("--threads is \(threads); expected at least 1")
    }
    let chosen = try policy.map { try ChosenPolicies($0, hooks, in: registry) }
    let file = try report.target(besides: trace.inputs(policy))?.create()
    let cores = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    let comparison = Comparison(try trace.runs(chosen), threads: threads ?? cores)
    let summaries = try comparison.summaries()
    if let first = summaries.first { ReportOptions.warnAboutUnusedOptions(first) }
    let result = ComparisonReport(summaries)
    try report.write(text: result.text, document: result.json, to: file)
  }
}
