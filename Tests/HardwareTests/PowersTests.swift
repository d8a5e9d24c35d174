import Foundation
import Testing

@testable import Hardware

@Suite struct PowersTests {
  @Test(arguments: [0.001, 0.25, 0.703_125, 1, 1.25, 2, 4, 1_000])
  func `a root agrees with the library's pow`(base: Double) {
    for exponent in [0.0, 0.1, 0.5, 0.65, 0.875, 0.999] {
      #expect(
        agree(Powers.root(base, exponent: exponent), pow(base, exponent), within: 1e-12)
      )
    }
  }

  @Test func `a whole power agrees with the library's pow`() {
    for exponent in [0, 1, 2, 3, 7, 64, 255, 8_192] {
      #expect(
        agree(Powers.power(0.968_75, exponent), pow(0.968_75, Double(exponent)), within: 1e-12)
      )
    }
  }
}
