/// The recipes that come with the kit.
public enum Recipes {
  /// The files in `BuiltIn`, as they were when the program was built.
  private static let files: [(name: String, bytes: @Sendable () -> [UInt8])] = [
    ("agentic-coding", { PackageResources.agentic_coding_yaml }),
    ("chat", { PackageResources.chat_yaml }),
    ("code-completion", { PackageResources.code_completion_yaml }),
    ("rag", { PackageResources.rag_yaml }),
    ("reasoning", { PackageResources.reasoning_yaml }),
    ("production-mix", { PackageResources.production_mix_yaml }),
  ]

  /// In the order in which they are listed.
  public static var names: [String] { files.map(\.name) }

  /// The text of a built-in recipe's file, which is a start for one's own.
  public static func text(of name: String) -> [UInt8]? {
    files.first { $0.name == name }?.bytes()
  }
}
