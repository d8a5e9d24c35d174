import ArgumentParser

struct TraceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace",
    abstract: "Make, inspect, compare, convert, cut and merge traces.",
    discussion: """
      A trace file NAME.replay.zst holds every column of a trace, compressed; the other formats \
      are listed by 'replay formats'. Every command reads all of them.
      """,
    subcommands: [
      TraceImportCommand.self, TraceInfoCommand.self, TraceVerifyCommand.self,
      TraceHeadCommand.self, TraceExportCommand.self, TraceCutCommand.self,
      TraceMergeCommand.self, TraceSynthCommand.self, TraceCompareCommand.self,
    ]
  )
}
