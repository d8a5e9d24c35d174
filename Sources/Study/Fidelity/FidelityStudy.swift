public import Hardware
import Policies
import Simulation

/// Measured rows beside what the engine predicts for them.
public struct FidelityStudy: Sendable {
  /// A row and its prediction.
  public struct Cell: Sendable, Equatable {
    public var row: MeasuredRow
    public var prediction: RowPrediction
    /// Of the constants that the prediction was made with; nil where the row's names are not known.
    public var stack: Stack?
  }

  public let profile: Profile
  /// In the order of the rows.
  public let cells: [Cell]

  /// Rows that have been replayed.
  public init(profile: Profile, cells: [Cell]) {
    self.profile = profile
    self.cells = cells
  }

  /// Replays every row.
  ///
  /// - Parameters:
  ///   - rows: The measurements.
  ///   - profile: The constants.
  ///   - replay: How rows are replayed.
  ///   - threads: How many rows are replayed at the same time; no result depends on it.
  ///   - progress: Is told of rows.
  /// - Throws: `PolicyError` for a policy that there is not.
  public init(
    _ rows: [MeasuredRow],
    profile: Profile,
    replay: RowReplay = RowReplay(),
    threads: Int,
    progress: RunProgress? = nil
  ) throws {
    self.profile = profile
    let catalogue = RowCatalogue(naming: rows)
    let schedulers = try RowSchedulers()
    cells = try Parallel.map(rows.count, threads: threads) { index in
      progress?.start(index, rows[index].id)
      defer { progress?.finish(index) }
      return Cell(
        rows[index],
        in: catalogue,
        profile: profile,
        replay: replay,
        schedulers: schedulers
      )
    }
  }

  /// The predictions as CSV, in milliseconds to a tenth of a microsecond.
  public var csv: String {
    var text = "row_id,predicted_ttft_ms,predicted_tpot_ms,profile,status\n"
    for cell in cells {
      let prediction = cell.prediction
      let fields = [
        prediction.id, Self.milliseconds(prediction.timeToFirstToken),
        Self.milliseconds(prediction.timePerOutputToken), profile.name, prediction.status,
      ]
      text += fields.map(Self.quoted).joined(separator: ",") + "\n"
    }
    return text
  }

  private static func milliseconds(_ seconds: Double?) -> String {
    guard let seconds else { return "" }
    return Decimal4.text(seconds * 1e3)
  }

  /// A field as RFC 4180 writes it.
  private static func quoted(_ text: String) -> String {
    let isPlain = !text.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }
    return isPlain ? text : "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}

extension FidelityStudy.Cell {
  init(
    _ row: MeasuredRow,
    in catalogue: RowCatalogue,
    profile: Profile,
    replay: RowReplay,
    schedulers: RowSchedulers
  ) {
    self.row = row
    prediction = replay.predict(row, in: catalogue, profile: profile, schedulers: schedulers)
    stack = (try? RowSetup(row, in: catalogue))?.stack
  }
}

/// Numbers with up to four decimals, the same on every machine.
enum Decimal4 {
  static func text(_ value: Double) -> String {
    let scaled = (value * 1e4).rounded()
    guard scaled.magnitude < 1e15 else { return value.description }
    let (whole, rest) = Int64(scaled).magnitude.quotientAndRemainder(dividingBy: 10_000)
    let digits = String(rest)
    let fraction = String(repeating: "0", count: 4 - digits.count) + digits
    return (scaled < 0 ? "-" : "") + "\(whole).\(fraction)"
  }
}
