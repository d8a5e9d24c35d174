import Testing

@testable import Workload

@Suite struct `Numbered values` {
  @Test func `values are found by numbers of any size and width`() {
    var values = NumberedValues<Int>()
    for number in [3, -7, Int64(Int32.max), .max, 4_099, 100_000] {
      #expect(values[number] == nil)
      values.insert(number, Int(truncatingIfNeeded: number))
    }
    #expect(values.count == 6)
    #expect(values[Int32.max] == Int(Int32.max))
    #expect(values[Int64.max] == Int(truncatingIfNeeded: Int64.max))
    #expect(values[Int32(3)] == 3 && values[Int64(-7)] == -7 && values[Int32(4)] == nil)
    values.replace(Int32(-7), 1)
    values.replace(Int64(3), 2)
    #expect(values[Int64(-7)] == 1 && values[Int32(3)] == 2)
  }
}
