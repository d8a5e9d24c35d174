import Hardware
import Testing

@Suite struct FleetBudgetTests {
  /// What a fleet says of its own cost: `159.12 of 160 $/h`.
  private func stated(_ summary: String) -> (cost: Double, budget: Double)? {
    let words = summary.split(separator: " ")
    guard words.last == "$/h", words.count > 4, words[words.count - 3] == "of",
      let cost = Double(words[words.count - 4]), let budget = Double(words[words.count - 2])
    else { return nil }
    return (cost, budget)
  }

  @Test func `fleets of one budget cost what they say and no more`() throws {
    var count = 0
    for name in Fleets.names {
      let plan = try Fleets.plan(name)
      guard let (cost, budget) = stated(plan.summary) else { continue }
      var sum = 0.0
      for pool in plan.pools {
        let price = try #require(Chip.named(pool.deployment.chip.name).prices.perHour?.value)
        sum += price * Double(pool.count * pool.deployment.chips)
      }
      #expect(agree(sum, cost, within: 1e-9), "\(name): \(sum)")
      #expect(plan.dollarsPerHour == sum)
      #expect(budget == 160 && cost <= budget, "\(name)")
      count += 1
    }
    #expect(count == Fleets.names.count - 4)
  }

  @Test(arguments: [
    ("trn3-cs3", 571.76), ("b200-mixed", 15.60), ("b200-pd", 15.60), ("llama8b-32x16", 93.60),
  ])
  func `the first four cost what their comments say`(name: String, cost: Double) throws {
    let text = String(decoding: try #require(Fleets.text(of: name)), as: UTF8.self)
    let digits = "\(cost)".split(separator: ".").last?.count == 1 ? "\(cost)0" : "\(cost)"
    #expect(text.contains("= \(digits) $/h."))
    #expect(agree(try #require(Fleets.plan(name).dollarsPerHour), cost, within: 1e-9))
  }

  @Test func `Splitwise-HA prefills on H100 and decodes on A100`() throws {
    let fleet = try Fleets.named("splitwise-ha")
    #expect(fleet.pools.map(\.kind.chip) == ["h100", "a100"])
    #expect(fleet.pools.allSatisfy { $0.kind.model == "llama-2-70b" && $0.kind.chips == 8 })
    #expect(try Fleets.plan("splitwise-ha").watts == 64 * 700 + 72 * 400)
  }
}
