import Testing

@testable import Workload

@Suite struct `Stable order` {
  @Test func `one key after another sorts as comparing them all`() {
    var random = SplitMix64(seed: 4)
    for bound in [1, 2, 5_000, Int64.max] {
      let keys = (0..<3_000).map { _ in
        (Int64(random.next() % UInt64(bound)), Int64(bitPattern: random.next()))
      }
      var order = StableOrder(count: keys.count)
      order.sort { keys[$0].1 }
      order.sort { keys[$0].0 }
      #expect(Array(order.indices) == keys.indices.sorted { keys[$0] < keys[$1] })
    }
  }

  @Test func `items of equal keys keep their order`() {
    var order = StableOrder(count: 100)
    order.sort { Int64(-($0 % 3)) }
    let expected = [2, 1, 0].flatMap { digit in (0..<100).filter { $0 % 3 == digit } }
    #expect(Array(order.indices) == expected)
    #expect(Array(StableOrder(count: 0).indices).isEmpty)
  }
}
