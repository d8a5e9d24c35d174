import Workload

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A file that a command shall write, checked before anything is simulated.
struct OutputTarget {
  /// The option or argument that names it, for messages.
  let flag: String
  private let given: String
  /// Where links lead, so that a link stays one.
  private let path: String

  /// - Throws: `OutputError` where the name is that of something else than a file, which an output
  ///   that is renamed into place would replace.
  init(_ given: String, flag: String) throws(OutputError) {
    switch FileKind(of: given) {
    case nil, .file: break
    case .folder: throw OutputError(file: given, problem: "is a folder")
    case .pipe, .device: throw OutputError(file: given, problem: "is not a file")
    }
    self.flag = flag
    self.given = given
    path = Self.resolved(given)
  }

  /// Makes sure that it is none of the files that are about to be read.
  func check(against inputs: [InputFile]) throws(UsageError) {
    for input in inputs where isSame(as: input.path) {
      throw UsageError("\(flag) is the \(input.what) itself, '\(given)'")
    }
  }

  /// Makes sure that another output has a file of its own.
  func check(against other: OutputTarget?) throws(UsageError) {
    guard let other, isSame(as: other.given) else { return }
    throw UsageError("\(flag) and \(other.flag) are one file, '\(given)'")
  }

  /// Creates it under a temporary name.
  func create(
    _ compression: CSVTraceWriter.Compression = .none
  ) throws(TraceWriteError) -> TextFileWriter {
    try Interrupt.create(path, compression: compression)
  }

  /// The same for an output that is not text.
  func createFile() throws(TraceWriteError) -> OutputFile { try Interrupt.createFile(path) }

  private func isSame(as other: String) -> Bool {
    path == Self.resolved(other) || FileKind.areSame(given, other)
  }

  /// The path without links, of a file that need not exist; as it stands where its folder does not.
  private static func resolved(_ path: String, links: Int = 40) -> String {
    if let whole = real(path) { return whole }
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    let folder = slash.map { String(path[...$0]) } ?? "./"
    let name = slash.map { String(path[path.utf8.index(after: $0)...]) } ?? path
    // A link whose file does not exist yet: what it leads to is created, and it stays.
    if links > 0, let destination = link(path) {
      return resolved(
        destination.hasPrefix("/") ? destination : folder + destination,
        links: links - 1
      )
    }
    guard let parent = real(folder) else { return path }
    return parent == "/" ? "/" + name : parent + "/" + name
  }

  private static func real(_ path: String) -> String? {
    guard let resolved = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
  }

  /// Where a symbolic link leads; nil where the path is none.
  private static func link(_ path: String) -> String? {
    let most = Int(PATH_MAX)
    var bytes = [CChar](repeating: 0, count: most)
    let count = unsafe readlink(path, &bytes, most)
    return count > 0
      ? String(decoding: bytes[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self) : nil
  }
}

/// A file that a command reads.
struct InputFile {
  /// Such as `trace`.
  let what: String
  let path: String
}
