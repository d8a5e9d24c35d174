import Testing

@testable import Workload

@Suite struct `Number set` {
  @Test func `a number is new once, however large`() {
    var set = NumberSet()
    var random = SplitMix64(seed: 4)
    var known: Set<Int64> = []
    for round in 0..<20_000 {
      let number =
        round % 3 == 0 ? Int64(random.next() >> 1) : Int64(random.next() % 9_000)
      #expect(set.insert(number) == known.insert(number).inserted)
    }
    #expect(set.insert(.max) == known.insert(.max).inserted)
    let isNew = set.insert(.max)
    #expect(!isNew)
  }

  @Test func `numbers beyond its pages count as new, and take none`() {
    var set = NumberSet(mostPages: 1)
    let isNew = [0, 4_095, 0, 4_096, 4_096, 4_095].map { set.insert($0) }
    #expect(isNew == [true, true, false, true, true, false])
  }
}
