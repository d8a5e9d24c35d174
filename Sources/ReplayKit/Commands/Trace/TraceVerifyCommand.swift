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
        let (rows, digest) = try Self.check(trace)
        try StandardOutput.write("\(path): ok, \(rows) requests, digest \(digest.hex)\n")
      } catch let error as TraceError {
        failure = failure ?? ExitStatus(of: error)
        // The description starts with the file.
        try StandardOutput.write("\(error)\n")
      }
    }
    if let failure { throw ReportedFailure(status: failure) }
  }

  private static func check(
    _ trace: any Trace
  ) throws(TraceError) -> (rows: Int64, digest: UInt128) {
    if let archive = trace as? TraceArchive {
      let reader = try archive.makeSessionReader()
      // Reading compares rows, counts and digest with the header.
      while try reader.next() != nil {}
      return (archive.header.rows, archive.header.digest)
    }
    let reader = try trace.makeReader()
    var digest = ContentDigest()
    var rows: Int64 = 0
    while let group = try reader.next() {
      digest.add(group, reader.names)
      rows += Int64(group.count)
    }
    return (rows, digest.value)
  }
}
