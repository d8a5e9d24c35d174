import ArgumentParser
import Policies
import Reporting
import Simulation
import Workload

struct PoliciesCommand: ReplayCommand {
  static let configuration = CommandConfiguration(
    commandName: "policies",
    abstract: "List the policies of every hook, their parameters, and the presets."
  )

  func run(in registry: PolicyRegistry) throws {
    var text = ""
    for hook in PolicyHook.allCases {
      text += "\(hook): \(hook.summary)\n"
      var table = TextTable(leftColumns: 2)
      for entry in registry.entries(for: hook) {
        let bound = entry.clairvoyance == .observable ? "" : " [\(entry.clairvoyance.rawValue)]"
        table.append(["  \(entry.name)", entry.summary + bound])
        for parameter in entry.parameters {
          table.append([
            "    \(parameter.name)=\(parameter.defaultText)",
            "\(parameter.summary) Expects \(parameter.expectation).",
          ])
        }
      }
      text += table.text + "\n"
    }
    text += "presets: whole sets, with a file of the same name in policies/\n"
    var presets = TextTable(leftColumns: 2)
    for preset in PolicyPreset.all { presets.append(["  \(preset.name)", preset.summary]) }
    try StandardOutput.write(text + presets.text)
  }
}

struct FormatsCommand: ReplayCommand {
  static let configuration = CommandConfiguration(
    commandName: "formats",
    abstract: "List the trace formats that can be read."
  )

  func run(in registry: PolicyRegistry) throws {
    var table = TextTable(leftColumns: 2)
    for format in TraceFormat.all { table.append([format.name, format.summary]) }
    try StandardOutput.write(table.text)
  }
}
