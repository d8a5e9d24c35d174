import Testing

@testable import Hardware

@Suite struct FleetsTests {
  @Test func `every fleet is found under its name and is sound`() throws {
    #expect(Fleets.all.map(\.name) == Fleets.names)
    #expect(Fleets.names.contains(Fleets.defaultName))
    for name in Fleets.names {
      let fleet = try Fleets.named(name)
      try fleet.validate()
      #expect(!fleet.summary.isEmpty)
      for pool in fleet.pools {
        #expect(pool.kind.kvCapacityUnits > pool.kind.kv.units(tokens: 10_000), "\(name)")
        #expect(pool.kind.nicBytesPerSecond > 0 && pool.kind.handoffLatency > 0)
      }
    }
  }

  @Test func `an unknown fleet lists the known ones and the nearest`() {
    let error = #expect(throws: FleetError.self) { try Fleets.named("b200-mixd") }
    #expect(
      error
        == .unknownFleet(name: "b200-mixd", known: Fleets.names)
    )
    #expect(
      error?.description
        == "unknown fleet 'b200-mixd'; did you mean 'b200-mixed'? Known: "
        + Fleets.names.joined(separator: ", ")
        + "; the path of a fleet file contains '/' or ends in .yaml or .yml"
    )
  }

  @Test func `the default fleet is two UltraServers and six wafers`() throws {
    let fleet = try Fleets.named(Fleets.defaultName)
    let chips = fleet.pools.map { $0.count * $0.kind.chips }
    #expect(chips == [128, 6])
    #expect(fleet.pools.map(\.kind.chip) == ["trainium3", "wse-3"])
    #expect(fleet.firstToken == .decode)
    #expect(fleet.pools[0].kind.nicBytesPerSecond == 22_500_000_000)
    #expect(fleet.pools[1].kind.nicBytesPerSecond == 360_000_000_000)
  }

  @Test func `the two B200 fleets have the same chips and model`() throws {
    let mixed = try Fleets.named("b200-mixed")
    let split = try Fleets.named("b200-pd")
    let chips = [mixed, split].map { $0.pools.reduce(0) { $0 + $1.count * $1.kind.chips } }
    #expect(chips == [8, 8])
    #expect(Set((mixed.pools + split.pools).map(\.kind.model)) == ["gpt-oss-120b"])
    #expect(mixed.isMonolithic && !split.isMonolithic)
  }
}
