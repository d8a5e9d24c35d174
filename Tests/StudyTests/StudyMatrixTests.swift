import Hardware
import Policies
import Reporting
import Simulation
import Testing
import Workload

@testable import Study

@Suite struct StudyMatrixTests {
  @Test func `runs come by trace, fleet, policies and seed, each once`() throws {
    let matrix = try StudyMatrix(
      traces: ["b.csv", "a.csv", "b.csv"].map { TraceSource(path: $0) },
      fleets: ["b200-pd", "b200-mixed", "b200-pd"].map { try FleetText($0) },
      policies: ["default", "order=sjf", "order=fcfs"].map { try .parse($0) },
      seeds: [3, 1, 3]
    )
    #expect(matrix.count == 16)
    let plans = try matrix.plans(
      objectives: ServiceObjectives(),
      options: RunOptions(),
      load: nil
    )
    #expect(plans.count == 16)
    #expect(Set(plans.map(\.folder)).count == 16)
    #expect(
      plans.prefix(4).map(\.folder) == [
        "trace=b.csv/fleet=b200-pd/policy=default/seed=3",
        "trace=b.csv/fleet=b200-pd/policy=default/seed=1",
        "trace=b.csv/fleet=b200-pd/policy=order%3Dsjf/seed=3",
        "trace=b.csv/fleet=b200-pd/policy=order%3Dsjf/seed=1",
      ]
    )
    #expect(plans.last?.folder == "trace=a.csv/fleet=b200-mixed/policy=order%3Dsjf/seed=1")
  }

  @Test func `what is unsafe in paths is encoded byte by byte`() {
    #expect(RunPlan.encoded("a-Z_0.9") == "a-Z_0.9")
    #expect(RunPlan.encoded("order=sjf admit=x:y/z") == "order%3Dsjf%20admit%3Dx%3Ay%2Fz")
    #expect(RunPlan.encoded("é%\n") == "%C3%A9%25%0A")
  }

  @Test func `a value that is too long for a folder ends in a digest`() throws {
    let long = String(repeating: "abc ", count: 100)
    let names = [RunPlan.encoded(long), RunPlan.encoded(long + "!")].map(RunPlan.shortened)
    for name in names {
      #expect((190...200).contains(name.utf8.count))
      #expect(name.hasPrefix("abc%20abc%20") && name.count(where: { $0 == "-" }) == 1)
      #expect(!name.contains("%-") && !name.contains("%2-"))
    }
    #expect(names[0] != names[1])
    for cut in 0..<4 {
      let name = RunPlan.shortened(String(repeating: "x", count: cut) + RunPlan.encoded(long))
      #expect(!name.contains("%-") && !name.contains("%2-"))
    }
    let short = String(repeating: "x", count: 200)
    #expect(RunPlan.shortened(short) == short)
  }

  @Test func `different traces of one name are refused`() throws {
    let fleet = try FleetText("b200-pd")
    #expect(
      throws: StudyError.sameName(what: "trace", name: "x.csv", first: "a/x.csv", second: "b/x.csv")
    ) {
      try StudyMatrix(
        traces: ["a/x.csv", "b/x.csv"].map { TraceSource(path: $0) },
        fleets: [fleet],
        policies: [.defaults],
        seeds: [0]
      )
    }
    let other = try FleetText(fleet.text + "# other\n", file: "mine.yaml")
    #expect(
      throws: StudyError.sameName(
        what: "fleet",
        name: "b200-pd",
        first: "b200-pd.yaml",
        second: "mine.yaml"
      )
    ) {
      try StudyMatrix(
        traces: [TraceSource(path: "x.csv")],
        fleets: [fleet, other],
        policies: [.defaults],
        seeds: [0]
      )
    }
  }

  @Test func `a load is resolved for each trace and fleet`() throws {
    let trace = TraceSource(path: TestTraces.bundledChat.path)
    let fleets = try ["b200-pd", "llama8b-32x16"].map { try FleetText($0) }
    let plans = try StudyMatrix(
      traces: [trace],
      fleets: fleets,
      policies: [.defaults],
      seeds: [0, 1]
    )
    .plans(objectives: ServiceObjectives(), options: RunOptions(), load: 0.5)
    #expect(plans[0].options.rateScale == plans[1].options.rateScale)
    #expect(plans[0].options.rateScale != plans[2].options.rateScale)
    for plan in plans {
      let busiest = try #require(plan.estimatedUtilization?.max())
      #expect(abs(busiest - 0.5) < 1e-9)
    }
  }

  @Test(arguments: [1, 2, 5])
  func `a comparison does not depend on the number of threads`(threads: Int) throws {
    var options = RunOptions()
    options.limit = 200
    let plans = try StudyMatrix(
      traces: [TraceSource(path: TestTraces.bundledChat.path)],
      fleets: [try FleetText("b200-pd")],
      policies: ["default", "round-robin", "vllm-v0", "sarathi"].map { try .parse($0) },
      seeds: [0]
    )
    .plans(objectives: ServiceObjectives(), options: options, load: 0.9)
    let alone = try plans.map { try $0.run(in: .standard).summary() }
    let cells = try Comparison(plans, threads: threads).cells()
    #expect(cells.map(\.plan.policyName) == plans.map(\.policyName))
    #expect(cells.map(\.summary?.resultDigest) == alone.map(\.resultDigest))
    #expect(cells.map(\.summary?.summaryDigest) == alone.map(\.summaryDigest))
    #expect(cells.map(\.rows) == alone.map(\.metricRows))
  }

  @Test func `a comparison throws the error of the first run that fails`() throws {
    let plans = try ["/nonexistent/a.csv", "/nonexistent/b.csv"].map { path in
      RunPlan(trace: TraceSource(path: path), fleet: try FleetText("b200-pd"), policy: .defaults)
    }
    let error = #expect(throws: TraceError.self) { try Comparison(plans, threads: 2).cells() }
    #expect(error?.kind == .noSuchFile)
    #expect(error?.file == "/nonexistent/a.csv")
  }
}
