/// Finds the place of a block by its id.
///
/// Ids mostly count up from 0, so they index an array as long as that stays at least a quarter
/// full, but for a few; the others go to an open-addressing table with linear probing. Both are faster
/// than a dictionary, and ids arrive by the million; both start small, since a file can have a table
/// for each of its plays.
struct BlockTable {
  /// By id; `BlockPlace.root` where the table has no such id.
  private var dense = ContiguousArray<BlockPlace>()
  private var sparse = ContiguousArray<Slot>()
  private var sparseCount = 0
  private var denseCount = 0

  private struct Slot {
    /// −1 where the slot is free; ids are not negative.
    var id: Int64 = -1
    var place = BlockPlace.root
  }

  subscript(id: Int64) -> BlockPlace? {
    if id < dense.count, dense[Int(id)].node >= 0 { return dense[Int(id)] }
    if sparseCount == 0 { return nil }
    let slot = sparse[slotIndex(of: id)]
    return slot.id == id ? slot.place : nil
  }

  /// Adds an id and returns true, or returns false if the table has it already.
  mutating func insert(_ id: Int64, _ place: BlockPlace) -> Bool {
    if self[id] != nil { return false }
    if id < 4 * denseCount + 64 {
      while dense.count <= id { dense.append(.root) }
      dense[Int(id)] = place
      denseCount += 1
    } else {
      if 2 * (sparseCount + 1) > sparse.count { grow() }
      sparse[slotIndex(of: id)] = Slot(id: id, place: place)
      sparseCount += 1
    }
    return true
  }

  /// The slot that holds the id, or the free one in which it belongs.
  private func slotIndex(of id: Int64) -> Int {
    let mask = sparse.count - 1
    var index = Int(truncatingIfNeeded: SplitMix64.mix(UInt64(bitPattern: id))) & mask
    while sparse[index].id != id, sparse[index].id >= 0 { index = (index + 1) & mask }
    return index
  }

  private mutating func grow() {
    let old = sparse
    sparse = ContiguousArray(repeating: Slot(), count: max(16, 2 * old.count))
    for slot in old where slot.id >= 0 { sparse[slotIndex(of: slot.id)] = slot }
  }
}
