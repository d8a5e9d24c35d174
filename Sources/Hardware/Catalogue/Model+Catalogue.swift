import ConfigFiles

extension Model {
  /// The files in `Models`, as they were when the program was built.
  static let shelf = CatalogueShelf<Model>(
    kind: "model",
    files: [
      ("gpt-oss-120b", { PackageResources.gpt_oss_120b_yaml }),
      ("gpt-oss-20b", { PackageResources.gpt_oss_20b_yaml }),
      ("llama-3.1-8b", { PackageResources.llama_3_1_8b_yaml }),
      ("llama-3.1-70b", { PackageResources.llama_3_1_70b_yaml }),
      ("llama-3.1-405b", { PackageResources.llama_3_1_405b_yaml }),
      ("llama-2-7b", { PackageResources.llama_2_7b_yaml }),
      ("llama-2-70b", { PackageResources.llama_2_70b_yaml }),
      ("llama-4-maverick", { PackageResources.llama_4_maverick_yaml }),
      ("codellama-34b", { PackageResources.codellama_34b_yaml }),
      ("qwen2-7b", { PackageResources.qwen2_7b_yaml }),
      ("qwen3-8b", { PackageResources.qwen3_8b_yaml }),
      ("qwen3-32b", { PackageResources.qwen3_32b_yaml }),
      ("qwen3-30b-a3b", { PackageResources.qwen3_30b_a3b_yaml }),
      ("qwen3-235b-a22b", { PackageResources.qwen3_235b_a22b_yaml }),
      ("nova-2-stand-in", { PackageResources.nova_2_stand_in_yaml }),
      ("qwen3-coder-480b", { PackageResources.qwen3_coder_480b_yaml }),
      ("qwen3.5-397b-a17b", { PackageResources.qwen3_5_397b_a17b_yaml }),
      ("deepseek-v3", { PackageResources.deepseek_v3_yaml }),
      ("kimi-k2", { PackageResources.kimi_k2_yaml }),
      ("kimi-k2.5", { PackageResources.kimi_k2_5_yaml }),
      ("glm-4.5", { PackageResources.glm_4_5_yaml }),
      ("glm-5", { PackageResources.glm_5_yaml }),
      ("minimax-m2.5", { PackageResources.minimax_m2_5_yaml }),
      ("mixtral-8x7b", { PackageResources.mixtral_8x7b_yaml }),
      ("yi-34b", { PackageResources.yi_34b_yaml }),
      ("bloom-176b", { PackageResources.bloom_176b_yaml }),
      ("opt-66b", { PackageResources.opt_66b_yaml }),
    ]
  ) { node throws(FileFault) in
    try Model(node)
  }
}

extension Model {
  /// The names of the models that come with the kit.
  public static var names: [String] { shelf.names }

  /// Every model that comes with the kit.
  public static var all: [Model] {
    Catalogue.sound { () throws(CatalogueError) in try shelf.all() }
  }

  /// The model with a name or an alias, such as `llama-3.1-70b` or `meta-llama/Llama-3.1-70B`.
  ///
  /// Letter case does not count. A name costs the reading of one file; an alias, of all.
  ///
  /// - Throws: `CatalogueError.unknown`, with the known names.
  public static func named(_ name: String) throws(CatalogueError) -> Model {
    let wanted = name.lowercased()
    if names.contains(wanted) { return try shelf.named(wanted) }
    for model in try shelf.all()
    where model.aliases.contains(where: { $0.lowercased() == wanted }) {
      return model
    }
    throw .unknown(kind: "model", name: name, known: names)
  }

  /// The text of a model's file.
  public static func text(of name: String) -> [UInt8]? { shelf.text(of: name) }
}
