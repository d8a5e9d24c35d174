/// A place in a prefix trie: the end of a path of blocks from the root.
public struct PrefixPoint: Sendable, Equatable {
  /// Slot of the node that holds the last block; −1 before the first block.
  public var node: Int32
  /// Blocks from the root up to here.
  public var depth: Int32

  @inlinable
  public init(node: Int32, depth: Int32) {
    self.node = node
    self.depth = depth
  }

  /// Before the first block.
  public static let root = PrefixPoint(node: -1, depth: 0)
}

/// Prefix nodes that contradict themselves or each other.
public struct PrefixFault: Error, Sendable, Equatable, CustomStringConvertible {
  /// Where the node stands among those that were added.
  public var index: Int
  /// The node's number in the trace.
  public var id: Int32
  /// What is wrong, to be read behind "prefix node 7".
  public var problem: String

  public init(index: Int, id: Int32, problem: String) {
    self.index = index
    self.id = id
    self.problem = problem
  }

  public var description: String { "prefix node \(id) \(problem)" }
}
