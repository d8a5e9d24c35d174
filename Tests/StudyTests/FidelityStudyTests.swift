import Hardware
import Policies
import Simulation
import Testing
import Workload

@testable import Study

@Suite struct FidelityStudyTests {
  private static let loop = ClosedLoop(
    clients: 7,
    rounds: 6,
    promptTokens: 1_000,
    outputTokens: 100,
    leastPromptShare: 0.8,
    leastOutputShare: 1,
    key: 42
  )

  @Test func `clients wait for their last request, and lengths are spread as asked`() throws {
    let trace = Self.loop.trace(named: "t")
    let group = try #require(trace.groups.first)
    #expect(group.count == 7 * 6)
    #expect(group.outputTokens.allSatisfy { $0 == 100 })
    #expect(group.promptTokens.allSatisfy { (800...1_000).contains($0) })
    #expect(Set(group.promptTokens).count > 30)
    let mean = Double(group.promptTokens.reduce(0, +)) / Double(group.count)
    #expect(abs(mean - 900) < 30)
    for (index, edge) in group.edges.enumerated() {
      #expect(edge.parentRecord == Int64(index) && edge.delay == 0)
    }
    var other = Self.loop
    other.key = 43
    #expect(other.trace(named: "t").groups.first?.promptTokens != group.promptTokens)
  }

  @Test func `one client sees the cost of its own steps`() throws {
    var loop = Self.loop
    (loop.clients, loop.leastPromptShare) = (1, 1)
    let row = try #require(try FidelityRows.read(FidelityRows.text).first)
    let deployment = try RowDeployment(
      row,
      in: RowCatalogue(naming: [row]),
      profile: .catalogue
    )
    let costs = try #require(deployment.fleet.pools.first).kind.costs
    let latencies = try loop.latencies(
      on: deployment.fleet,
      policies: PolicyChoice.defaults.resolve()
    )
    let prompt =
      costs.prefillPass(tokens: 1_000, decodeBatch: 0).time
      + costs.prefillAttention(newTokens: 1_000, pastTokens: 0).time
    #expect(latencies.completed == 6)
    let firstToken = try #require(latencies.timeToFirstToken)
    #expect(abs(firstToken - Double(prompt) * 0x1p-32) < 2)
    let shape = try #require(deployment.fleet.pools.first).kind.kv
    let step = costs.decodeStep(batch: 1, kvBytes: Double(shape.bytes(tokens: 1_050))).time
    let tokenTime = try #require(latencies.timePerOutputToken)
    #expect(abs(tokenTime / (Double(step) * 0x1p-32) - 1) < 0.01)
  }

  @Test func `predictions do not depend on threads, and say why there is none`() throws {
    let rows = try FidelityRows.read(FidelityRows.text)
    let one = try FidelityStudy(rows, profile: .catalogue, threads: 1)
    let many = try FidelityStudy(rows, profile: .catalogue, threads: 4)
    #expect(one.cells == many.cells)
    #expect(one.csv == many.csv && one.svg == many.svg)
    let lines = one.csv.split(separator: "\n")
    #expect(lines.count == rows.count + 1)
    #expect(lines[0] == "row_id,predicted_ttft_ms,predicted_tpot_ms,profile,status")
    #expect(lines.dropLast().dropFirst().allSatisfy { $0.hasSuffix(",catalogue,predicted") })
    #expect(lines.last == "other,,,catalogue,unknown model no-such-model")
    let report = FidelityReport(one.cells)
    #expect(report.overall.timePerOutputToken.count == 20)
    #expect(report.overall.timePerOutputToken.missing == 1)
    #expect(report.text.contains("unknown model no-such-model"))
    let shown = report.groups.first { $0.grouping == .mode }?.lines.map(\.name)
    #expect(shown == ["aggregated", "disaggregated"])
    #expect(one.svg.split(separator: "<circle").count > 30)
  }

  @Test func `more load means longer steps, and more chips shorter ones`() throws {
    let rows = try FidelityRows.read(FidelityRows.text)
    let cells = try FidelityStudy(rows, profile: .catalogue, threads: 2).cells
    func tokenTime(_ name: String) throws -> Double {
      let cell = try #require(cells.first { $0.row.id == name })
      return try #require(cell.prediction.timePerOutputToken)
    }
    #expect(try tokenTime("r1-1024-16") > tokenTime("r1-1024-1"))
    #expect(try tokenTime("r4-1024-1") < tokenTime("r1-1024-1"))
    #expect(try tokenTime("r1-2048-16") > tokenTime("r1-1024-16"))
  }

  @Test func `weights that do not fit are given the memory that they must have had`() throws {
    let line = "big,aggregated,llama-3.1-70b,h100,vllm,bf16,1024,128,4,1,1,1,,,,,40,6\n"
    let row = try #require(try FidelityRows.read(FidelityRows.header + "\n" + line).first)
    let catalogue = RowCatalogue(naming: [row])
    let deployment = try RowDeployment(row, in: catalogue, profile: .catalogue)
    let kind = try #require(deployment.fleet.pools.first).kind
    #expect(kind.kvCapacityUnits == kind.kv.units(tokens: 1_152))
    #expect(deployment.notes.count == 1)
    let cell = try FidelityStudy([row], profile: .catalogue, threads: 1).cells.first
    #expect(cell?.prediction.status.hasPrefix("predicted; mixed: usable memory × ") == true)
    #expect(cell?.prediction.timePerOutputToken != nil)
  }

  @Test func `constants of a profile are those of the steps`() throws {
    let row = try #require(try FidelityRows.read(FidelityRows.text).first)
    var slow = FittedConstants()
    slow[.hostTime] = 0.01
    let profile = Profile(
      name: "slow",
      levels: [Profile.Level(scope: .global, constants: slow, rows: 1)]
    )
    let cell = try FidelityStudy([row], profile: profile, threads: 1).cells.first
    let plain = try FidelityStudy([row], profile: .catalogue, threads: 1).cells.first
    let difference =
      try #require(cell?.prediction.timePerOutputToken)
      - #require(plain?.prediction.timePerOutputToken)
    #expect(abs(difference - (0.01 - RooflineConstants().hostTime.value)) < 0.1e-3, "\(difference)")
  }
}
