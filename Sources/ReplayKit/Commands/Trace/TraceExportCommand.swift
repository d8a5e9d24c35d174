import ArgumentParser
import Policies
import Workload

struct TraceExportCommand: ReplayCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a trace as CSV or as Mooncake's JSON lines.",
    discussion: """
      Importing the file gives back the same content. What a format cannot hold is an error that \
      names it, unless --drop leaves it out: a column, 'prefix', or numbers that the format gives \
      anew ('record', 'session_numbers', 'prefix_numbers').
      """
  )

  @Argument(help: "The trace: plain, gzip or zstd.", completion: .file())
  var trace: String

  @Argument(help: "The file to write: a name in .csv or .jsonl, with .zst for a compressed one.")
  var out: String

  @Option(help: .init("What is left out, separated by commas.", valueName: "names"))
  var drop: String?

  @OptionGroup var writing: TraceWriteOptions

  @OptionGroup var reading: TraceReadOptions

  func run(in registry: PolicyRegistry) throws {
    let isCompressed = out.hasSuffix(".zst")
    let name = isCompressed ? String(out.dropLast(4)) : out
    guard name.hasSuffix(".csv") || name.hasSuffix(".jsonl") else {
      throw UsageError("'\(out)' ends in none of .csv, .csv.zst, .jsonl, .jsonl.zst")
    }
    let level = try writing.level(for: out)
    let format = name.hasSuffix(".csv") ? TraceExport.csv : .mooncake
    let dropped = try items
    let input = try TraceInput(trace, reading)
    try input.checkRereadable()
    let target = try OutputTarget(out, flag: "<out>")
    try target.check(against: [InputFile(what: "trace", path: trace)])
    let file = try target.create(isCompressed ? .zstd(level: level) : .none)
    do {
      let rows = try format.write(input.trace, dropping: dropped, to: file)
      try TraceOutput.report(file.path, rows: Int64(rows), nil)
      input.warnOfFailures()
    } catch let loss as ExportLoss {
      let names = loss.items.map(\.item.rawValue).joined(separator: ",")
      throw UsageError("\(loss); --drop \(names) leaves that out")
    }
  }

  private var items: Set<ExportItem> {
    get throws(UsageError) {
      var items: Set<ExportItem> = []
      for name in drop?.split(separator: ",", omittingEmptySubsequences: false) ?? [] {
        guard let item = ExportItem(rawValue: String(name)) else {
          let known = ExportItem.allCases.map(\.rawValue)
          throw UsageError(unknown: "item of --drop", String(name), known: known)
        }
        items.insert(item)
      }
      return items
    }
  }
}
