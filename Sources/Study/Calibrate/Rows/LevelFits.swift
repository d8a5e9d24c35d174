import Hardware

extension RowsFit {
  /// Constants of all levels, in logarithms, and which runs speculate.
  struct Fits {
    let top: [Double]
    private var classes: [(engineClass: EngineClass, values: [Double])] = []
    private var stacks: [FittedStack] = []
    private var speculating: Set<MeasuredRun> = []

    /// - Parameters:
    ///   - fit: All points.
    ///   - seen: Those that the levels above stacks are fitted to.
    ///   - earlier: What an earlier fit found, to start from and to keep close to.
    init(_ fit: RowsFit, seen: [Point], after earlier: Fits?) {
      let free = fit.freedoms.map { _ in RowsFit.freeDeviation }
      let near = fit.freedoms.map(\.amongEngines)
      let found = earlier?.speculating ?? []
      let start = earlier?.top ?? fit.logarithms(FittedConstants())
      let top = fit.fit(seen, speculating: found, prior: start, deviation: free).parameters
      self.top = top
      for engineClass in Set(fit.wanted.map(\.engineClass)).sorted(by: { $0.text < $1.text }) {
        let members = seen.filter { $0.stack.engineClass == engineClass }
        let values =
          members.isEmpty
          ? top : fit.fit(members, speculating: found, prior: top, deviation: near).parameters
        classes.append((engineClass, values))
      }
      for stack in fit.wanted {
        let above = classes.first { $0.engineClass == stack.engineClass }?.values ?? top
        let prior = earlier.flatMap { Relatives($0.stacks, of: stack).constants } ?? above
        let search = RunSearch(
          fit: fit,
          members: fit.points.filter { $0.stack == stack },
          prior: prior
        )
        let (values, runs) = search.result(from: found)
        speculating.formUnion(runs)
        stacks.append(
          FittedStack(
            stack: stack,
            values: values,
            rows: search.members.count,
            error: search.error(values, runs)
          )
        )
      }
    }

    /// The levels as a profile has them.
    func levels(of fit: RowsFit) -> [Profile.Level] {
      var levels = [fit.level(.global, top, rows: fit.points.count)]
      for (engineClass, values) in classes {
        let rows = fit.points.count { $0.stack.engineClass == engineClass }
        levels.append(fit.level(.engineClass(engineClass), values, rows: rows))
      }
      for fitted in stacks {
        let members = fit.points.filter { $0.stack == fitted.stack }
        var level = fit.level(.stack(fitted.stack), fitted.values, rows: fitted.rows)
        if members.contains(where: \.canSpeculate) {
          level.runs = RowsFit.runs(of: members).map { run in
            Profile.Run(
              engineVersion: run.engineVersion,
              measuredOn: run.measuredOn,
              layout: run.layout,
              speculates: speculating.contains(run)
            )
          }
        }
        levels.append(level)
      }
      return levels
    }
  }

  /// The runs of some points, by version, day and layout.
  static func runs(of points: [Point]) -> [MeasuredRun] {
    Set(points.map(\.run)).sorted {
      ($0.engineVersion, $0.measuredOn, $0.layout) < ($1.engineVersion, $1.measuredOn, $1.layout)
    }
  }
}

/// Finds the constants of a stack together with which of its runs speculate.
///
/// Nothing in the rows says so, but it shows: rows of such a run are faster than those of others by
/// one factor. A run is taken to speculate where that lowers the sum of errors by more than a penalty.
struct RunSearch {
  let fit: RowsFit
  let members: [RowsFit.Point]
  let prior: [Double]

  /// What a run has to lower the sum of errors by; the sum is about one per row that is off by as much
  /// as rows that are measured twice.
  private static let penalty = 2.0
  /// From how many sets of runs the search starts at most, and how often it reconsiders each.
  private static let mostStarts = 6
  private static let mostRounds = 4

  /// The constants, in logarithms, and the runs that speculate.
  ///
  /// - Parameter found: Runs that have been found so far; a further start.
  /// - Returns: Both; the prior where there are no rows.
  func result(from found: Set<MeasuredRun>) -> ([Double], Set<MeasuredRun>) {
    guard !members.isEmpty else { return (prior, []) }
    let deviation = fit.freedoms.map(\.amongStacks)
    guard members.contains(where: \.canSpeculate) else {
      let result = fit.fit(members, speculating: [], prior: prior, deviation: deviation)
      return (result.parameters, [])
    }
    let runs = RowsFit.runs(of: members)
    let order = bySlackness(runs)
    let step = max(1, (runs.count + Self.mostStarts - 1) / Self.mostStarts)
    var starts = stride(from: 0, through: runs.count, by: step).map { Set(order[..<$0]) }
    let mine = found.intersection(runs)
    if !mine.isEmpty { starts.append(mine) }
    var best: (parameters: [Double], runs: Set<MeasuredRun>, cost: Double)?
    for start in starts {
      let result = descend(from: start, among: runs, deviation)
      if result.cost < best?.cost ?? .infinity { best = result }
    }
    return best.map { ($0.parameters, $0.runs) } ?? (prior, [])
  }

  /// Median of |ln (predicted ÷ measured)| over the rows; 0 without any.
  func error(_ values: [Double], _ runs: Set<MeasuredRun>) -> Double {
    let errors = members.map { point in
      fit.error(of: point, values, speculates: runs.contains(point.run)).magnitude
    }
    return Quantiles(errors)?.median ?? 0
  }

  /// The runs that plain steps are too slow for come first.
  private func bySlackness(_ runs: [MeasuredRun]) -> [MeasuredRun] {
    let deviation = fit.freedoms.map(\.amongStacks)
    let plain = fit.fit(members, speculating: [], prior: prior, deviation: deviation)
    let slack = runs.map { run in
      let errors = members.filter { $0.run == run }
        .map { fit.error(of: $0, plain.parameters, speculates: false) }
      return Quantiles(errors)?.median ?? 0
    }
    return runs.indices.sorted { (slack[$1], $0) < (slack[$0], $1) }.map { runs[$0] }
  }

  private func descend(
    from start: Set<MeasuredRun>,
    among runs: [MeasuredRun],
    _ deviation: [Double]
  ) -> (parameters: [Double], runs: Set<MeasuredRun>, cost: Double) {
    func result(_ speculating: Set<MeasuredRun>) -> ([Double], Set<MeasuredRun>, Double) {
      let result = fit.fit(members, speculating: speculating, prior: prior, deviation: deviation)
      return (
        result.parameters, speculating, result.cost + Self.penalty * Double(speculating.count)
      )
    }
    var best = result(start)
    for _ in 0..<Self.mostRounds {
      let chosen = choose(among: runs, best.0)
      if chosen == best.1 { break }
      let next = result(chosen)
      guard next.2 < best.2 else { break }
      best = next
    }
    return best
  }

  /// The runs that speculation explains better under some constants.
  private func choose(among runs: [MeasuredRun], _ values: [Double]) -> Set<MeasuredRun> {
    Set(
      runs.filter { run in
        let rows = members.filter { $0.run == run }
        let costs = [false, true].map { flag in
          rows.reduce(0.0) { sum, row in
            sum + LeastSquares.cost(of: fit.error(of: row, values, speculates: flag))
          }
        }
        return costs[1] + Self.penalty < costs[0]
      }
    )
  }
}
