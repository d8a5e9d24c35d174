import Testing

@testable import Hardware

@Suite struct FigureUnitTests {
  @Test(
    arguments: [
      ("989 Top/s", .operationsPerSecond, 989e12), ("15.6 Pop/s", .operationsPerSecond, 15.6e15),
      ("144 GiB", .bytes, 144 * 0x1p30), ("25250627584 B", .bytes, 25_250_627_584),
      ("4.9 TB/s", .bytesPerSecond, 4.9e12), ("400 Gb/s", .bytesPerSecond, 50e9),
      ("23 kW", .watts, 23_000), ("50 us", .seconds, 50e-6), ("0.25 us", .seconds, 0.25e-6),
      ("1.95 $/h", .dollarsPerHour, 1.95), ("600 tokens", .tokens, 600), ("8 chips", .chips, 8),
      ("0.74", .share, 0.74), ("1e-3", .share, 1e-3),
    ] as [(String, FigureUnit, Double)]
  )
  func `a value is read with its prefix, exactly`(text: String, unit: FigureUnit, value: Double) {
    #expect(unit.value(text) == value)
  }

  @Test(
    arguments: [
      ("989", .operationsPerSecond), ("989  Top/s", .operationsPerSecond), ("Top/s", .bytes),
      ("80 Gb", .bytes), ("80 gB", .bytes), ("3 KB", .bytes), ("1 GiB/s", .bytesPerSecond),
      ("1 k$/h", .dollarsPerHour), ("3 ktokens", .tokens), ("0.8 ", .share), ("80 %", .share),
      ("1e3 TB/s", .bytesPerSecond), ("٣ GB", .bytes), ("", .seconds), ("inf W", .watts),
    ] as [(String, FigureUnit)]
  )
  func `what is no value is not taken for one`(text: String, unit: FigureUnit) {
    #expect(unit.value(text) == nil)
  }

  @Test func `values print with the prefix that suits them`() {
    #expect(FigureUnit.operationsPerSecond.text(15.6e15) == "15.6 Pop/s")
    #expect(FigureUnit.bytesPerSecond.text(3.35e12) == "3.35 TB/s")
    #expect(FigureUnit.seconds.text(17e-6) == "17 us")
    #expect(FigureUnit.seconds.text(0.25e-6) == "250 ns")
    #expect(FigureUnit.bytes.text(999.99e9) == "1 TB")
    #expect(FigureUnit.dollarsPerHour.text(41.96) == "41.96 $/h")
    #expect(FigureUnit.share.text(0.0016) == "0.0016")
    #expect(FigureUnit.watts.text(0) == "0 W")
  }
}
