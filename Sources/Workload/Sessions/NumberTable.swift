/// Finds the index that was given to a number, such as a record's position.
///
/// Numbers mostly count up from 0, so they index an array as long as that is at most about four
/// times as long as there are numbers; the others go to a dictionary.
struct NumberTable {
  /// By number; −1 where the table has none.
  private var dense: ContiguousArray<Int32>
  private var sparse: [Int64: Int32] = [:]

  /// - Parameter count: About how many numbers there will be.
  init(count: Int) {
    dense = ContiguousArray(repeating: -1, count: 4 * count)
  }

  subscript(number: Int64) -> Int32? {
    guard number >= 0, number < dense.count else { return sparse[number] }
    let index = dense[Int(number)]
    return index >= 0 ? index : nil
  }

  /// Adds a number and returns true, or returns false if the table has it already.
  mutating func insert(_ number: Int64, _ index: Int32) -> Bool {
    if number >= 0, number < dense.count {
      guard dense[Int(number)] < 0 else { return false }
      dense[Int(number)] = index
      return true
    }
    return sparse.updateValue(index, forKey: number) == nil
  }
}
