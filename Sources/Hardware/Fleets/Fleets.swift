/// The fleets that come with the kit, and those in users' files.
public enum Fleets {
  /// The name of the fleet that a run uses unless told otherwise.
  public static let defaultName = "trn3-cs3"

  /// The files in `BuiltIn`, as they were when the program was built.
  private static let files: [(name: String, bytes: @Sendable () -> [UInt8])] = [
    ("trn3-cs3", { PackageResources.trn3_cs3_yaml }),
    ("b200-mixed", { PackageResources.b200_mixed_yaml }),
    ("b200-pd", { PackageResources.b200_pd_yaml }),
    ("llama8b-32x16", { PackageResources.llama8b_32x16_yaml }),
  ]

  public static var names: [String] { files.map(\.name) }

  /// Every built-in fleet.
  public static var all: [Fleet] {
    names.map { name in
      do {
        return try named(name)
      } catch {
        preconditionFailure("built-in fleet \(error)")
      }
    }
  }

  /// The built-in fleet with a name.
  ///
  /// - Throws: `FleetError.unknownFleet`, with the known names.
  public static func named(_ name: String) throws(FleetError) -> Fleet {
    guard names.contains(name) else { throw .unknownFleet(name: name, known: names) }
    return try FleetText(name).plan.fleet()
  }

  /// The text of a built-in fleet's file, which is a start for one's own.
  public static func text(of name: String) -> [UInt8]? {
    files.first { $0.name == name }?.bytes()
  }

  /// The fleet that a user means.
  ///
  /// - Parameter nameOrPath: The name of a built-in fleet, or the path of a fleet file, which
  ///   contains a slash or ends in `.yaml` or `.yml`.
  /// - Returns: The fleet.
  /// - Throws: `FleetError.unknownFleet`, or `FleetError.file` with what is wrong with the file.
  public static func resolve(_ nameOrPath: String) throws(FleetError) -> Fleet {
    try plan(nameOrPath).fleet()
  }

  /// The description of the fleet that a user means, whether or not it can be built.
  ///
  /// - Parameter nameOrPath: As for `resolve`.
  /// - Returns: The description.
  /// - Throws: `FleetError.unknownFleet`, or `FleetError.file` with what is not understood.
  public static func plan(_ nameOrPath: String) throws(FleetError) -> FleetPlan {
    try FleetText(nameOrPath).plan
  }
}
