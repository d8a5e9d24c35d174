import ConfigFiles

/// The text of a fleet file, kept so that the same fleet can be built again without the file.
public struct FleetText: Sendable {
  /// The path of the file, or the name of a built-in fleet's.
  public var file: String { plan.file }
  /// What the fleet calls itself.
  public var name: String { plan.name }
  /// What the file holds.
  public let text: String
  /// What the text describes, whether or not it can be built.
  public let plan: FleetPlan

  /// Reads the fleet that a user means.
  ///
  /// - Parameter nameOrPath: The name of a built-in fleet, or the path of a fleet file, which
  ///   contains a slash or ends in `.yaml` or `.yml`.
  /// - Throws: `FleetError.unknownFleet`, or `FleetError.file` with what is not understood.
  public init(_ nameOrPath: String) throws(FleetError) {
    if Self.isPath(nameOrPath) {
      let bytes: [UInt8]
      do {
        bytes = try BoundedFile.read(nameOrPath, as: "fleet")
      } catch {
        throw .file(error)
      }
      try self.init(bytes, file: nameOrPath)
    } else {
      guard let bytes = Fleets.text(of: nameOrPath) else {
        throw .unknownFleet(name: nameOrPath, known: Fleets.names)
      }
      try self.init(bytes, file: "\(nameOrPath).yaml")
    }
  }

  /// Takes text that was read before.
  ///
  /// - Throws: `FleetError.file` with what is not understood, and the name `file`.
  public init(_ text: String, file: String) throws(FleetError) {
    try self.init(Array(text.utf8), file: file)
  }

  private init(_ bytes: [UInt8], file: String) throws(FleetError) {
    do {
      plan = try FleetPlan(bytes: bytes, file: file)
    } catch {
      throw .file(error)
    }
    text = String(decoding: bytes, as: UTF8.self)
  }

  private static func isPath(_ nameOrPath: String) -> Bool {
    nameOrPath.utf8.contains(UInt8(ascii: "/")) || nameOrPath.hasSuffix(".yaml")
      || nameOrPath.hasSuffix(".yml")
  }
}
