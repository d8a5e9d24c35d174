public import Hardware
import Reporting
public import Workload

/// What becomes of errors when one thing is taken as it was measured, or as if nothing were known of
/// it: where the rest of an error comes from.
public struct FidelityTerms: Sendable {
  /// What is taken otherwise.
  public enum Term: String, Sendable, CaseIterable {
    case nothing = "as predicted"
    case fittingRecipes = "of recipes left open, the one that fits"
    case measuredSteps = "first tokens wait for measured steps"
    case noRecipes = "no recipes: what labels say"
    case equalVersions = "versions of an engine alike"
    case noDelays = "no delay of first tokens"
    case catalogueConstants = "constants of the catalogue"
  }

  /// In the order of the terms; cells in the order of the rows.
  public let results: [(term: Term, cells: [FidelityStudy.Cell])]

  /// Replays every row once per term.
  ///
  /// - Parameters:
  ///   - rows: The measurements.
  ///   - profile: The constants.
  ///   - threads: How many rows are replayed at the same time; no result depends on it.
  ///   - progress: Is told of rows.
  /// - Throws: `PolicyError` for a policy that the registry does not have.
  public init(
    _ rows: [MeasuredRow],
    profile: Profile,
    threads: Int,
    progress: RunProgress? = nil
  ) throws {
    let bench = TermBench(
      catalogue: RowCatalogue(naming: rows),
      labels: RowCatalogue(naming: rows, recipes: .empty),
      schedulers: try RowSchedulers()
    )
    let terms = Term.allCases
    let cells = try Parallel.map(rows.count * terms.count, threads: threads) { index in
      let (term, row) = (terms[index / rows.count], rows[index % rows.count])
      progress?.start(index, row.id)
      defer { progress?.finish(index) }
      return bench.cell(row, term, profile)
    }
    results = terms.enumerated().map { position, term in
      (term, Array(cells[position * rows.count..<(position + 1) * rows.count]))
    }
  }

  /// A table with a line per term, for people.
  public var text: String {
    var table = TextTable()
    table.append(["", "aggregated", "", "", "", "disaggregated"])
    table.append(["", "TPOT", "", "TTFT", "", "TPOT", "", "TTFT"])
    table.append(["|predicted ÷ measured − 1|"] + (0..<4).flatMap { _ in ["median", "p90"] })
    for (term, cells) in results {
      let fields = MeasuredRow.Mode.allCases.flatMap { mode in
        let line = FidelityReport.Line("", cells.filter { $0.row.mode == mode })
        return [line.timePerOutputToken, line.timeToFirstToken].flatMap {
          [FidelityScore.percent($0.median), FidelityScore.percent($0.ninetieth)]
        }
      }
      table.append([term.rawValue] + fields)
    }
    return table.text
  }

  public var json: JSONValue {
    .object(
      results.map { term, cells in
        let modes = MeasuredRow.Mode.allCases.map { mode in
          let line = FidelityReport.Line("", cells.filter { $0.row.mode == mode })
          return (mode.rawValue, line.json)
        }
        return (term.rawValue, .object(modes))
      }
    )
  }
}

/// What replays under terms need.
private struct TermBench: Sendable {
  let catalogue: RowCatalogue
  /// Without recipes.
  let labels: RowCatalogue
  let schedulers: RowSchedulers

  func cell(
    _ row: MeasuredRow,
    _ term: FidelityTerms.Term,
    _ profile: Profile
  ) -> FidelityStudy.Cell {
    let prediction: RowPrediction
    do throws(UnpredictableRow) {
      prediction = try predict(row, term, profile)
    } catch {
      prediction = RowPrediction(id: row.id, status: error.description)
    }
    return FidelityStudy.Cell(row: row, prediction: prediction, stack: nil)
  }

  private func predict(
    _ row: MeasuredRow,
    _ term: FidelityTerms.Term,
    _ profile: Profile
  ) throws(UnpredictableRow) -> RowPrediction {
    let candidates = try RowSetup.candidates(row, in: term == .noRecipes ? labels : catalogue)
    let profile = altered(profile, term)
    guard term == .fittingRecipes else {
      let accepted = candidates[0].speculation?.accepted ?? 1
      let step = term == .measuredSteps ? row.timePerOutputToken.map { $0 * accepted } : nil
      return try predict(candidates[0], profile, stepSeconds: step)
    }
    var best = try predict(candidates[0], profile)
    for setup in candidates.dropFirst() {
      let other = try predict(setup, profile)
      if distance(other, row) < distance(best, row) { best = other }
    }
    return best
  }

  private func predict(
    _ setup: RowSetup,
    _ profile: Profile,
    stepSeconds: Double? = nil
  ) throws(UnpredictableRow) -> RowPrediction {
    try RowReplay().predict(
      setup,
      profile: profile,
      schedulers: schedulers,
      stepSeconds: stepSeconds
    )
  }

  /// How far a predicted time per output token is from the measured one; 0 where either lacks.
  private func distance(_ prediction: RowPrediction, _ row: MeasuredRow) -> Double {
    guard let predicted = prediction.timePerOutputToken, let measured = row.timePerOutputToken
    else {
      return 0
    }
    return (predicted / measured - 1).magnitude
  }

  private func altered(_ profile: Profile, _ term: FidelityTerms.Term) -> Profile {
    var profile = profile
    switch term {
    case .equalVersions:
      for index in profile.versions.indices { profile.versions[index].layerFactor = 1 }
    case .noDelays:
      for index in profile.versions.indices { profile.versions[index].firstToken = nil }
    case .catalogueConstants: profile.levels = []
    case .nothing, .fittingRecipes, .measuredSteps, .noRecipes: break
    }
    return profile
  }
}
