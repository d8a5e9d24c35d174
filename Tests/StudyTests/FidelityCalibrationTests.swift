import Testing
import Workload

@testable import Hardware
@testable import Study

@Suite struct FidelityCalibrationTests {
  /// The rows of a file, as if measured under these constants: their closed form, times `1 + noise`.
  private static func rows(
    _ truth: FittedConstants,
    noise: Double = 0
  ) throws -> [MeasuredRow] {
    var rows = try FidelityRows.read(FidelityRows.text).filter { $0.id.hasPrefix("r") }
    let catalogue = RowCatalogue(naming: rows)
    for index in rows.indices {
      let form = ClosedForm(try RowSetup(rows[index], in: catalogue), replay: RowReplay())
      let draw = Double(SplitMix64.mix(UInt64(index)) >> 11) * 0x1p-53 - 0.5
      rows[index].timePerOutputToken =
        try #require(form.timePerOutputToken(truth)) * (1 + noise * draw)
    }
    return rows
  }

  private static var truth: FittedConstants {
    var truth = FittedConstants()
    truth[.bandwidthEfficiency] = 0.6
    truth[.slowdown] = 1.6
    truth[.layerFloor] = 90e-6
    return truth
  }

  private static func options(folds: Int = 5, seed: UInt64 = 1) -> RowsCalibration.Options {
    var options = RowsCalibration.Options(name: "t", source: "rows.csv", digest: 7)
    options.folds = folds
    options.seed = seed
    return options
  }

  @Test func `constants that made the rows are found again`() throws {
    let calibration = try RowsCalibration(
      try Self.rows(Self.truth),
      options: Self.options(),
      threads: 2
    )
    let profile = calibration.profile
    #expect(calibration.fittedRows == 18)
    #expect(profile.levels.map(\.rows) == [18, 18, 18])
    let found = try #require(profile.levels.first).constants
    for (constant, value) in Self.truth.all {
      let ratio = try #require(found[constant]) / value
      #expect(abs(ratio - 1) < 0.05, "\(constant): \(ratio)")
    }
    // The engine charges what the closed form does but for the discreteness of batches.
    let score = calibration.validations[0].report.overall.timePerOutputToken
    #expect(try #require(score.median) < 0.06, "\(score)")
    #expect(score.count == 18 && score.missing == 0)
  }

  @Test func `a calibration does not depend on threads, and its file holds it`() throws {
    let rows = try Self.rows(Self.truth, noise: 0.1)
    let one = try RowsCalibration(rows, options: Self.options(), threads: 1)
    let many = try RowsCalibration(rows, options: Self.options(), threads: 4)
    #expect(one.profile == many.profile && one.text == many.text)
    #expect(try Profile(bytes: Array(one.profile.yaml.utf8), file: "p") == one.profile)
    let other = try RowsCalibration(rows, options: Self.options(seed: 2), threads: 2)
    #expect(other.profile.levels.map(\.constants) == one.profile.levels.map(\.constants))
    #expect(one.text.contains("5-fold cross-validation"))
    #expect(one.text.contains("leave one chip out"))
  }

  @Test func `every row is left out once, together with its like`() throws {
    let rows = try FidelityRows.read(FidelityRows.text)
    let catalogue = RowCatalogue(naming: rows)
    let stacks = rows.map { try? RowSetup($0, in: catalogue).stack }
    for partition in [.folds(3, seed: 5), .models, .chips] as [Partition] {
      let parts = partition.parts(of: rows, stacks: stacks)
      #expect(parts.flatMap(\.rows).sorted() == Array(rows.indices))
      #expect(parts.map(\.name) == parts.map(\.name).sorted())
    }
    let models = Partition.models.parts(of: rows, stacks: stacks).map(\.name)
    #expect(models == ["llama-3.1-8b", "no-such-model"])
    let folds = Partition.folds(3, seed: 5).parts(of: rows, stacks: stacks)
    for fold in folds {
      for row in rows where row.id.contains("-1024-") {
        let mates = rows.indices.filter { rows[$0].id.contains("-1024-") }
        let inside = mates.filter { fold.rows.contains($0) }
        #expect(inside.isEmpty || inside == mates, "\(row.id)")
      }
    }
  }

  @Test func `a stack with few rows keeps close to its engine`() throws {
    var rows = try Self.rows(Self.truth)
    // One odd measurement of another precision.
    let index = try #require(rows.indices.last)
    rows[index].precision = "fp8"
    rows[index].timePerOutputToken = try #require(rows[index].timePerOutputToken) * 4
    let catalogue = RowCatalogue(naming: rows)
    let points = try rows.map { row in
      try #require(RowBench.point(row, in: catalogue, RowReplay()).point)
    }
    let levels = RowsFit(points).result().levels
    #expect(levels.map(\.rows) == [18, 18, 17, 1])
    for freedom in RowsFit.freedoms {
      let engine = try #require(levels[1].constants[freedom.constant])
      let odd = try #require(levels[3].constants[freedom.constant])
      let strayed = abs(DeterministicMath.log(odd / engine))
      #expect(strayed < 4 * freedom.amongStacks, "\(freedom.constant): \(strayed)")
    }
  }

  @Test func `a time surface is the closed form to a thousandth`() throws {
    let rows = try FidelityRows.read(FidelityRows.text).filter { $0.id.hasPrefix("r") }
    let catalogue = RowCatalogue(naming: rows)
    for (index, row) in rows.enumerated() {
      let form = ClosedForm(try RowSetup(row, in: catalogue), replay: RowReplay())
      let surface = try #require(TimeSurface(form))
      for draw in 0..<8 {
        let shares = (0..<4).map { axis in
          Double(SplitMix64.mix(UInt64(index * 100 + draw * 10 + axis)) >> 11) * 0x1p-53
        }
        var constants = FittedConstants()
        constants[.bandwidthEfficiency] = 0.25 + 1.2 * shares[0]
        constants[.slowdown] = 0.7 + 8 * shares[1]
        constants[.layerFloor] = 200e-6 * shares[2]
        constants[.requestTime] = 100e-6 * shares[3]
        let surfaceConstants = SurfaceConstants(
          efficiencies: TimeSurface.efficiencies.map {
            DeterministicMath.log(constants[$0.constant] ?? 1)
          },
          added: TimeSurface.added.map { constants[$0] ?? 0 }
        )
        let factor = draw % 2 == 0 ? 1 : 1.5
        let found = surface.seconds(surfaceConstants, layerFactor: factor)
        constants[.layerFloor] = 200e-6 * shares[2] * factor
        let exact = try #require(form.timePerOutputToken(constants))
        #expect(abs(found / exact - 1) < 2e-3)
      }
    }
  }

  @Test func `the collected rows are read, and nearly all have a deployment`() throws {
    guard let path = FidelityRows.shared else { return }
    let rows = try MeasuredRowReader.rows(path: path)
    #expect(rows.count > 3_000)
    let catalogue = RowCatalogue(naming: rows)
    let deployments = rows.filter {
      (try? RowDeployment($0, in: catalogue, profile: .catalogue)) != nil
    }
    #expect(Double(deployments.count) >= 0.95 * Double(rows.count), "\(deployments.count)")
  }
}
