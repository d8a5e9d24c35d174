import Hardware
import Workload

extension RowsFit {
  /// Constants of all levels, in logarithms, and what is found together with them: how rows were
  /// served, and how versions of an engine differ.
  struct Fits {
    let top: [Double]
    private var stacks: [Relatives.Member] = []
    /// Per point of the fit.
    private var ways: [Int]
    /// Logarithm of the factor on the layers' time.
    private var versions: [EngineVersion.ID: Double] = [:]
    private let members: [Stack: [Int]]
    private let users: [EngineVersion.ID: [Int]]

    /// Rounds in which stacks keep close to their relatives, after one in which they keep close, but
    /// half as much, to what is best for all rows.
    private static let rounds = 3
    /// How often a round reconsiders in which way rows were served.
    private static let reconsiderations = 2
    /// How far a version strays: the deviation of the logarithm of its factor; and the factors tried.
    private static let versionDeviation = 0.15
    private static let versionFactors = (-24...24).map { Double($0) / 40 }

    init(_ fit: RowsFit) {
      let every = Array(fit.points.indices)
      ways = every.map { _ in 0 }
      members = Dictionary(grouping: every) { fit.points[$0].stack }
      users = Dictionary(grouping: every) { fit.points[$0].version }
      top =
        fit.fit(
          every,
          ways: ways,
          factors: every.map { _ in 1 },
          prior: fit.logarithms(FittedConstants()),
          deviation: fit.freedoms.map { _ in RowsFit.freeDeviation }
        ).parameters
      let deviation = fit.freedoms.map(\.amongStacks)
      let (top, all) = (top, fit.stacks)
      refit(fit, priors: all.map { _ in top }, deviation: deviation.map { 2 * $0 })
      for _ in 0..<Self.rounds {
        let earlier = stacks
        let priors = all.map { Relatives(earlier, of: $0).values ?? top }
        refit(fit, priors: priors, deviation: deviation)
        compareVersions(fit)
      }
    }

    /// Fits every stack, and takes rows as served in the way that fits best.
    private mutating func refit(_ fit: RowsFit, priors: [[Double]], deviation: [Double]) {
      for sweep in 0..<Self.reconsiderations {
        let factors = factors(fit)
        stacks = zip(fit.stacks, priors).map { stack, prior in
          let rows = members[stack] ?? []
          let values =
            fit.fit(rows, ways: ways, factors: factors, prior: prior, deviation: deviation)
            .parameters
          let constants = fit.split(values)
          let errors = rows.map {
            fit.error(of: $0, way: ways[$0], factor: factors[$0], constants).magnitude
          }
          return Relatives.Member(
            stack: stack,
            values: values,
            rows: rows.count,
            error: Quantiles(errors)?.median ?? 0
          )
        }
        if sweep + 1 == Self.reconsiderations || !reconsider(fit, factors) { return }
      }
    }

    /// Takes every row as served in the way that its stack's constants explain best.
    ///
    /// - Returns: Whether that changed anything.
    private mutating func reconsider(_ fit: RowsFit, _ factors: [Double]) -> Bool {
      var isChanged = false
      for stack in stacks {
        let constants = fit.split(stack.values)
        for point in members[stack.stack] ?? [] where fit.points[point].times.count > 1 {
          let errors = fit.points[point].times.indices.map { way in
            fit.error(of: point, way: way, factor: factors[point], constants).magnitude
          }
          let best = errors.indices.min { errors[$0] < errors[$1] } ?? 0
          if best != ways[point] { (ways[point], isChanged) = (best, true) }
        }
      }
      return isChanged
    }

    /// Finds the factor of every version under the constants of the stacks.
    private mutating func compareVersions(_ fit: RowsFit) {
      var constants: [Stack: SurfaceConstants] = [:]
      for stack in stacks { constants[stack.stack] = fit.split(stack.values) }
      for (version, rows) in users {
        let costs = Self.versionFactors.map { logarithm in
          let factor = DeterministicMath.exp(logarithm)
          let pull = logarithm / Self.versionDeviation
          return rows.reduce(pull * pull) { sum, row in
            guard let stack = constants[fit.points[row].stack] else { return sum }
            let error = fit.error(of: row, way: ways[row], factor: factor, stack)
            return sum + LeastSquares.cost(of: error)
          }
        }
        let best = costs.indices.min { costs[$0] < costs[$1] } ?? 0
        versions[version] = Self.versionFactors[best]
      }
    }

    private func factors(_ fit: RowsFit) -> [Double] {
      fit.points.map { DeterministicMath.exp(versions[$0.version] ?? 0) }
    }

    /// The levels as a profile has them.
    func levels(of fit: RowsFit) -> [Profile.Level] {
      var levels = [fit.level(.global, top, rows: fit.points.count)]
      let factors = factors(fit)
      for engineClass in Set(fit.stacks.map(\.engineClass)).sorted(by: { $0.text < $1.text }) {
        let rows = fit.points.indices.filter { fit.points[$0].stack.engineClass == engineClass }
        let values =
          fit.fit(
            rows,
            ways: ways,
            factors: factors,
            prior: top,
            deviation: fit.freedoms.map(\.amongEngines)
          )
          .parameters
        levels.append(fit.level(.engineClass(engineClass), values, rows: rows.count))
      }
      return levels
        + stacks.map { member in
          var level = fit.level(.stack(member.stack), member.values, rows: member.rows)
          level.fitError = (member.error * 1e4).rounded() / 1e4
          return level
        }
    }

    /// What was found of versions, by engine and name.
    func engineVersions(of fit: RowsFit) -> [EngineVersion] {
      versions.map { id, logarithm in
        EngineVersion(
          id: id,
          layerFactor: EngineVersion.rounded(DeterministicMath.exp(logarithm)),
          rows: users[id]?.count ?? 0
        )
      }
      .sorted { $0.id < $1.id }
    }
  }
}
