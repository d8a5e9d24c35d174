import Hardware
import Reporting

extension FidelityStudy {
  /// Predicted v measured times, a panel each for TTFT and TPOT, a colour per engine and mode.
  public var svg: String {
    ScatterPlot.page([
      panel("Time to first token") { ($0.row.timeToFirstToken, $0.prediction.timeToFirstToken) },
      panel("Time per output token") {
        ($0.row.timePerOutputToken, $0.prediction.timePerOutputToken)
      },
    ])
  }

  private func panel(
    _ title: String,
    _ times: (Cell) -> (measured: Double?, predicted: Double?)
  ) -> ScatterPlot {
    let groups = FidelityReport.groups(cells) {
      $0.row.engine + ($0.row.mode == .disaggregated ? ", disaggregated" : "")
    }
    return ScatterPlot(
      title: "\(title), \(cells.count) rows, profile \(profile.name)",
      xLabel: "measured, ms",
      yLabel: "predicted, ms",
      series: groups.sorted { $0.name < $1.name }.map { name, cells in
        ScatterPlot.Series(
          name: name,
          points: cells.compactMap { cell in
            guard let measured = times(cell).measured, let predicted = times(cell).predicted
            else { return nil }
            return (measured * 1e3, predicted * 1e3)
          }
        )
      }
    )
  }
}
