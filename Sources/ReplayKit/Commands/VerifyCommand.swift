import ArgumentParser
import Policies
import Study

struct VerifyCommand: ReplayCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Run datasets' runs again and tell whether the results are the same.",
    discussion: """
      Every file of a dataset is compared with its digest in the manifest, and the run is made \
      again. Ends with 0 where all are reproduced, 1 where this program gives other results, 65 \
      where a manifest, table or trace was changed since, 66 where one is missing; with several \
      datasets, with that of the first that is not reproduced.
      """
  )

  @Argument(
    help: "Folders that 'replay run --out' or 'replay compare --out' wrote, with a manifest each.",
    completion: .directory
  )
  var folders: [String]

  @Option(
    help: .init(
      "Where the trace is now; where the manifest says unless given.",
      valueName: "path"
    ),
    completion: .file()
  )
  var trace: String?

  func run(in registry: PolicyRegistry) throws {
    var failure: ExitStatus?
    for folder in folders {
      do {
        switch try Verification(folder: folder, tracePath: trace).verdict(in: registry) {
        case .reproduced: try StandardOutput.write("\(folder): reproduced\n")
        case .differs(let differences):
          failure = failure ?? .regression
          let lines = differences.map { "\(folder): differs: \($0)\n" }
          try StandardOutput.write(lines.joined())
        }
      } catch {
        guard !(error is OutputError), let status = ExitStatus(of: error) else { throw error }
        failure = failure ?? status
        StandardError.write("error: \(error)\n")
      }
    }
    if let failure { throw ReportedFailure(status: failure) }
  }
}
