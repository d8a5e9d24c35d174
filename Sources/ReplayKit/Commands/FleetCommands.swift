import ArgumentParser
import Hardware
import Policies
import Reporting
import Workload

struct FleetsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fleets",
    abstract: "List the fleets that traces can be replayed against, show one, or check a file.",
    subcommands: [FleetShowCommand.self, FleetCheckCommand.self],
    defaultSubcommand: FleetShowCommand.self
  )
}

struct FleetShowCommand: NamedEntryCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "List the fleets, or show one (default)."
  )

  @Argument(help: "The name of a fleet or the path of a fleet file; all names unless given.")
  var fleet: String?

  @Flag(help: "Print JSON instead of tables: one object per fleet.")
  var json = false

  func run(in registry: PolicyRegistry) throws {
    guard let fleet else {
      guard json else { return try StandardOutput.write(Fleets.listing()) }
      let fleets = try Fleets.names.map { try Fleets.plan($0).json() }
      return try StandardOutput.write(JSONValue.array(fleets).document)
    }
    let plan = try Fleets.plan(fleet)
    if json { return try StandardOutput.write(try plan.json().document) }
    var pools = TextTable(leftColumns: 2)
    for row in try plan.fleet().table { pools.append(row) }
    let settings = FleetCheck(plan).sections.prefix(1)
    try StandardOutput.write(settings.map(\.text).joined() + "\n" + pools.text)
  }
}

struct FleetCheckCommand: ReplayCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Say what fits into each pool of a fleet, what does not, and what to do.",
    discussion: "Ends with 65 where the fleet cannot be built."
  )

  @Argument(help: "The path of a fleet file, or the name of a fleet.", completion: .file())
  var fleet: String

  func run(in registry: PolicyRegistry) throws {
    let check = FleetCheck(try Fleets.plan(fleet))
    try StandardOutput.write(check.sections.map(\.text).joined(separator: "\n"))
    if !check.problems.isEmpty { throw UnsoundFleet(problems: check.problems) }
  }
}

/// All that is wrong with a fleet, one line each.
struct UnsoundFleet: Error, CustomStringConvertible {
  let problems: [FleetError]

  var description: String { problems.map(\.description).joined(separator: "\nerror: ") }
}

extension FleetCheck.Section {
  /// The title, then the rows indented below it.
  fileprivate var text: String {
    var table = TextTable(leftColumns: 2)
    for row in rows { table.append(["  \(row[0])"] + row.dropFirst()) }
    return title + "\n" + table.text
  }
}
