import ArgumentParser
import ConfigFiles
import Hardware
import Policies
import Reporting
import Spelling
import Study
import Synthesis
import Workload

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// How the process ends; the codes are those of `sysexits.h`.
enum ExitStatus: Int32 {
  case success = 0
  /// A run gives other results than it did.
  case regression = 1
  case usage = 64
  case badData = 65
  case noInput = 66
  case `internal` = 70
  case inputOutput = 74
  /// As shells report a process that SIGINT or SIGTERM ended.
  case interrupted = 130
  case terminated = 143

  func end() -> Never { exit(rawValue) }

  /// Says what went wrong on standard error, or prints the help that was asked for, and ends.
  static func end(after error: any Error) -> Never {
    if let failure = error as? ReportedFailure { failure.status.end() }
    if let error = error as? OutputError, error.isBrokenPipe { inputOutput.end() }
    if let status = ExitStatus(of: error) {
      StandardError.write("error: \(error)\n")
      status.end()
    }
    // What is left comes from the argument parser.
    let message = RootCommand.fullMessage(for: error)
    if RootCommand.exitCode(for: error).isSuccess {
      do {
        try StandardOutput.write(message + "\n")
      } catch {
        end(after: error)
      }
      success.end()
    }
    let label = "Error: "
    let text = message.hasPrefix(label) ? "error: " + message.dropFirst(label.count) : message
    StandardError.write(text + "\n")
    (RootCommand.exitCode(for: error) == .validationFailure ? usage : `internal`).end()
  }

  init?(of error: any Error) {
    switch error {
    case let error as TraceError: self.init(error.kind)
    case StudyError.trace(let error): self.init(error.kind)
    case StudyError.noRate: self = .badData
    case is StudyError: self = .usage
    case let error as DatasetFault: self.init(error.kind)
    case PolicyError.unreadable: self = .noInput
    case FleetError.file(let error): self.init(error.kind)
    case CatalogueError.file(let error): self.init(error.kind)
    case RecipeError.file(let error): self.init(error.kind)
    case let error as MeasuredDataError: self.init(error.kind)
    case LogStudyError.trace(let error): self.init(error.kind)
    case LogStudyError.nothingCompleted, LogStudyError.tooFew: self = .badData
    case is UnsoundFleet: self = .badData
    case is PolicyError, is FleetError, is CatalogueError, is RecipeError, is ObjectiveError,
      is UsageError, is LogStudyError:
      self = .usage
    case let error as DatasetError: self.init(error.kind)
    case is TraceWriteError, is OutputError: self = .inputOutput
    default: return nil
    }
  }

  private init(_ kind: ConfigFileError.Kind) {
    switch kind {
    case .noSuchFile: self = .noInput
    case .unreadable: self = .inputOutput
    case .badData: self = .badData
    }
  }

  private init(_ kind: DatasetError.Kind) {
    switch kind {
    case .exists: self = .usage
    case .busy, .unwritable: self = .inputOutput
    case .badData: self = .badData
    }
  }

  private init(_ kind: DatasetFault.Kind) {
    switch kind {
    case .missing: self = .noInput
    case .unreadable: self = .inputOutput
    case .damaged: self = .badData
    }
  }

  private init(_ kind: TraceError.Kind) {
    switch kind {
    case .noSuchFile: self = .noInput
    case .unreadable: self = .inputOutput
    case .badData: self = .badData
    }
  }
}

/// A failure that was told where it was found.
struct ReportedFailure: Error {
  let status: ExitStatus
}

/// An argument that parses but makes no sense.
struct UsageError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }

  /// A name that is not known, with those that are.
  init(unknown what: String, _ name: String, known: [String]) {
    description = "unknown \(what) '\(name)'\(KnownNames(known).hint(for: name))"
  }
}
