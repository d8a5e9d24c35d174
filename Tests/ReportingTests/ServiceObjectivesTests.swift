import Reporting
import Testing

@Suite struct ServiceObjectivesTests {
  @Test func `objectives are read per class and inherit from all`() throws {
    let slo = try ServiceObjectives(parsing: ["chat:ttft=1.5s", "tpot=50ms", "all:ttft=2s"])
    #expect(slo.objective(forClass: "chat") == .init(ttft: 1_500_000_000, tpot: 50_000_000))
    #expect(slo.objective(forClass: "code") == .init(ttft: 2_000_000_000, tpot: 50_000_000))
    #expect(slo.description == "all:ttft=2s,tpot=50ms chat:ttft=1500ms")
  }

  @Test(arguments: [
    ("", "SLO '' is incomplete"),
    ("chat:", "SLO 'chat:' is incomplete"),
    ("ttfd=1s", "SLO 'ttfd=1s' has no metric 'ttft' or 'tpot' in 'ttfd=1s'"),
    ("ttft=1", "SLO 'ttft=1' has no duration above 0 in 'ttft=1'"),
    ("ttft=0s", "SLO 'ttft=0s' has no duration above 0 in 'ttft=0s'"),
    ("ttft=1s,ttft=2s", "SLO 'ttft=1s,ttft=2s' sets ttft of 'all' twice"),
  ])
  func `a bad objective says what is wrong`(text: String, problem: String) {
    let error = #expect(throws: ObjectiveError.self) { try ServiceObjectives(parsing: [text]) }
    #expect(error?.description.hasPrefix(problem + "; expected") == true)
  }

  @Test(arguments: [
    ("1ns", 1), ("1.5us", 1_500), ("50ms", 50_000_000), ("0.000000001s", 1), ("600s", 600 * second),
  ])
  func `durations are exact`(text: String, nanoseconds: Int64) {
    #expect(DurationText.nanoseconds(text) == nanoseconds)
    #expect(DurationText.nanoseconds(DurationText.text(nanoseconds)) == nanoseconds)
  }

  @Test(arguments: [
    "1", "s", "-1s", "+1s", "1.s", ".5s", "1e3s", "1.5ns", "1 s", "1.2.3s", "9223372037s",
    "0.00000000000000000001s", "99999999999999999999ns",
  ])
  func `what is no whole number of nanoseconds is refused`(text: String) {
    #expect(DurationText.nanoseconds(text) == nil)
  }
}
