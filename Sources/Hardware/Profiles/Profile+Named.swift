import ConfigFiles

extension Profile {
  /// The files in `BuiltIn`, as they were when the program was built.
  static let shelf = CatalogueShelf<Profile>(
    kind: "profile",
    files: [("inferencex", { PackageResources.inferencex_yaml })]
  ) { node throws(FileFault) in
    try Profile(node)
  }

  /// The profile that fleets use which name an engine and no profile.
  public static let standardName = "inferencex"

  /// The names of the profiles that come with the kit.
  public static var names: [String] { [catalogue.name] + shelf.names }

  /// The profile that a command line or a fleet names: that of a file where the name contains a slash
  /// or ends in .yaml or .yml, else one that comes with the kit.
  ///
  /// - Throws: `CatalogueError` for an unknown name, or a file that holds something else.
  public static func named(_ name: String) throws(CatalogueError) -> Profile {
    if name.contains("/") || name.hasSuffix(".yaml") || name.hasSuffix(".yml") {
      do throws(ConfigFileError) {
        return try Profile(path: name)
      } catch {
        throw .file(error)
      }
    }
    if name == catalogue.name { return catalogue }
    guard names.contains(name) else {
      throw .unknown(kind: "profile", name: name, known: names)
    }
    return try shelf.named(name)
  }
}
