/// The prefixes of sessions whose rounds say how many of their first tokens the session's context had
/// already, the context being the prompt and the output of the round before.
///
/// No other session shares them, since lengths do not say what is in a prompt. Blocks that reach into
/// the output of the round before belong to the round behind it.
struct GrowingContexts {
  private var chains = PrefixChains()

  static let blockTokens: Int64 = 64

  var isEmpty: Bool { chains.isEmpty }

  /// What a session's next prompt can go on from.
  struct Context {
    /// Rounds so far.
    var rounds: Int32 = 0
    /// Tokens of the last round's prompt and output.
    var tokens: Int64 = 0
    var path = PrefixChains.Path()
  }

  /// Appends the prefix columns of a round that shares its first so many tokens with the context, as
  /// far as that goes, and returns the context behind it.
  mutating func append(
    prompt: Int32,
    output: Int32,
    sharing prefix: Int64,
    with context: Context,
    at position: Int,
    to group: inout RowGroup
  ) throws(Fault) -> Context {
    let shared = min(prefix, context.tokens)
    let path = try chains.path(
      Int32(Int64(prompt) / Self.blockTokens),
      keeping: Int32(clamping: shared / Self.blockTokens),
      of: context.path,
      at: position
    )
    chains.append(path, to: &group)
    return Context(
      rounds: context.rounds + 1,
      tokens: Int64(prompt) + Int64(output),
      path: path
    )
  }

  mutating func finish(_ group: inout RowGroup) { chains.finish(&group) }
}
