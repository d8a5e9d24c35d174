extension DatasetSchema {
  /// A page about every column and metric.
  public static var markdown: String {
    var lines = [
      "# The dataset of a run",
      "",
      "`replay run TRACE --out FOLDER` writes these files, always all of them. Times are seconds with",
      "9 decimals, printed from whole nanoseconds, so equal runs give equal bytes. A cell without a",
      "value is empty. This page is generated from the columns' own descriptions.",
      "",
      "The two largest tables are compressed by zstd, which pandas, Polars and DuckDB read as they are.",
      "The Frictionless Framework does not support this compression: `zstd -d` unpacks them for it.",
      "",
      "| file | content |",
      "|---|---|",
    ]
    lines += tables.map { "| [`\($0.file)`](#\($0.name)) | \($0.summary) |" }
    lines += [
      "| `\(packageFile)` | The columns' types, units and meanings, as a Frictionless Data Package. |",
      "| `\(manifestFile)` | What was run: enough to run it again. |",
    ]
    for table in tables { lines += section(table) }
    lines += ["", "## metrics", "", "The rows of `\(SummaryTable.schema.file)`."]
    for group in metrics { lines += section(group) }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func section(_ table: TableSchema) -> [String] {
    [
      "", "## \(table.name)", "", table.summary, "", "| column | type | unit | meaning |",
      "|---|---|---|---|",
    ]
      + table.columns.map { column in
        "| `\(column.name)` | \(column.kind.rawValue) | \(column.unit) | \(column.summary) |"
      }
  }

  private static func section(_ group: MetricGroup) -> [String] {
    ["", "\(group.title):", "", "| metric | unit | meaning |", "|---|---|---|"]
      + group.metrics.map { "| `\($0.name)` | \($0.unit) | \($0.summary) |" }
  }

  /// Metrics of one kind of thing.
  private struct MetricGroup {
    let title: String
    let metrics: [(name: String, unit: String, summary: String)]

    init<Source>(_ title: String, _ metrics: [SummaryMetric<Source>]) {
      self.title = title
      self.metrics = metrics.map { ($0.name, $0.unit, $0.summary) }
    }
  }

  private static var metrics: [MetricGroup] {
    [
      MetricGroup("Of the run", SummaryMetric.run),
      MetricGroup("Of all requests, and again of each class", SummaryMetric.requests),
      MetricGroup("Per reason", [SummaryMetric.reason]),
      MetricGroup("Of the sessions of a closed loop", SummaryMetric.sessions),
      MetricGroup("Of each pool", SummaryMetric.pools),
    ]
  }
}
