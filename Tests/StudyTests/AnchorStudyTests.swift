import Foundation
import Hardware
import Testing

@testable import Study

@Suite("Published measurements against the kit")
struct AnchorStudyTests {
  private static let study = Result { try AnchorStudy() }

  @Test
  func `Every group has lines, and every line a finite error`() throws {
    let study = try Self.study.get()
    for group in AnchorGroup.allCases {
      #expect(study.lines.contains { $0.group == group }, "\(group)")
      #expect(study.text.contains("\n\(group.rawValue) ") || study.text.hasPrefix(group.rawValue))
    }
    for line in study.lines {
      #expect(line.error.isFinite && line.error > -1 && line.predicted > 0, "\(line.id)")
    }
  }

  @Test
  func `Every anchor is replayed or has a reason why not, and none both`() throws {
    let study = try Self.study.get()
    let replayed = Set(study.lines.map { String($0.id.prefix { $0 != "@" }) })
    let left = Set(study.unreplayed.map(\.anchor.id))
    #expect(replayed.isDisjoint(with: left))
    #expect(replayed.union(left) == Set(Anchor.all.map(\.id)))
    #expect(study.unreplayed.allSatisfy { !$0.reason.isEmpty })
  }

  @Test
  func `What set a constant is met and does not count`() throws {
    let study = try Self.study.get()
    let set = study.lines.filter { $0.role == .set && $0.method != .engine }
    #expect(set.count > 10)
    for line in set { #expect(abs(line.error) < 0.05, "\(line.id)") }
    let counted = study.scores.reduce(0) { $0 + $1.tests.count }
    #expect(counted == study.lines.count { $0.role == .test })
    #expect(study.overall.count == counted)
    for id in ["cerebras-llama-3.1-8b", "groq-llama-3.1-8b", "splitwise-llama-2-70b-h100-token-b1"]
    {
      #expect(study.lines.first { $0.id == id }?.role == .set, "\(id)")
    }
  }

  @Test
  func `A request alone takes in the engine what its steps cost`() throws {
    let fleet = try Fleets.named("h100-mixed")
    let kind = fleet.pools[0].kind
    let policies = try AnchorBench(Anchor.all, profile: .catalogue).policies
    let run = try #require(
      try SoloRun(on: fleet, promptTokens: 1_000, outputTokens: 2, policies: policies)
    )
    let step = kind.decodeCost(batch: 1, contextTokens: 1_001).seconds
    #expect(abs(run.timeToFirstToken - kind.costs.promptSeconds(1_000)) < 3e-9)
    #expect(abs(run.timePerOutputToken - step) < 1e-3 * step)
  }

  @Test
  func `A constant taken from a measurement reproduces it`() throws {
    let bench = try AnchorBench(Anchor.all, profile: .catalogue)
    let anchor = try #require(bench["splitwise-llama-2-70b-h100-token-b1"])
    var deployment = try bench.deployment(of: anchor)
    deployment.chip = try EngineLevel.layerFloor(
      of: deployment,
      batch: 1,
      contextTokens: 576,
      seconds: 0.0298,
      source: anchor.id
    )
    let step = try InstanceKind(deployment).decodeCost(batch: 1, contextTokens: 576)
    #expect(abs(step.seconds - 0.0298) < 1e-9)
    deployment.chip = try EngineLevel.slowdown(
      of: deployment,
      promptTokens: 2_048,
      seconds: 0.137,
      source: anchor.id
    )
    #expect(abs(try InstanceKind(deployment).costs.promptSeconds(2_048) - 0.137) < 1e-7)
  }

  @Test
  func `An id is not found inside a longer one`() {
    #expect("taken from efa-v2-write".mentions("efa-v2-write"))
    #expect("efa-v2-write, twice".mentions("efa-v2-write"))
    #expect(!"groq-llama-3.1-70b-long".mentions("groq-llama-3.1-70b"))
  }
}
