import Foundation
import Hardware
import Reporting
import Simulation
import Testing
import Workload

/// What a summary says only where a run has it.
@Suite struct RareFactsTests {
  @Test func `hand-offs, swaps, held requests and turns that were not due are counted`() throws {
    var (layerWise, fellBack, held) = (completed(0), completed(1), completed(2))
    layerWise.handoff = .layerWise
    layerWise.preemptions = 3
    layerWise.swaps = 2
    fellBack.handoff = .fellBack
    held.handoff = .blocking
    held.stages.gateway = 5
    var result = RunResult()
    result.notDue = 1_234
    let summary = summary(try sink([layerWise, fellBack, held]), result: result)
    for line in [
      "1 × held at the gateway", "1 × handed off layer by layer",
      "1 × fell back to a blocking hand-off for want of decode memory",
      "2 × preempted by moving KV to host memory",
      "1,234 × not due before the end of the run, so not offered",
    ] {
      #expect(summary.text.contains(line + "\n"))
    }
    let object = try json(summary)
    for (key, count) in [
      ("held", 1), ("layerWiseHandOffs", 1), ("fallenBackHandOffs", 1), ("swaps", 2),
      ("notDue", 1_234),
    ] {
      #expect(object[key] as? Int == count, "\(key)")
    }
  }

  @Test func `a run without them says nothing of them`() throws {
    let text = summary(try sink([completed()])).text
    for word in ["held", "layer", "fell back", "swap", "not due", "speculation", "loop", "lag"] {
      #expect(!text.contains(word), "\(word)")
    }
  }

  @Test func `the digest tells them apart`() throws {
    var digests: Set<UInt128> = [try sink([completed()]).digest]
    for change: (inout RequestRecord) -> Void in [
      { $0.handoff = .layerWise }, { $0.handoff = .fellBack }, { $0.swaps = 1 },
      { $0.stages.gateway = 1 },
    ] {
      var request = completed()
      change(&request)
      digests.insert(try sink([request]).digest)
    }
    #expect(digests.count == 5)
  }

  @Test func `bytes that preemptions swapped stand under the pools`() throws {
    var totals = InstanceTotals()
    totals.bytesSwappedOut = 1_230_000_000
    totals.bytesSwappedIn = 999
    var result = RunResult()
    result.instances = [totals, totals]
    let summary = summary(try sink([]), result: result)
    #expect(summary.text.contains("all: 2.46 GB of KV swapped to host memory, 2.00 kB back\n"))
    #expect(summary.pools.first?.bytesSwappedIn == 1_998)
  }

  @Test func `speculation is named, and its KV is read once for all tokens of a step`() throws {
    var totals = InstanceTotals()
    totals.decodeSteps = 10
    totals.decodeTokens = 10
    totals.unitsRead = 1_000
    var result = RunResult()
    result.end = second
    result.instances = [totals]
    var fleet = fleet(instances: 1)
    let plain = Summary(
      description: description(),
      fleet: fleet,
      result: result,
      sink: try sink([])
    )
    fleet.acceptedTokensPerStep = 2.4
    let summary = Summary(
      description: description(),
      fleet: fleet,
      result: result,
      sink: try sink([])
    )
    let line =
      "speculation  2.4 tokens per step (TPOT right on average; ITL burstiness is not modelled)\n"
    #expect(summary.text.contains(line))
    #expect(try json(summary)["acceptedTokensPerStep"] as? Double == 2.4)
    let (before, after) = (plain.pools[0], summary.pools[0])
    #expect(before.computeShare == after.computeShare)
    #expect(abs((before.bandwidthShare ?? 0) / (after.bandwidthShare ?? 1) - 2.4) < 1e-12)
  }

  @Test func `options that are not the default are repeated`() throws {
    var options = RunOptions()
    options.loop = .closed
    options.viewLag = 100 * millisecond
    let text = RunOptionsText(options, spreadTies: second)
    let summary = Summary(
      description: description(text),
      fleet: fleet(),
      result: RunResult(),
      sink: try sink([])
    )
    #expect(
      summary.text.contains(
        "options  seed 0, rate × 1.00, closed loop, view lag 100ms, ties spread over 1s\n"
      )
    )
    let object = try json(summary)
    #expect(object["loop"] as? String == "closed")
    #expect(object["viewLagSeconds"] as? Double == 0.1)
    #expect(object["spreadTiesSeconds"] as? Double == 1)
  }

  private func description(
    _ options: RunOptionsText = RunOptionsText(RunOptions())
  ) -> RunDescription {
    RunDescription(
      trace: "t",
      fleet: "unit",
      policy: "default",
      clairvoyance: .observable,
      options: options
    )
  }

  private func json(_ summary: Summary) throws -> [String: Any] {
    let object = try JSONSerialization.jsonObject(with: Data(summary.json.document.utf8))
    return try #require(object as? [String: Any])
  }
}
