import Hardware
import Workload

/// Delays of first tokens, fitted to measured rows whose prompts the engine has replayed.
///
/// One set per engine, and one per version that keeps close to its engine's, with the same time per
/// prompt token. What is fitted is what remains between the replayed mean time to first token and the
/// measured one; prompts themselves cost what the stack's constants say.
struct FirstTokenFit: Sendable {
  /// A row that was replayed.
  struct Point: Sendable {
    var version: EngineVersion.ID
    /// Mean time to first token as replayed, in seconds.
    var computedSeconds: Double
    var frontEnd: FrontEnd
    /// Mean tokens of a prompt, and the time of a decode step in seconds.
    var promptTokens: Double
    var stepSeconds: Double
    /// Natural logarithm of the measured time, in seconds.
    var logTime: Double
  }

  /// Where the search for an engine starts, in logarithms, and how far a version strays from its
  /// engine: wide enough that a dozen rows decide.
  private static let start = [1, 10, 30e-3, 3e-6].map(DeterministicMath.log)
  private static let freeDeviation = 3.0
  private static let amongVersions = 1.0
  /// Steps, further ones, seconds, and seconds per token that any engine may show, in logarithms.
  private static let bounds = [1e-3...100, 1e-3...300, 1e-4...2, 1e-8...1e-4].map {
    DeterministicMath.log($0.lowerBound)...DeterministicMath.log($0.upperBound)
  }
  /// Where seconds per token stand, the last.
  private static let perToken = 3
  /// Rows of a version that tell less of it than its engine does, and that tell enough: more only take
  /// longer to replay.
  private static let leastRows = 6
  private static let mostRows = 48

  let points: [Point]

  /// The rows, of some, that shall be replayed: of every version evenly many.
  ///
  /// - Parameter candidates: Positions of rows, ascending, with the version that each ran.
  /// - Returns: Positions, ascending.
  static func sample(_ candidates: [(row: Int, version: EngineVersion.ID)]) -> [Int] {
    let groups = Dictionary(grouping: candidates, by: \.version).values
    return groups.flatMap { group in
      let count = min(group.count, mostRows)
      return (0..<count).map { group[$0 * group.count / count].row }
    }
    .sorted()
  }

  /// The versions with the delays that were found, those of whole engines among them.
  ///
  /// - Parameter versions: What else is known of versions.
  /// - Returns: The versions, by engine and name.
  func added(to versions: [EngineVersion]) -> [EngineVersion] {
    var found = versions
    for engine in Set(points.map(\.version.engine)).sorted() {
      let members = points.filter { $0.version.engine == engine }
      let perToken = sharedTime(members)
      let general = fit(members, prior: Self.start, deviation: Self.freeDeviation, perToken)
      let id = EngineVersion.ID(engine: engine, version: nil)
      found.append(
        EngineVersion(id: id, firstToken: Self.delay(general), rows: members.count)
      )
      for index in found.indices where found[index].id.engine == engine {
        let mine = members.filter { $0.version == found[index].id }
        guard mine.count >= Self.leastRows else { continue }
        found[index].firstToken = Self.delay(
          fit(mine, prior: general, deviation: Self.amongVersions, perToken)
        )
      }
    }
    return found.sorted { $0.id < $1.id }
  }

  /// The logarithm of an engine's time per prompt token, which all its versions share: the median of what
  /// each suggests alone, since the rows of one seldom tell it from the time of the prompts themselves.
  private func sharedTime(_ members: [Point]) -> Double {
    let general = fit(members, prior: Self.start, deviation: Self.freeDeviation)
    let versions = Dictionary(grouping: members, by: \.version).values
    let suggestions = versions.filter { $0.count >= Self.leastRows }.map {
      fit($0, prior: general, deviation: Self.amongVersions)[Self.perToken]
    }
    guard !suggestions.isEmpty else { return general[Self.perToken] }
    return suggestions.sorted()[suggestions.count / 2]
  }

  /// - Parameters:
  ///   - members: The rows.
  ///   - prior: Logarithms of the four numbers that the fit starts from and is pulled to.
  ///   - deviation: How far from them it may well end.
  ///   - perToken: The last of them, where that is known.
  /// - Returns: Logarithms of the four numbers.
  private func fit(
    _ members: [Point],
    prior: [Double],
    deviation: Double,
    _ perToken: Double? = nil
  ) -> [Double] {
    let known = perToken.map { [$0] } ?? []
    let free = Array(prior.dropLast(known.count))
    let search = LeastSquares(
      prior: free,
      deviation: free.map { _ in deviation },
      bounds: Array(Self.bounds.prefix(free.count))
    )
    let found = search.fit(from: free) { parameters in
      let delay = Self.exact(parameters + known)
      return members.map { point in
        let seconds = point.frontEnd.seconds(
          delay,
          promptTokens: point.promptTokens,
          stepSeconds: point.stepSeconds
        )
        return DeterministicMath.log(point.computedSeconds + seconds) - point.logTime
      }
    }
    return found.parameters + known
  }

  private static func exact(_ logarithms: [Double]) -> FirstTokenDelay {
    let values = logarithms.map(DeterministicMath.exp)
    return FirstTokenDelay(
      steps: values[0],
      attentionParallelSteps: values[1],
      seconds: values[2],
      secondsPerPromptToken: values[3]
    )
  }

  private static func delay(_ logarithms: [Double]) -> FirstTokenDelay {
    exact(logarithms).rounded
  }
}
