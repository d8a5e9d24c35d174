import Hardware
import Testing

@Suite struct FixedPointTests {
  @Test func `a visible time is the first whole nanosecond at or after the fine one`() {
    let nanosecond = FixedPoint.fine(nanoseconds: 1)
    #expect(FixedPoint.ceiling(0) == 0)
    #expect(FixedPoint.ceiling(1) == 1)
    #expect(FixedPoint.ceiling(nanosecond) == 1)
    #expect(FixedPoint.ceiling(nanosecond + 1) == 2)
  }

  @Test func `seconds and joules are rounded up`() {
    #expect(FixedPoint.fineTime(seconds: 1) == FixedPoint.fine(nanoseconds: 1_000_000_000))
    #expect(FixedPoint.fineTime(seconds: 1e-30) == 1)
    #expect(FixedPoint.fineEnergy(joules: 2) == 2 * FixedPoint.fineTime(seconds: 1))
  }
}
