/// Finds a prefix node by its id among those of a group.
///
/// Ids mostly stand close together, so they index an array as long as that is at most eight times
/// as long as there are nodes; otherwise a dictionary.
struct NodeIndex {
  private var base: Int32 = 0
  /// By id − `base`; −1 where there is none.
  private var dense = ContiguousArray<Int32>()
  private var sparse: [Int32: Int32] = [:]
  /// The position of a node whose id an earlier one has too.
  private(set) var repeated: Int?

  init(_ ids: borrowing ContiguousArray<Int32>) {
    guard let smallest = ids.min(), let largest = ids.max() else { return }
    base = smallest
    let span = Int(largest) - Int(smallest) + 1
    if span <= 8 * ids.count + 64 {
      dense = ContiguousArray(repeating: -1, count: span)
      for position in 0..<ids.count {
        let place = Int(ids[position]) - Int(base)
        if dense[place] >= 0 { repeated = repeated ?? position }
        dense[place] = Int32(position)
      }
    } else {
      for position in 0..<ids.count
      where sparse.updateValue(Int32(position), forKey: ids[position]) != nil {
        repeated = repeated ?? position
      }
    }
  }

  subscript(id: Int32) -> Int? {
    if dense.isEmpty { return sparse[id].map(Int.init) }
    let place = Int(id) - Int(base)
    guard place >= 0, place < dense.count, dense[place] >= 0 else { return nil }
    return Int(dense[place])
  }
}
