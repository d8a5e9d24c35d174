import Hardware
import Policies
import Simulation
import Workload

/// Measured rows, made ready to be fitted to and replayed, any of them left out.
struct RowBench: Sendable {
  let rows: [MeasuredRow]
  let catalogue: RowCatalogue
  let schedulers: RowSchedulers
  /// nil where the catalogue does not have what a row names.
  let stacks: [Stack?]
  /// What rows tell of step times; nil for those that tell nothing.
  let points: [RowsFit.Point?]
  private let replay: RowReplay
  private let threads: Int

  /// - Throws: `PolicyError` for a policy that there is not.
  init(_ rows: [MeasuredRow], replay: RowReplay, threads: Int) throws {
    let catalogue = RowCatalogue(naming: rows)
    let found = try Parallel.map(rows.count, threads: threads) { index in
      Self.point(rows[index], in: catalogue, replay)
    }
    self.rows = rows
    self.catalogue = catalogue
    self.replay = replay
    self.threads = threads
    schedulers = try RowSchedulers()
    stacks = found.map(\.stack)
    points = found.map(\.point)
  }

  /// A disaggregated row whose workers nobody counted tells nothing, since its batches are unknown.
  static func point(
    _ row: MeasuredRow,
    in catalogue: RowCatalogue,
    _ replay: RowReplay
  ) -> (stack: Stack?, point: RowsFit.Point?) {
    guard let candidates = try? RowSetup.candidates(row, in: catalogue) else { return (nil, nil) }
    let stack = candidates[0].stack
    let isKnown = row.mode == .aggregated || row.decode.workers != nil
    let known = isKnown ? candidates : candidates.filter { $0.recipe != nil }
    let times = known.compactMap { TimeSurface(ClosedForm($0, replay: replay)) }
    guard let measured = row.timePerOutputToken, !times.isEmpty else { return (stack, nil) }
    let point = RowsFit.Point(
      stack: stack,
      version: row.version,
      times: times,
      logTime: DeterministicMath.log(measured)
    )
    return (stack, point)
  }

  /// A profile for each set of rows that it shall not have seen.
  ///
  /// First step times are fitted; under these, prompts are replayed, and what is missing to the
  /// measured times to first token is fitted after them.
  func fits(
    leavingOut parts: [[Int]],
    _ options: RowsCalibration.Options,
    _ progress: RunProgress?
  ) throws -> [Profile] {
    let hidden = parts.map(Set.init)
    let profiles = try Parallel.map(parts.count, threads: threads) { part in
      let seen = points.indices.compactMap { hidden[part].contains($0) ? nil : points[$0] }
      return options.profile(RowsFit(seen).result())
    }
    let replays = hidden.enumerated().flatMap { part, hidden in
      sample(without: hidden).map { (part: part, row: $0) }
    }
    progress?.expect(replays.count)
    let observed = try Parallel.map(replays.count, threads: threads) { index in
      let (part, row) = replays[index]
      progress?.start(index, "first tokens of part \(part + 1)")
      defer { progress?.finish(index) }
      return try? replay.firstToken(
        of: rows[row],
        in: catalogue,
        profile: profiles[part],
        schedulers: schedulers
      )
    }
    return profiles.enumerated().map { part, profile in
      let mine = zip(replays, observed).compactMap { $0.part == part ? $1 : nil }
      var profile = profile
      profile.versions = FirstTokenFit(points: mine).added(to: profile.versions)
      return profile
    }
  }

  /// The rows that tell of first tokens, as many as are worth replaying.
  private func sample(without hidden: Set<Int>) -> [Int] {
    FirstTokenFit.sample(
      rows.indices.filter { !hidden.contains($0) && tellsOfFirstTokens($0) }
        .map { ($0, rows[$0].version) }
    )
  }

  private func tellsOfFirstTokens(_ index: Int) -> Bool {
    rows[index].mode == .aggregated && rows[index].timeToFirstToken != nil
  }
}
