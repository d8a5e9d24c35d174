import ConfigFiles

/// What the files of the kit have in common.
enum Catalogue {
  /// What the built-in files describe; that they are sound is tested.
  static func sound<Value>(_ read: () throws(CatalogueError) -> Value) -> Value {
    do {
      return try read()
    } catch {
      preconditionFailure("built-in \(error)")
    }
  }

  /// Reads a file that is one list.
  static func list<Key: RawRepresentable & CaseIterable & Equatable, Entry>(
    _ bytes: [UInt8],
    _ file: String,
    _ what: String,
    _ key: Key,
    _ entry: (FileNode) throws(FileFault) -> Entry
  ) throws(CatalogueError) -> [Entry] where Key.RawValue == String {
    do {
      let section = try FileSection<Key>(FileNode(bytes: bytes, describing: what), "a \(what)")
      var entries: [Entry] = []
      for node in try section.required(key, section.list(key, atMost: 4_096)) {
        entries.append(try entry(node))
      }
      return entries
    } catch {
      throw .file(error.error(in: file))
    }
  }
}
