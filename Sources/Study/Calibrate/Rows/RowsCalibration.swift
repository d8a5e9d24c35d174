public import Hardware
import Policies
import Simulation
import Workload

/// A profile fitted to measured rows, and how well such fits do on rows that they have not seen.
public struct RowsCalibration: Sendable {
  /// How a calibration is made.
  public struct Options: Sendable {
    /// What the profile is called.
    public var name: String
    /// The name of the rows' file, and the digest of its bytes.
    public var source: String
    public var digest: UInt128
    /// As the profile shall state it; empty for none.
    public var date = ""
    /// Parts of the cross-validation, at least 2, and what draws them; 0 for no validation at all.
    public var folds = 5
    public var seed: UInt64 = 1
    /// How rows are replayed to be judged.
    public var replay = RowReplay()

    public init(name: String, source: String, digest: UInt128) {
      self.name = name
      self.source = source
      self.digest = digest
    }

    /// What was found, as a profile.
    func profile(_ found: (levels: [Profile.Level], versions: [EngineVersion])) -> Profile {
      Profile(
        name: name,
        source: source,
        digest: digest,
        date: date,
        levels: found.levels,
        versions: found.versions
      )
    }
  }

  /// One way of leaving rows out: every row, as predicted by a fit that has not seen it.
  public struct Validation: Sendable {
    /// Such as `leave one model out`.
    public var title: String
    /// In the order of the rows.
    public var cells: [FidelityStudy.Cell]

    public var report: FidelityReport { FidelityReport(cells) }
  }

  public let profile: Profile
  /// Cross-validation, leave one model out, leave one chip out; empty where nothing was validated.
  public let validations: [Validation]
  /// Rows that were fitted to, and all rows.
  public let fittedRows: Int
  public let rowCount: Int

  /// Fits and validates.
  ///
  /// - Parameters:
  ///   - rows: The measurements.
  ///   - options: How.
  ///   - threads: How many fits or replays go on at the same time; no result depends on it.
  ///   - progress: Is told of parts.
  /// - Throws: `PolicyError` for a policy that there is not.
  public init(
    _ rows: [MeasuredRow],
    options: Options,
    threads: Int,
    progress: RunProgress? = nil
  ) throws {
    let bench = try RowBench(rows, replay: options.replay, threads: threads)
    fittedRows = bench.points.count { $0 != nil }
    let partitions = Self.partitions(options).map { title, partition in
      (title: title, parts: partition.parts(of: rows, stacks: bench.stacks))
    }
    // The first part leaves nothing out: its fit is the profile.
    let parts = [HeldOut(name: "", rows: [])] + partitions.flatMap(\.parts)
    let fits = try bench.fits(leavingOut: parts.map(\.rows), options, progress)
    let replays = parts.enumerated().flatMap { part, held in held.rows.map { (part, $0) } }
    let cells = try Parallel.map(replays.count, threads: threads) { index in
      let (part, row) = replays[index]
      progress?.start(index, parts[part].name)
      defer { progress?.finish(index) }
      return FidelityStudy.Cell(
        rows[row],
        in: bench.catalogue,
        profile: fits[part],
        replay: options.replay,
        schedulers: bench.schedulers
      )
    }
    validations = partitions.enumerated().map { index, partition in
      // Every partition has each row once, one partition after the other.
      let mine = index * rows.count..<(index + 1) * rows.count
      let ordered = zip(replays[mine], cells[mine]).sorted { $0.0.1 < $1.0.1 }
      return Validation(title: partition.title, cells: ordered.map(\.1))
    }
    var profile = fits[0]
    if validations.count > 1 {
      profile.judge(crossValidated: validations[0].cells, modelsLeftOut: validations[1].cells)
    }
    self.profile = profile
    rowCount = rows.count
  }

  private static func partitions(_ options: Options) -> [(title: String, partition: Partition)] {
    guard options.folds > 0 else { return [] }
    return [
      (
        "\(options.folds)-fold cross-validation",
        .folds(options.folds, seed: options.seed)
      ),
      ("leave one model out", .models), ("leave one chip out", .chips),
    ]
  }
}

extension Profile {
  /// Notes how well levels do on rows that they were not fitted to: a stack on its cross-validated
  /// rows; what stands above it, which is for models that have not been measured, on rows of its own
  /// whose model was left out.
  fileprivate mutating func judge(
    crossValidated: [FidelityStudy.Cell],
    modelsLeftOut: [FidelityStudy.Cell]
  ) {
    // What has not been measured is served in one pool more often than not.
    let aggregated = modelsLeftOut.filter { $0.row.mode == .aggregated }
    for index in levels.indices {
      let cells: [FidelityStudy.Cell]
      switch levels[index].scope {
      case .global: cells = aggregated
      case .engineClass(let engineClass):
        cells = aggregated.filter { $0.stack?.engineClass == engineClass }
      case .stack(let stack): cells = crossValidated.filter { $0.stack == stack }
      }
      let line = FidelityReport.Line("", cells)
      levels[index].timePerOutputToken = Quality(line.timePerOutputToken)
      levels[index].timeToFirstToken = Quality(line.timeToFirstToken)
    }
  }
}

extension Profile.Quality {
  /// With four decimals; nil without rows.
  fileprivate init?(_ score: FidelityScore) {
    guard let median = score.median, let ninetieth = score.ninetieth else { return nil }
    self.init(median: Self.rounded(median), ninetieth: Self.rounded(ninetieth))
  }

  private static func rounded(_ share: Double) -> Double { (share * 1e4).rounded() / 1e4 }
}
