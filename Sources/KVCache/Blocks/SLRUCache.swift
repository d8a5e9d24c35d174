/// Segmented LRU: a block that is hit moves to a protected segment of four fifths of the capacity,
/// whose least recent block falls back where it is full; victims come from the other segment.
///
/// Source: Karedla et al., "Caching strategies to improve disk system performance", IEEE Computer
/// 1994.
public struct SLRUCache: SingleBlockCache, ~Copyable {
  private enum Place: UInt8 { case nowhere, probation, protected }

  public let firstBlock: ContiguousArray<Int32>
  private let capacity: Int
  private let protectedCapacity: Int
  private var place: ContiguousArray<Place>
  private var lists: BlockLists
  private var probation = BlockLists.Ends()
  private var protected = BlockLists.Ends()

  public init(capacity: Int, for paths: PrefixPaths) {
    self.capacity = capacity
    protectedCapacity = capacity * 4 / 5
    firstBlock = paths.firstBlock
    place = ContiguousArray(repeating: .nowhere, count: paths.blockCount)
    lists = BlockLists(blocks: paths.blockCount)
  }

  public mutating func touch(block: Int, position: Int) -> Bool {
    switch place[block] {
    case .protected:
      lists.remove(Int32(block), from: &protected)
      lists.append(Int32(block), to: &protected)
      return true
    case .probation:
      lists.remove(Int32(block), from: &probation)
      promote(Int32(block))
      return true
    case .nowhere:
      if probation.count + protected.count == capacity { evict() }
      lists.append(Int32(block), to: &probation)
      place[block] = .probation
      return false
    }
  }

  private mutating func promote(_ block: Int32) {
    lists.append(block, to: &protected)
    place[Int(block)] = .protected
    guard protected.count > protectedCapacity else { return }
    let demoted = lists.removeFirst(of: &protected)
    lists.append(demoted, to: &probation)
    place[Int(demoted)] = .probation
  }

  private mutating func evict() {
    let victim =
      probation.count > 0
      ? lists.removeFirst(of: &probation) : lists.removeFirst(of: &protected)
    place[Int(victim)] = .nowhere
  }
}
