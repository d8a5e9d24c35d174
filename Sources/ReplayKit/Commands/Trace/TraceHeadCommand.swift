import ArgumentParser
import Policies
import Workload

struct TraceHeadCommand: ReplayCommand {
  static let configuration = CommandConfiguration(
    commandName: "head",
    abstract: "Print the first requests of a trace as CSV.",
    discussion: """
      Times are in seconds since the first arrival. Prints the columns that the trace has unless \
      some are named; parents are RECORD[:DELAY_SECONDS[:TRIGGER]].
      """
  )

  @Argument(help: "The trace: plain, gzip or zstd.", completion: .file())
  var trace: String

  @Option(name: .short, parsing: .unconditional, help: "How many requests.")
  var n = 10

  @Option(help: .init("The columns, separated by commas.", valueName: "names"))
  var columns: String?

  @OptionGroup var reading: TraceReadOptions

  func run(in registry: PolicyRegistry) throws {
    guard n >= 1 else { throw UsageError("-n is \(n); expected at least 1") }
    let known = TraceColumn.allCases.map(\.rawValue)
    let wanted = try columns.map { list in
      try list.split(separator: ",", omittingEmptySubsequences: false).map { name in
        guard let column = TraceColumn(rawValue: String(name)) else {
          throw UsageError(unknown: "column", String(name), known: known)
        }
        return column
      }
    }
    let input = try TraceInput(trace, reading)
    let reader = try input.trace.makeReader()
    var (groups, rows) = ([RowGroup](), 0)
    while rows < n, let group = try reader.next() {
      groups.append(group)
      rows += group.count
    }
    let first = InMemoryTrace(name: input.trace.name, names: reader.names, groups: groups)
    let text = try TraceTable.csv(of: first, rows: n, columns: wanted)
    try StandardOutput.write(String(decoding: text, as: UTF8.self))
    // Those met so far: the rest of a long trace is not read for them.
    Warnings.aboutFailures(reader.failures, in: trace)
  }
}
