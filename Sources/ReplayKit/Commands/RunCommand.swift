import ArgumentParser
import Policies
import Reporting
import Simulation
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

  @Option(
    parsing: .unconditional,
    help: .init(
      "Also print the life of one request, by its record number, from 0.",
      valueName: "request"
    )
  )
  var explain: Int64?

  @OptionGroup(title: "Policies") var hooks: HookOptions
  @OptionGroup(title: "Report") var report: ReportOptions
  @OptionGroup(title: "Report") var tables: TableOptions

  func run(in registry: PolicyRegistry) throws {
    if let explain, explain < 0 {
      throw UsageError("--explain is \(explain); expected a record number, from 0")
    }
    let chosen = try ChosenPolicies(policy, hooks, in: registry)
    let inputs = trace.inputs([policy])
    let target = try report.target(besides: inputs)
    let requests = try tables.openRequests(besides: inputs, report: target)
    let file = try target?.create()
    for var run in try trace.runs([chosen]) {
      if let explain { run.options.explainedRecord = explain }
      let summary = try requests.map { try run.summary(requestsTo: $0) } ?? run.summary()
      ReportOptions.warnAboutUnusedOptions(summary)
      try report.write(text: summary.text, document: summary.json, to: file)
      if let explain, summary.life == nil {
        StandardError.write(
          "warning: --explain is \(explain), and no such record is among the \(summary.offered) "
            + "requests that were offered\n"
        )
      }
    }
  }
}
