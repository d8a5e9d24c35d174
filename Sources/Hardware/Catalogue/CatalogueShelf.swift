import ConfigFiles
import Synchronization

/// The entries of one kind that come with the kit, each in a file of its own; a file is read when its
/// entry is asked for, and once.
final class CatalogueShelf<Entry: Sendable>: Sendable {
  typealias File = (name: String, bytes: @Sendable () -> [UInt8])

  /// What errors call an entry, such as "chip".
  private let kind: String
  private let files: [File]
  private let read: @Sendable (FileNode) throws(FileFault) -> Entry
  private let taken = Mutex<[String: Entry]>([:])

  init(
    kind: String,
    files: [File],
    read: @escaping @Sendable (FileNode) throws(FileFault) -> Entry
  ) {
    self.kind = kind
    self.files = files
    self.read = read
  }

  var names: [String] { files.map(\.name) }

  /// Every entry, in the order of the listing.
  ///
  /// - Throws: `CatalogueError.file` where a file is not understood.
  func all() throws(CatalogueError) -> [Entry] {
    var entries: [Entry] = []
    for name in names { entries.append(try named(name)) }
    return entries
  }

  /// The entry with a name.
  ///
  /// - Throws: `CatalogueError.unknown`, or `.file` where the file is not understood.
  func named(_ name: String) throws(CatalogueError) -> Entry {
    if let entry = taken.withLock({ $0[name] }) { return entry }
    guard let file = files.first(where: { $0.name == name }) else {
      throw .unknown(kind: kind, name: name, known: names)
    }
    let entry = try entry(bytes: file.bytes(), file: "\(name).yaml")
    taken.withLock { $0[name] = entry }
    return entry
  }

  /// The text of an entry's file.
  func text(of name: String) -> [UInt8]? { files.first { $0.name == name }?.bytes() }

  /// Reads the content of a file.
  ///
  /// - Throws: `CatalogueError.file` with line and column of what is not understood.
  func entry(bytes: [UInt8], file: String) throws(CatalogueError) -> Entry {
    do {
      return try read(FileNode(bytes: bytes, describing: kind))
    } catch {
      throw .file(error.error(in: file))
    }
  }
}
