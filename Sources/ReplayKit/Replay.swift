import ArgumentParser
public import Policies
import Synchronization

/// The command line, for programs that bring policies of their own.
public enum Replay {
  /// Runs the command that the arguments name and ends the process.
  ///
  /// - Parameters:
  ///   - registry: The policies that can be chosen: `.standard + [MyRouter.entry]`.
  ///   - arguments: Without the program's name; nil takes the process's own.
  public static func main(registry: PolicyRegistry = .standard, arguments: [String]? = nil) -> Never
  {
    Interrupt.install()
    do {
      let arguments = arguments ?? Array(CommandLine.arguments.dropFirst())
      Invocation.arguments = arguments
      try RootCommand.checkCommand(arguments)
      var command = try RootCommand.parseAsRoot(arguments)
      if let command = command as? any ReplayCommand {
        try command.run(in: registry)
      } else {
        try command.run()
      }
    } catch {
      ExitStatus.end(after: error)
    }
    ExitStatus.success.end()
  }
}

/// What the program was called with, as manifests repeat it.
enum Invocation {
  private static let given = Mutex<[String]>([])

  static var arguments: [String] {
    get { given.withLock { $0 } }
    set { given.withLock { $0 = newValue } }
  }
}

/// A command that needs to know which policies there are.
protocol ReplayCommand: ParsableCommand {
  func run(in registry: PolicyRegistry) throws
}

struct RootCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Replay LLM request traces against simulated fleets under scheduling policies.",
    discussion: """
      Exit codes: 0 ok, 1 results differ, 64 usage, 65 bad data, 66 no such input, 70 internal \
      error, 74 input or output error, 130 interrupted, 143 terminated.
      """,
    subcommands: [
      RunCommand.self, CompareCommand.self, VerifyCommand.self, PoliciesCommand.self,
      FleetsCommand.self, ChipsCommand.self, ModelsCommand.self, FabricsCommand.self,
      FormatsCommand.self, ColumnsCommand.self, TraceCommand.self,
      CacheCommand.self, FidelityCommand.self, CalibrateCommand.self, ExplainCommand.self,
      ClaimsCommand.self,
    ]
  )

  /// Finds a misspelt command, or one of a group, which the argument parser would call an unexpected
  /// argument.
  static func checkCommand(_ arguments: [String]) throws(UsageError) {
    var group: any ParsableCommand.Type = self
    // Help is asked for of the program, not of a group.
    var (what, others) = ("command", ["help"])
    for name in arguments {
      let commands = group.configuration.subcommands
      guard !commands.isEmpty, !name.hasPrefix("-"), !others.contains(name) else { return }
      guard let command = commands.first(where: { $0.configuration.commandName == name }) else {
        if group.configuration.defaultSubcommand is any NamedEntryCommand.Type { return }
        let known = commands.compactMap { $0.configuration.commandName } + others
        throw UsageError(unknown: what, name, known: known)
      }
      (group, what, others) = (command, "\(name) command", [])
    }
  }
}

/// The default of a group of commands, where what follows the group may be the name of an entry.
protocol NamedEntryCommand: ReplayCommand {}
