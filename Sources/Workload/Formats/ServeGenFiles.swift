#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Which clients a folder holds, or a file is of.
struct ServeGenFiles {
  /// What errors call the whole.
  let name: String
  /// By number.
  private(set) var clients: [Client] = []

  struct Client {
    var number: Int64
    var trace: String
    var dataset: String
  }

  private static let suffix = "-trace.csv"

  /// Takes one client's trace; its lengths are beside it.
  init(trace: String) throws(TraceError) {
    name = trace
    let start = trace.lastIndex(of: "/").map { trace.index(after: $0) } ?? trace.startIndex
    guard let number = Self.number(trace[start...]) else {
      throw TraceError(
        .badData,
        file: trace,
        problem: "is not called chunk-NUMBER-trace.csv, so that it is not known which "
          + "chunk-NUMBER-dataset.json holds its lengths"
      )
    }
    clients = [Self.client(number, in: trace[..<start])]
  }

  /// Takes all clients of a folder; nil where the path is none, or one without clients.
  init?(folder: String) throws(TraceError) {
    name = folder
    guard let directory = unsafe opendir(folder) else { return nil }
    defer { unsafe closedir(directory) }
    let prefix = folder.hasSuffix("/") ? folder : folder + "/"
    while let entry = unsafe readdir(directory) {
      let file = unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
        unsafe name.withMemoryRebound(
          to: CChar.self,
          capacity: MemoryLayout.size(ofValue: entry.pointee.d_name)
        ) { unsafe String(cString: $0) }
      }
      if let number = Self.number(file[...]) {
        clients.append(Self.client(number, in: prefix[...]))
      }
    }
    if clients.isEmpty { return nil }
    clients.sort { $0.number < $1.number }
    guard clients.count <= UInt16.max else {
      throw TraceError(.badData, file: folder, problem: "holds more than 65,535 clients")
    }
  }

  /// The number in `chunk-NUMBER-trace.csv`.
  private static func number(_ name: Substring) -> Int64? {
    guard name.hasPrefix("chunk-"), name.hasSuffix(suffix) else { return nil }
    let digits = name.dropFirst(6).dropLast(suffix.count)
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }),
      digits == "0" || digits.first != "0"
    else { return nil }
    return Int64(digits)
  }

  private static func client(_ number: Int64, in folder: Substring) -> Client {
    Client(
      number: number,
      trace: "\(folder)chunk-\(number)\(suffix)",
      dataset: "\(folder)chunk-\(number)-dataset.json"
    )
  }
}
