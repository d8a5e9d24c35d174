public import ConfigFiles
import Spelling

/// Why something of the catalogue cannot be had.
public enum CatalogueError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Nothing of the kind, such as "chip", has the name.
  case unknown(kind: String, name: String, known: [String])
  /// A file of the catalogue is not understood.
  case file(ConfigFileError)

  public var description: String {
    switch self {
    case .unknown(let kind, let name, let known):
      "unknown \(kind) '\(name)'\(KnownNames(known).hint(for: name))"
    case .file(let error):
      error.description
    }
  }
}
