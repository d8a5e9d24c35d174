import Reporting
import Simulation
import Testing
import Workload

extension ComparisonReport {
  /// One table, with a column per summary.
  init(_ summaries: [Summary]) {
    self.init([
      ComparisonTable(trace: "trace.csv", columns: summaries.map { ComparisonColumn([$0]) })
    ])
  }
}

extension ComparisonColumn {
  /// Runs that differ in their seeds.
  init(_ summaries: [Summary], fleet: String = "fleet", policy: String = "default") {
    self.init(
      fleet: fleet,
      policy: policy,
      clairvoyance: .observable,
      objectives: summaries[0].objectives,
      options: summaries[0].description.options,
      window: summaries[0].measured?.window,
      seeds: summaries.indices.map { UInt64($0) },
      runs: summaries.map(\.metricRows)
    )
  }
}

@Suite struct ComparisonTests {
  @Test func `a comparison shows changes against the first`() throws {
    let fast = summary(try sink([completed(ttft: second)]))
    let slow = summary(try sink([completed(ttft: 2 * second)]))
    let text = ComparisonReport([fast, slow]).text
    #expect(!text.contains("failed") && !text.contains("cancelled"))
    let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("TTFT mean") })
    #expect(line.split(separator: " ").joined(separator: " ") == "TTFT mean 1.00 s 2.00 s +100.0 %")
  }

  @Test func `a comparison shows failed and cancelled requests where a run has some`() throws {
    func requests(_ outcome: Outcome) -> [RequestRecord] {
      var other = completed(1)
      other.outcome = outcome
      return [completed(), other]
    }
    for outcome in [Outcome.failed, .cancelled] {
      let runs = try [Outcome.completed, outcome].map { summary(try sink(requests($0))) }
      let lines = ComparisonReport(runs).text.split(separator: "\n")
      let rows = lines.filter { $0.hasPrefix("failed") || $0.hasPrefix("cancelled") }
      #expect(rows.map { $0.split(separator: " ").joined(separator: " ") } == ["\(outcome) 0 1"])
    }
  }

  @Test func `a comparison says what was measured, for each run where it differs`() throws {
    func measured(_ starts: [SimTime]) -> Summary {
      var sink = SummarySink(
        objectives: ServiceObjectives(),
        window: MeasureWindow(start: 5 * second, end: .never)
      ) { [] }
      for start in starts {
        var request = completed(start)
        request.sessionStart = start
        sink.receive(requests: [request])
      }
      return summary(sink)
    }
    let two = measured([0, 5 * second])
    let same = ComparisonReport([two, two]).text
    #expect(same.contains("\nmeasured  1 of 2 requests, 5 s..\nA "))
    let other = ComparisonReport([two, measured([5 * second])]).text
    #expect(other.contains("\nmeasured A  1 of 2 requests, 5 s..\nmeasured B  1 of 1 requests, "))
    #expect(!ComparisonReport([summary(try sink([completed()]))]).text.contains("measured"))
  }

  @Test func `several seeds give the mean and half the range where they differ`() throws {
    let runs = try [1, 2, 6].map { summary(try sink([completed(ttft: $0 * second)])) }
    let table = ComparisonTable(
      trace: "t",
      columns: [ComparisonColumn(Array(runs.prefix(1))), ComparisonColumn(runs)]
    )
    let lines = ComparisonReport([table]).text.split(separator: "\n").map {
      $0.split(separator: " ").joined(separator: " ")
    }
    #expect(lines.contains("TTFT mean 1.00 s 3.00 s ± 2.50 s +200.0 %"))
    #expect(lines.contains("offered 1 1 0.0 %"))
    #expect(lines.contains("options A seed 0, rate × 1.00"))
    #expect(lines.contains("options B seeds 0, 1, 2, rate × 1.00"))
  }

  @Test func `rows that were written and read print alike, in every form`() throws {
    let runs = try [1, 2].map { summary(try sink([completed(ttft: $0 * second)])) }
    let fresh = ComparisonReport(runs)
    var loaded = fresh
    for column in loaded.tables[0].columns.indices {
      loaded.tables[0].columns[column].runs = try fresh.tables[0].columns[column].runs.map {
        try MetricRow.rows(parsing: MetricRow.csv(of: $0), file: "summary.csv")
      }
    }
    #expect(loaded.text == fresh.text)
    #expect(loaded.markdown == fresh.markdown)
    #expect(loaded.json.document == fresh.json.document)
  }

  @Test func `the heading names what columns share, and columns by what they do not`() throws {
    let run = summary(try sink([completed()]))
    func heading(_ names: [(String, String)]) -> [String] {
      let columns = names.map { ComparisonColumn([run], fleet: $0, policy: $1) }
      return ComparisonReport([ComparisonTable(trace: "t", columns: columns)]).text.split(
        separator: "\n"
      )
      .prefix(while: { !$0.hasPrefix(" ") })
      .map { $0.split(separator: " ").joined(separator: " ") }
      .filter { !$0.hasPrefix("options") && !$0.hasPrefix("slo") }
    }
    #expect(heading([("f", "p"), ("f", "q")]) == ["trace t", "fleet f", "A p", "B q"])
    #expect(heading([("f", "p"), ("g", "p")]) == ["trace t", "policy p", "A f", "B g"])
    #expect(heading([("f", "p"), ("g", "q")]) == ["trace t", "A f, p", "B g, q"])
  }

  @Test func `a Markdown table has a cell per column and change`() throws {
    let runs = try [1, 2].map { summary(try sink([completed(ttft: $0 * second)])) }
    let lines = ComparisonReport(runs).markdown.split(separator: "\n")
    #expect(lines.first == "- trace: trace.csv")
    #expect(lines.contains("|  | A | B | v A |"))
    #expect(lines.contains("| --- | ---: | ---: | ---: |"))
    #expect(lines.contains("| TTFT mean | 1.00 s | 2.00 s | +100.0 % |"))
    #expect(lines.last == "| queues | stable | stable |  |")
  }

  @Test func `a name with a line break stays in its line of a Markdown heading`() throws {
    let column = ComparisonColumn([summary(try sink([completed()]))], fleet: "a\nb\r\n- c")
    let markdown = ComparisonReport([ComparisonTable(trace: "t\nu", columns: [column])]).markdown
    #expect(markdown.hasPrefix("- trace: t u\n- fleet: a b - c\n"))
  }
}
