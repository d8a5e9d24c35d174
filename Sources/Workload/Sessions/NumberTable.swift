/// Finds the index that was given to a number, such as a record's position.
///
/// Numbers mostly count up from 0, so they index an array as long as that is at most about four
/// times as long as there are numbers; the others go to a dictionary.
struct NumberTable {
  /// By number; −1 where the table has none.
  private var dense: ContiguousArray<Int32>
  private var sparse: [Int64: Int32] = [:]
  /// Each number below this one is its own index.
  private let identities: Int64

  /// - Parameters:
  ///   - count: About how many numbers there will be.
  ///   - largest: No number is larger.
  init(count: Int, largest: Int64 = .max) {
    let last = max(-1, min(largest, Int64(4 * count)))
    dense = ContiguousArray(repeating: -1, count: Int(last + 1))
    identities = 0
  }

  /// A table in which every number from 0 up to `count` is its own index.
  init(identityBelow count: Int) {
    dense = []
    identities = Int64(count)
  }

  subscript(number: Int64) -> Int32? {
    if number >= 0, number < identities { return Int32(number) }
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
