/// First in, first out: a hit changes nothing.
public struct FIFOCache: SingleBlockCache, ~Copyable {
  public let firstBlock: ContiguousArray<Int32>
  private let capacity: Int
  private var isCached: ContiguousArray<Bool>
  private var queue = BlockLists.Ends()
  private var lists: BlockLists

  public init(capacity: Int, for paths: PrefixPaths) {
    self.capacity = capacity
    firstBlock = paths.firstBlock
    isCached = ContiguousArray(repeating: false, count: paths.blockCount)
    lists = BlockLists(blocks: paths.blockCount)
  }

  public mutating func touch(block: Int, position: Int) -> Bool {
    if isCached[block] { return true }
    if queue.count == capacity { isCached[Int(lists.removeFirst(of: &queue))] = false }
    lists.append(Int32(block), to: &queue)
    isCached[block] = true
    return false
  }
}
