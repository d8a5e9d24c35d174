import Foundation
import Reporting
import Simulation
import Testing
import Workload

@Suite struct DatasetSchemaTests {
  @Test func `columns have names of their own, units that names end in, and a meaning`() {
    #expect(
      DatasetSchema.tables.map(\.name)
        == ["requests", "sessions", "instances", "timeline", "summary"]
    )
    for table in DatasetSchema.tables {
      let names = table.columns.map(\.name)
      #expect(Set(names).count == names.count)
      #expect(names.allSatisfy { $0.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "_" } })
      for column in table.columns {
        #expect(
          column.name.hasSuffix("_seconds") == column.unit.hasSuffix("seconds"),
          "\(column.name)"
        )
        #expect(column.name.hasSuffix("_bytes") == (column.unit == "bytes"), "\(column.name)")
        #expect(column.summary.hasSuffix(".") || column.summary.hasSuffix(","))
        #expect(!column.summary.contains("|"))
      }
    }
  }

  @Test func `the package describes every column of every file`() throws {
    let text = DatasetSchema.package(title: "a \"title\"").document
    let package = try JSONValue(parsing: Array(text.utf8))
    #expect(package["title"]?.text == "a \"title\"")
    #expect(package["profile"]?.text == "tabular-data-package")
    guard case .array(let resources)? = package["resources"] else {
      Issue.record("no resources")
      return
    }
    #expect(resources.compactMap { $0["path"]?.text } == DatasetSchema.tables.map(\.file))
    for (resource, table) in zip(resources, DatasetSchema.tables) {
      #expect(resource["compression"]?.text == (table.file.hasSuffix(".zst") ? "zst" : nil))
      guard case .array(let fields)? = resource["schema"]?["fields"] else {
        Issue.record("no fields of \(table.name)")
        return
      }
      #expect(fields.compactMap { $0["name"]?.text } == table.columns.map(\.name))
      #expect(fields.compactMap { $0["type"]?.text } == table.columns.map(\.kind.rawValue))
      #expect(fields.compactMap { $0["description"]?.text } == table.columns.map(\.summary))
    }
  }

  @Test func `every metric of a summary is on the page`() throws {
    var run = SampleRun(requests: [completed()], slo: ["ttft=1s,tpot=1s"])
    run.requests[0].reason = 1
    for row in try run.summary().metricRows {
      #expect(DatasetSchema.markdown.contains("| `\(row.metric)` | \(row.unit) |"))
    }
  }

  @Test func `the page of the notebooks is this program's`() throws {
    let file = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "notebooks-data/DATASET.md")
    if ProcessInfo.processInfo.environment["RECORD_DOCS"] == "1" {
      try Data(DatasetSchema.markdown.utf8).write(to: file)
    }
    let page = try String(contentsOf: file, encoding: .utf8)
    #expect(page == DatasetSchema.markdown, "RECORD_DOCS=1 writes it anew")
  }
}
