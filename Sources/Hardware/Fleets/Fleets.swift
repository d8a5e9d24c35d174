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
    ("trn3-only", { PackageResources.trn3_only_yaml }),
    ("trn2-only", { PackageResources.trn2_only_yaml }),
    ("cs3-only", { PackageResources.cs3_only_yaml }),
    ("gb200-mixed", { PackageResources.gb200_mixed_yaml }),
    ("gb200-pd", { PackageResources.gb200_pd_yaml }),
    ("gb300-mixed", { PackageResources.gb300_mixed_yaml }),
    ("gb300-pd", { PackageResources.gb300_pd_yaml }),
    ("h100-mixed", { PackageResources.h100_mixed_yaml }),
    ("h100-pd", { PackageResources.h100_pd_yaml }),
    ("b200-lpx", { PackageResources.b200_lpx_yaml }),
    ("vr200-mixed", { PackageResources.vr200_mixed_yaml }),
    ("tpu-v7-mixed", { PackageResources.tpu_v7_mixed_yaml }),
    ("mi355x-mixed", { PackageResources.mi355x_mixed_yaml }),
    ("mtia-450-mixed", { PackageResources.mtia_450_mixed_yaml }),
    ("splitwise-ha", { PackageResources.splitwise_ha_yaml }),
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
