import ArgumentParser
import Policies
import Reporting

struct ColumnsCommand: ReplayCommand {
  static let configuration = CommandConfiguration(
    commandName: "columns",
    abstract: "List the columns of exported requests.",
    discussion: """
      'replay run TRACE --requests FILE.csv.zst' writes one row per offered request, in the order \
      in which requests leave the engine. Instants are in seconds since the first arrival. A cell \
      is empty where the request did not get that far.
      """
  )

  func run(in registry: PolicyRegistry) throws {
    var table = TextTable(leftColumns: 3)
    table.append(["column", "unit", "meaning"])
    for column in RequestColumn.all { table.append([column.name, column.unit, column.summary]) }
    try StandardOutput.write(table.text)
  }
}
