/// Values by number, for numbers that mostly count up from 0.
///
/// Those index an array as long as that stays at least about a quarter full; the others go to a
/// dictionary.
struct NumberedValues<Value> {
  private var dense = ContiguousArray<Value?>()
  private var sparse: [Int64: Value] = [:]
  private(set) var count = 0

  subscript(number: some FixedWidthInteger & SignedInteger) -> Value? {
    if number >= 0, number < dense.count, let value = dense[Int(number)] { return value }
    return sparse.isEmpty ? nil : sparse[Int64(number)]
  }

  /// Replaces the value of a number that has one.
  mutating func replace(_ number: some FixedWidthInteger & SignedInteger, _ value: Value) {
    if number >= 0, number < dense.count, dense[Int(number)] != nil {
      dense[Int(number)] = value
    } else {
      sparse[Int64(number)] = value
    }
  }

  /// Adds the value of a number that has none yet.
  mutating func insert(_ number: some FixedWidthInteger & SignedInteger, _ value: Value) {
    count += 1
    guard number >= 0, number < 4 * count + 4_096 else {
      sparse[Int64(number)] = value
      return
    }
    while dense.count <= number { dense.append(nil) }
    dense[Int(number)] = value
  }
}
