/// S3-FIFO: a small queue that one-hit wonders do not leave, a main queue, and a memory of what left
/// the small one.
///
/// The small queue holds a tenth of the capacity, at least a block. A block that was hit twice there
/// moves to the main queue; others are remembered, as many as the main queue holds, and go to the
/// main queue at once if they come again. Main blocks go round as often as they were hit, three
/// times at most.
///
/// Source: Yang et al., "FIFO queues are all you need for cache eviction", SOSP '23, algorithm 1.
public struct S3FIFOCache: SingleBlockCache, ~Copyable {
  private enum Place: UInt8 { case nowhere, small, main, ghost }

  public let firstBlock: ContiguousArray<Int32>
  private let smallCapacity: Int
  private let mainCapacity: Int
  private var place: ContiguousArray<Place>
  private var hits: ContiguousArray<UInt8>
  private var lists: BlockLists
  private var small = BlockLists.Ends()
  private var main = BlockLists.Ends()
  private var ghost = BlockLists.Ends()

  public init(capacity: Int, for paths: PrefixPaths) {
    smallCapacity = max(1, capacity / 10)
    mainCapacity = capacity - smallCapacity
    firstBlock = paths.firstBlock
    place = ContiguousArray(repeating: .nowhere, count: paths.blockCount)
    hits = ContiguousArray(repeating: 0, count: paths.blockCount)
    lists = BlockLists(blocks: paths.blockCount)
  }

  public mutating func touch(block: Int, position: Int) -> Bool {
    switch place[block] {
    case .small, .main:
      hits[block] = min(hits[block] + 1, 3)
      return true
    case .ghost:
      makeRoom()
      // Making room may have pushed it out of the memory; it was there when it came.
      if place[block] == .ghost { lists.remove(Int32(block), from: &ghost) }
      lists.append(Int32(block), to: &main)
      place[block] = .main
    case .nowhere:
      makeRoom()
      lists.append(Int32(block), to: &small)
      place[block] = .small
    }
    hits[block] = 0
    return false
  }

  /// Evicts one block where both queues together are full.
  private mutating func makeRoom() {
    while small.count + main.count >= smallCapacity + mainCapacity {
      if small.count >= smallCapacity || main.count == 0 {
        evictFromSmall()
      } else {
        evictFromMain()
      }
    }
  }

  private mutating func evictFromSmall() {
    let block = lists.removeFirst(of: &small)
    guard hits[Int(block)] < 2 || mainCapacity == 0 else {
      if main.count >= mainCapacity { evictFromMain() }
      lists.append(block, to: &main)
      place[Int(block)] = .main
      hits[Int(block)] = 0
      return
    }
    place[Int(block)] = .nowhere
    guard mainCapacity > 0 else { return }
    if ghost.count == mainCapacity {
      place[Int(lists.removeFirst(of: &ghost))] = .nowhere
    }
    lists.append(block, to: &ghost)
    place[Int(block)] = .ghost
  }

  private mutating func evictFromMain() {
    while true {
      let block = lists.removeFirst(of: &main)
      guard hits[Int(block)] > 0 else {
        place[Int(block)] = .nowhere
        return
      }
      hits[Int(block)] -= 1
      lists.append(block, to: &main)
    }
  }
}
