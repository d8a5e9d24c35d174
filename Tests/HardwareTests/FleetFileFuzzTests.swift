import Testing

@testable import Hardware

@Suite struct FleetFileFuzzTests {
  /// A damaged file is a sound fleet or a described error; to trap ends the tests.
  private func read(_ bytes: [UInt8]) -> Bool {
    do {
      let fleet = try FleetPlan(bytes: bytes, file: "f").fleet()
      #expect(fleet.instanceCount >= 1 && fleet.instanceCount <= Fleet.mostInstances)
      return true
    } catch {
      let text = "\(error)"
      #expect(text.hasPrefix("f") && !text.contains("\n"), "\(text)")
      return false
    }
  }

  @Test func `a file that is cut off anywhere is an error or a fleet`() {
    let bytes = Array(FleetFileSample.text.utf8)
    var sound = 0
    for count in 0...bytes.count where read(Array(bytes.prefix(count))) { sound += 1 }
    // Only at its end, where all required keys have been given.
    #expect(sound >= 2 && sound < bytes.count / 4)
  }

  @Test func `flipped bits are errors or fleets`() {
    let bytes = Array(FleetFileSample.text.utf8)
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    var sound = 0
    for _ in 0..<4_000 {
      var damaged = bytes
      // xorshift64: the same damage every time.
      for _ in 0...Int(state % 3) {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        damaged[Int(state >> 8) % bytes.count] ^= 1 << UInt8(state & 7)
      }
      if read(damaged) { sound += 1 }
    }
    #expect(sound > 0 && sound < 4_000)
  }

  @Test func `every byte value is taken anywhere in a value`() {
    let bytes = Array(FleetFileSample.text.utf8)
    let position = "name: ba".utf8.count
    var sound = 0
    for value in UInt8.min...UInt8.max {
      var damaged = bytes
      damaged[position] = value
      if read(damaged) { sound += 1 }
    }
    // Letters, digits, '.', '-' and '_', and the line feed and return that end the name early.
    #expect((60...68).contains(sound), "\(sound)")
  }
}
