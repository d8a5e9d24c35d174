import Testing
import Workload

@testable import Hardware
@testable import Study

@Suite struct FirstTokenFitTests {
  private static let truth = FirstTokenDelay(
    steps: 0.8,
    attentionParallelSteps: 30,
    seconds: 0.05,
    secondsPerPromptToken: 10e-6
  )

  private static func id(_ version: String?) -> EngineVersion.ID {
    EngineVersion.ID(engine: "sglang", version: version)
  }

  /// Rows as a delay makes them, over steps, prompts and intervals.
  private static func points(_ delay: FirstTokenDelay, version: String) -> [FirstTokenFit.Point] {
    (0..<40).map { index in
      let frontEnd = FrontEnd(
        Recipe.Intervals(receive: index % 3 == 0 ? 30 : 10, stream: 10, wait: nil),
        isAttentionParallel: index % 4 == 0
      )
      let promptTokens = index % 2 == 0 ? 1_000.0 : 8_000
      let (step, computed) = (0.004 * Double(1 + index % 7), 0.03 * Double(1 + index % 5))
      let waited = frontEnd.seconds(delay, promptTokens: promptTokens, stepSeconds: step)
      return FirstTokenFit.Point(
        version: id(version),
        computedSeconds: computed,
        frontEnd: frontEnd,
        promptTokens: promptTokens,
        stepSeconds: step,
        logTime: DeterministicMath.log(computed + waited)
      )
    }
  }

  @Test func `delays that made the rows are found again`() throws {
    let fit = FirstTokenFit(points: Self.points(Self.truth, version: "1"))
    let found = fit.added(to: [EngineVersion(id: Self.id("1"), layerFactor: 1.2, rows: 50)])
    #expect(found.map(\.id) == [Self.id(nil), Self.id("1")])
    #expect(found[1].layerFactor == 1.2 && found[1].rows == 50 && found[0].rows == 40)
    for version in found {
      let delay = try #require(version.firstToken)
      #expect(delay == delay.rounded)
      for (one, other) in [
        (delay.steps, Self.truth.steps),
        (delay.attentionParallelSteps, Self.truth.attentionParallelSteps),
        (delay.seconds, Self.truth.seconds),
        (delay.secondsPerPromptToken, Self.truth.secondsPerPromptToken),
      ] { #expect(abs(one / other - 1) < 0.05, "\(version.id): \(one) for \(other)") }
    }
  }

  @Test func `a version departs from its engine, and few rows do not make one`() throws {
    var quick = Self.truth
    quick.steps = 0.1
    let points =
      Self.points(Self.truth, version: "1") + Self.points(quick, version: "2")
      + Self.points(quick, version: "3").prefix(3)
    let names = ["1", "2", "3"]
    let found = FirstTokenFit(points: points).added(
      to: names.map { EngineVersion(id: Self.id($0)) }
    )
    let profile = Profile(name: "t", versions: found)
    let steps = names.map { profile.firstTokenDelay(of: Self.id($0)).steps }
    #expect(steps[0] > 0.6 && steps[1] < 0.2)
    #expect(steps[2] == profile.firstTokenDelay(of: Self.id("unknown")).steps)
    #expect(steps[2] > steps[1] && steps[2] < steps[0])
  }

  @Test func `versions of an engine share the time per prompt token, the median of theirs`() throws
  {
    let times = [5e-6, 12e-6, 60e-6]
    var points: [FirstTokenFit.Point] = []
    for (index, time) in times.enumerated() {
      var delay = Self.truth
      delay.secondsPerPromptToken = time
      points += Self.points(delay, version: "\(index)")
    }
    let found = FirstTokenFit(points: points).added(
      to: times.indices.map { EngineVersion(id: Self.id("\($0)")) }
    )
    let shared = Set(found.compactMap { $0.firstToken?.secondsPerPromptToken })
    #expect(found.count == 4 && shared.count == 1)
    #expect(abs(try #require(shared.first) / 12e-6 - 1) < 0.1, "\(shared)")
  }

  @Test func `of many rows of a version some are taken, of few all`() {
    let candidates = (0..<500).map { (row: $0, version: Self.id($0 < 400 ? "1" : "\($0 / 20)")) }
    let sample = FirstTokenFit.sample(candidates)
    #expect(sample == sample.sorted() && Set(sample).count == sample.count)
    #expect(sample.count { $0 < 400 } == 48 && sample.count { $0 >= 400 } == 100)
    #expect(sample.first == 0 && sample.contains { (390..<400).contains($0) })
  }
}
