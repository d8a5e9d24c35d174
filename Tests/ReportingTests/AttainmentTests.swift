import Reporting
import Simulation
import Testing

@Suite struct AttainmentTests {
  @Test func `a request that is exactly on its targets meets them`() throws {
    let slo = ["ttft=1s,tpot=1s"]
    let metrics = try sink([completed()], slo: slo).overall
    #expect(metrics.ttftAttainment == attainment(met: 1, of: 1))
    #expect(metrics.tpotAttainment == attainment(met: 1, of: 1))
    #expect(metrics.jointAttainment == attainment(met: 1, of: 1))
    let late = try sink([completed(ttft: second + 1)], slo: slo).overall
    #expect(late.ttftAttainment == attainment(met: 0, of: 1))
    #expect(late.tpotAttainment == attainment(met: 1, of: 1))
    #expect(late.jointAttainment == attainment(met: 0, of: 1))
    #expect(late.good == 0)
  }

  @Test func `a fraction of a nanosecond per token above the target is a miss`() throws {
    let slo = ["tpot=1s"]
    let metrics = try sink([completed(decode: 9 * second + 1)], slo: slo).overall
    #expect(metrics.tpotAttainment == attainment(met: 0, of: 1))
  }

  @Test func `a one-token output meets any TPOT target and is not in the TPOT histogram`() throws {
    let metrics = try sink([completed(outputTokens: 1)], slo: ["tpot=1ns"]).overall
    #expect(metrics.tpotAttainment == attainment(met: 1, of: 1))
    #expect(metrics.tpot.count == 0)
  }

  @Test(arguments: [Outcome.rejected, .failed, .cancelled])
  func `a request that did not complete is a miss`(outcome: Outcome) throws {
    var request = completed()
    request.outcome = outcome
    let metrics = try sink([request, completed()], slo: ["ttft=5s,tpot=5s"]).overall
    #expect(metrics.ttftAttainment == attainment(met: 1, of: 2))
    #expect(metrics.jointAttainment == attainment(met: 1, of: 2))
    #expect(metrics.good == 1)
  }

  @Test func `an unfinished request counts only once it has broken a target`() throws {
    func counted(_ request: RequestRecord, _ slo: String) throws -> Int64 {
      try sink([request], slo: [slo]).overall.ttftAttainment.counted
    }
    let waiting = unfinished(firstToken: -1, emitted: 0, horizon: 3 * second)
    #expect(try counted(waiting, "ttft=3s") == 0)
    #expect(try counted(waiting, "ttft=2999ms") == 1)
    // Four tokens, the fifth due: on average 2 s per token so far at best.
    let decoding = unfinished(firstToken: second, emitted: 4, horizon: 9 * second)
    #expect(try counted(decoding, "ttft=1s,tpot=2s") == 0)
    #expect(try counted(decoding, "ttft=1s,tpot=1999ms") == 1)
    #expect(try counted(decoding, "ttft=999ms,tpot=2s") == 1)
  }

  @Test func `requests without an SLO are in no denominator, and completed ones are good`() throws {
    let metrics = try sink([completed()]).overall
    #expect(metrics.ttftAttainment.share == nil)
    #expect(metrics.jointAttainment.counted == 0)
    #expect(metrics.good == 1)
  }

  @Test func `joint attainment counts only requests that have both`() throws {
    var own = completed(1)
    own.tpotSLO = second
    let metrics = try sink([completed(), own], slo: ["ttft=1s"]).overall
    #expect(metrics.ttftAttainment == attainment(met: 2, of: 2))
    #expect(metrics.tpotAttainment == attainment(met: 1, of: 1))
    #expect(metrics.jointAttainment == attainment(met: 1, of: 1))
  }

  @Test func `a row's own targets override its class, and a class overrides all`() throws {
    var own = completed(1)
    own.ttftSLO = 2 * second
    var chat = completed(2)
    chat.requestClass = 1
    let metrics = try sink(
      [completed(), own, chat],
      slo: ["ttft=999ms", "chat:ttft=1s"],
      classes: ["code", "chat"]
    )
    #expect(metrics.classes[0].metrics.ttftAttainment == attainment(met: 1, of: 2))
    #expect(metrics.classes[1].metrics.ttftAttainment == attainment(met: 1, of: 1))
    #expect(metrics.overall.ttftAttainment == attainment(met: 2, of: 3))
  }

  private func attainment(met: Int64, of counted: Int64) -> Attainment {
    var attainment = Attainment()
    attainment.met = met
    attainment.counted = counted
    return attainment
  }
}
