import ArgumentParser
import Policies
import Workload

struct TraceVerifyCommand: ReplayCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check that traces can be read to their end.",
    discussion: """
      Of a trace file NAME.replay.zst checks its frames and their checksums, the column \
      directories, every row, the order of sessions, the index, and the header's counts and digest; \
      of other formats, every line. Prints one line per file. Ends with 65 where one is damaged, 66 \
      where one is missing, 74 where one cannot be read: with that of the first.
      """
  )

  @Argument(help: "The traces: plain, gzip or zstd.", completion: .file())
  var traces: [String]

  @OptionGroup var reading: TraceReadOptions

  func run(in registry: PolicyRegistry) throws {
    var failure: ExitStatus?
    for path in traces {
      do {
        let trace = try TraceInput(path, reading).trace
        let (rows, digest) = try Self.read(trace)
        try StandardOutput.write("\(path): ok, \(rows) requests, digest \(digest.hex)\n")
      } catch let error as TraceError {
        failure = failure ?? ExitStatus(of: error)
        // The description starts with the file.
        try StandardOutput.write("\(error)\n")
      }
    }
    if let failure { throw ReportedFailure(status: failure) }
  }

  private static func read(_ trace: any Trace) throws(TraceError) -> (rows: Int, digest: UInt128) {
    let reader = try trace.makeReader()
    var digest = ContentDigest()
    var rows = 0
    while let group = try reader.next() {
      digest.add(group, reader.names)
      rows += group.count
    }
    return (rows, digest.value)
  }
}
