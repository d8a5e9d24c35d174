public import ConfigFiles
import Spelling

/// Why a recipe cannot be read.
public enum RecipeError: Error, Equatable, Sendable, CustomStringConvertible {
  /// No built-in recipe has the name.
  case unknownRecipe(name: String, known: [String])
  /// A file does not describe a recipe.
  case file(ConfigFileError)

  /// What was found, where, and what to do about it, on one line.
  public var description: String {
    switch self {
    case .unknownRecipe(let name, let known):
      "unknown recipe '\(name)'\(KnownNames(known).hint(for: name)); "
        + "the path of a recipe file contains '/' or ends in .yaml or .yml"
    case .file(let error):
      error.description
    }
  }
}
