public import ConfigFiles
import Spelling

/// Why a profile cannot be had.
public enum ProfileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// No built-in profile has the name.
  case unknown(name: String, known: [String])
  /// A file does not hold a profile.
  case file(ConfigFileError)

  public var description: String {
    switch self {
    case .unknown(let name, let known):
      "unknown profile '\(name)'\(KnownNames(known).hint(for: name)); "
        + "the path of a profile's file contains '/' or ends in .yaml or .yml"
    case .file(let error): error.description
    }
  }
}

/// The profiles that come with the kit, and those of files.
public enum Profiles {
  /// The built-in ones, in the order in which they are listed.
  public static let builtIn = [Profile.catalogue]

  /// The profile that a command line names: that of a file where the name is a path, else a built-in
  /// one.
  public static func profile(_ name: String) throws(ProfileError) -> Profile {
    if name.contains("/") || name.hasSuffix(".yaml") || name.hasSuffix(".yml") {
      do throws(ConfigFileError) {
        return try Profile(path: name)
      } catch {
        throw .file(error)
      }
    }
    guard let profile = builtIn.first(where: { $0.name == name }) else {
      throw .unknown(name: name, known: builtIn.map(\.name))
    }
    return profile
  }
}
