/// Gives ids to the blocks of prompts that are known by their content, in order of first appearance.
///
/// A block is known by a digest of everything before it and in it: of 128 bits, so that two blocks of
/// a trace that differ practically never get one id.
struct BlockNamer {
  private var ids: [UInt128: Int64] = [:]

  /// Tokens of a block where the source does not say: the usual size of a paged KV cache.
  static let blockTokens = 16

  mutating func id(of digest: Digest128) -> Int64 {
    let key = digest.value
    if let id = ids[key] { return id }
    let id = Int64(ids.count)
    ids[key] = id
    return id
  }
}
