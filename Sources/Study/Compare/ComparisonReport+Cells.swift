import Hardware
public import Policies
public import Reporting
import Simulation

extension ComparisonReport {
  /// The report of a comparison: a table per trace, a column per fleet and set of policies.
  ///
  /// - Parameters:
  ///   - cells: What came of the runs; those of a column stand together.
  ///   - registry: The policies that are named.
  /// - Throws: `PolicyError` for a policy that the registry does not have.
  public init(_ cells: [Comparison.Cell], in registry: PolicyRegistry) throws {
    var tables: [ComparisonTable] = []
    var last: RunPlan?
    for cell in cells {
      let plan = cell.plan
      let isNewTable = last?.trace != plan.trace
      if isNewTable { tables.append(ComparisonTable(trace: plan.trace.name, columns: [])) }
      let table = tables.count - 1
      if isNewTable || last?.fleet.name != plan.fleet.name || last?.policy != plan.policy {
        tables[table].columns.append(try ComparisonColumn(plan, in: registry))
      }
      let column = tables[table].columns.count - 1
      tables[table].columns[column].seeds.append(plan.options.seed)
      tables[table].columns[column].runs.append(cell.rows)
      last = plan
    }
    self.init(tables)
  }
}

extension ComparisonColumn {
  /// A column without runs.
  fileprivate init(_ plan: RunPlan, in registry: PolicyRegistry) throws {
    self.init(
      fleet: plan.fleet.name,
      policy: plan.policyName,
      clairvoyance: try plan.policy.resolve(in: registry).clairvoyance,
      objectives: plan.objectives,
      options: RunOptionsText(plan.options, spreadTies: plan.trace.spreadTies),
      window: plan.options.window,
      seeds: [],
      runs: []
    )
  }
}
