import ArgumentParser
import Policies
import Reporting
import Study

struct RunCommand: ReplayCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Replay a trace under one set of policies and print what it would have done."
  )

  @OptionGroup var trace: TraceOptions

  @Option(
    help: .init(
      "A preset, hook=spec pairs, or a policy file. See 'replay policies'.",
      valueName: "policies"
    )
  )
  var policy: String?

  @OptionGroup(title: "Policies") var hooks: HookOptions
  @OptionGroup(title: "Report") var report: ReportOptions

  func run(in registry: PolicyRegistry) throws {
    let chosen = try ChosenPolicies(policy, hooks, in: registry)
    let file = try report.openFile(besides: trace.trace)
    for run in try trace.runs([chosen]) {
      let summary = try run.summary()
      ReportOptions.warnAboutUnusedObjectives(summary)
      try report.write(text: summary.text, document: summary.json, to: file)
    }
  }
}
