import ConfigFiles

extension Fabric {
  /// The files in `Fabrics`, as they were when the program was built.
  static let shelf = CatalogueShelf<Fabric>(
    kind: "fabric",
    files: [
      ("efa-v2", { PackageResources.efa_v2_yaml }),
      ("efa-v3", { PackageResources.efa_v3_yaml }),
      ("efa-v4", { PackageResources.efa_v4_yaml }),
      ("neuronlink-v3", { PackageResources.neuronlink_v3_yaml }),
      ("neuronlink-v4", { PackageResources.neuronlink_v4_yaml }),
      ("nvlink-4", { PackageResources.nvlink_4_yaml }),
      ("nvlink-5", { PackageResources.nvlink_5_yaml }),
      ("nvlink-6", { PackageResources.nvlink_6_yaml }),
      ("infiniband-ndr", { PackageResources.infiniband_ndr_yaml }),
      ("infiniband-xdr", { PackageResources.infiniband_xdr_yaml }),
      ("roce-200", { PackageResources.roce_200_yaml }),
      ("roce-400", { PackageResources.roce_400_yaml }),
      ("cs3-io", { PackageResources.cs3_io_yaml }),
      ("lpu-c2c", { PackageResources.lpu_c2c_yaml }),
    ]
  ) { node throws(FileFault) in
    try Fabric(node)
  }
}

extension Fabric {
  /// The names of the fabrics that come with the kit.
  public static var names: [String] { shelf.names }

  /// Every fabric that comes with the kit.
  public static var all: [Fabric] {
    Catalogue.sound { () throws(CatalogueError) in try shelf.all() }
  }

  /// The fabric with a name, read from its file.
  ///
  /// - Throws: `CatalogueError.unknown`, with the known names.
  public static func named(_ name: String) throws(CatalogueError) -> Fabric {
    try shelf.named(name)
  }

  /// The text of a fabric's file.
  public static func text(of name: String) -> [UInt8]? { shelf.text(of: name) }
}
