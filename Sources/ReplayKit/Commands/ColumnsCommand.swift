import ArgumentParser
import Policies
import Reporting

struct ColumnsCommand: ReplayCommand {
  static let configuration = CommandConfiguration(
    commandName: "columns",
    abstract: "List the tables of a dataset and their columns.",
    discussion: """
      'replay run TRACE --out FOLDER' writes a dataset. Instants are in seconds since the first \
      arrival. A cell is empty where there is no value, such as that of a request that did not get \
      that far.
      """
  )

  @Argument(help: "The table; all of them unless given.")
  var table: String?

  @Flag(help: "Print the page about all tables and metrics, in Markdown.")
  var markdown = false

  func run(in registry: PolicyRegistry) throws {
    if markdown {
      guard table == nil else { throw UsageError("--markdown is of all tables; name none") }
      return try StandardOutput.write(DatasetSchema.markdown)
    }
    let texts = try tables.map { table in
      var text = TextTable(leftColumns: 4)
      text.append(["column", "type", "unit", "meaning"])
      for column in table.columns {
        text.append([column.name, column.kind.rawValue, column.unit, column.summary])
      }
      return "\(table.file): \(table.summary)\n" + text.text
    }
    try StandardOutput.write(texts.joined(separator: "\n"))
  }

  private var tables: [TableSchema] {
    get throws(UsageError) {
      guard let table else { return DatasetSchema.tables }
      let found = DatasetSchema.tables.filter { $0.name == table }
      guard found.isEmpty else { return found }
      throw UsageError(unknown: "table", table, known: DatasetSchema.tables.map(\.name))
    }
  }
}
