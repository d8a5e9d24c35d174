/// Least recently touched first among *leaves*: blocks that no cached block comes directly behind in
/// any prompt.
///
/// Source: SGLang, `mem_cache/radix_cache.py`, whose `evict` takes leaves by last access.
public struct LeafLRUCache: SingleBlockCache, ~Copyable {
  public let firstBlock: ContiguousArray<Int32>
  private let capacity: Int
  /// The block before each; −1 at the root.
  private let parent: ContiguousArray<Int32>
  private var isCached: ContiguousArray<Bool>
  /// Cached blocks directly behind each block, whether it is cached itself or not.
  private var children: ContiguousArray<Int32>
  private var touched: ContiguousArray<Int64>
  private var leaves: RankedBlocks
  private var size = 0
  private var time: Int64 = 0

  public init(capacity: Int, for paths: PrefixPaths) {
    self.capacity = capacity
    firstBlock = paths.firstBlock
    parent = paths.parentBlocks
    isCached = ContiguousArray(repeating: false, count: paths.blockCount)
    children = ContiguousArray(repeating: 0, count: paths.blockCount)
    touched = ContiguousArray(repeating: 0, count: paths.blockCount)
    leaves = RankedBlocks(blocks: paths.blockCount)
  }

  public mutating func touch(block: Int, position: Int) -> Bool {
    time += 1
    if isCached[block] {
      touched[block] = time
      if children[block] == 0 { leaves.update(block, UInt128(time)) }
      return true
    }
    if size == capacity { evict() }
    size += 1
    isCached[block] = true
    touched[block] = time
    if children[block] == 0 { leaves.insert(block, UInt128(time)) }
    let above = Int(parent[block])
    guard above >= 0 else { return false }
    children[above] += 1
    if children[above] == 1, isCached[above] { leaves.remove(above) }
    return false
  }

  private mutating func evict() {
    let victim = leaves.removeSmallest()
    size -= 1
    isCached[victim] = false
    let above = Int(parent[victim])
    guard above >= 0 else { return }
    children[above] -= 1
    if children[above] == 0, isCached[above] { leaves.insert(above, UInt128(touched[above])) }
  }
}
