import ConfigFiles

extension Chip {
  /// The files in `Chips`, as they were when the program was built.
  static let shelf = CatalogueShelf<Chip>(
    kind: "chip",
    files: [
      ("inferentia2", { PackageResources.inferentia2_yaml }),
      ("trainium1", { PackageResources.trainium1_yaml }),
      ("trainium2", { PackageResources.trainium2_yaml }),
      ("trainium3", { PackageResources.trainium3_yaml }),
      ("wse-3", { PackageResources.wse_3_yaml }),
      ("a100", { PackageResources.a100_yaml }),
      ("h100", { PackageResources.h100_yaml }),
      ("h200", { PackageResources.h200_yaml }),
      ("h800", { PackageResources.h800_yaml }),
      ("h20", { PackageResources.h20_yaml }),
      ("l40s", { PackageResources.l40s_yaml }),
      ("rtx-4090", { PackageResources.rtx_4090_yaml }),
      ("rtx-pro-6000", { PackageResources.rtx_pro_6000_yaml }),
      ("rtx-a6000", { PackageResources.rtx_a6000_yaml }),
      ("b200", { PackageResources.b200_yaml }),
      ("gb200", { PackageResources.gb200_yaml }),
      ("b300", { PackageResources.b300_yaml }),
      ("gb300", { PackageResources.gb300_yaml }),
      ("vr200", { PackageResources.vr200_yaml }),
      ("rubin-cpx", { PackageResources.rubin_cpx_yaml }),
      ("groq-lpu-v1", { PackageResources.groq_lpu_v1_yaml }),
      ("groq-3-lpu", { PackageResources.groq_3_lpu_yaml }),
      ("tpu-v5e", { PackageResources.tpu_v5e_yaml }),
      ("tpu-v6e", { PackageResources.tpu_v6e_yaml }),
      ("tpu-v7", { PackageResources.tpu_v7_yaml }),
      ("mi300x", { PackageResources.mi300x_yaml }),
      ("mi350x", { PackageResources.mi350x_yaml }),
      ("mi355x", { PackageResources.mi355x_yaml }),
      ("mtia-400", { PackageResources.mtia_400_yaml }),
      ("mtia-450", { PackageResources.mtia_450_yaml }),
      ("mtia-500", { PackageResources.mtia_500_yaml }),
      ("maia-100", { PackageResources.maia_100_yaml }),
      ("maia-200", { PackageResources.maia_200_yaml }),
      ("gaudi-3", { PackageResources.gaudi_3_yaml }),
    ]
  ) { node throws(FileFault) in
    try Chip(node)
  }
}

extension Chip {
  /// The names of the chips that come with the kit.
  public static var names: [String] { shelf.names }

  /// Every chip that comes with the kit.
  public static var all: [Chip] { Catalogue.sound { () throws(CatalogueError) in try shelf.all() } }

  /// The chip with a name, read from its file.
  ///
  /// - Throws: `CatalogueError.unknown`, with the known names.
  public static func named(_ name: String) throws(CatalogueError) -> Chip {
    try shelf.named(name)
  }

  /// The text of a chip's file.
  public static func text(of name: String) -> [UInt8]? { shelf.text(of: name) }
}
