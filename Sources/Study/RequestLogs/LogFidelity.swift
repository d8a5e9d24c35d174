public import Hardware
import Policies
import Reporting
public import Workload

/// A log beside its replay under the constants of a profile.
public struct LogFidelity: Sendable {
  public let log: RequestLog
  public let profile: Profile
  /// In the order of the log; nil for requests that did not complete in the replay.
  public let predicted: [Latencies?]
  /// The metrics over time; nil where the log has none.
  public let series: LogSeries?
  /// How often requests were preempted in the replay.
  public let preemptions: Int

  /// Replays a log.
  ///
  /// - Throws: `LogStudyError` where the model does not fit the chips or nothing completes,
  ///   `PolicyError` where the log's settings are none that the policies take.
  public init(_ log: RequestLog, on deployment: LogDeployment, profile: Profile) throws {
    self.log = log
    self.profile = profile
    let outcome = try LogReplay(log, on: deployment).outcome(
      profile.constants(for: deployment.stack),
      source: "profile \(profile.name)",
      samples: !log.series.isEmpty
    )
    guard outcome.latencies.contains(where: { $0 != nil }) else {
      throw LogStudyError.nothingCompleted(log: log.file)
    }
    predicted = outcome.latencies
    preemptions = outcome.preemptions
    series =
      log.series.isEmpty
      ? nil : LogSeries(measured: log.series, predicted: outcome.samples)
  }

  /// The latencies of a part of the requests, by their positions in the log.
  public func comparisons(of part: Range<Int>? = nil) -> [LatencyComparison] {
    let part = part ?? log.requests.indices
    return LatencyComparison.all(
      measured: log.requests[part].map(\.latencies),
      predicted: Array(predicted[part])
    )
  }

  /// The tables, for people.
  public var text: String {
    var table = TextTable(leftColumns: 2)
    table.append(LatencyComparison.head)
    LatencyComparison.append(comparisons(), to: &table)
    let missing = predicted.count { $0 == nil }
    var text =
      "\(log.requests.count) requests, \(missing) without a prediction, \(preemptions) preemptions "
      + "in the replay, profile \(profile.name)\n\n" + table.text
    guard let series else { return text }
    var gauges = TextTable()
    gauges.append(["over time", "mean", "mean difference", "correlation"])
    for gauge in LogSeries.Gauge.allCases {
      guard let agreement = series.agreement(gauge) else { continue }
      gauges.append([
        gauge.rawValue, LatencyComparison.fixed(agreement.meanMeasured),
        LatencyComparison.fixed(agreement.meanDifference),
        agreement.correlation.map(LatencyComparison.fixed) ?? "–",
      ])
    }
    text += "\n" + gauges.text
    return text
  }

  public var json: JSONValue {
    var fields: [(String, JSONValue)] = [
      ("log", .string(log.file)),
      ("profile", .string(profile.name)),
      ("requests", .integer(Int64(log.requests.count))),
      ("preemptions", .integer(Int64(preemptions))),
      ("latencies", .array(comparisons().map(\.json))),
    ]
    if let series {
      let gauges = LogSeries.Gauge.allCases.compactMap { gauge -> (String, JSONValue)? in
        guard let agreement = series.agreement(gauge) else { return nil }
        return (
          gauge.rawValue,
          .object([
            ("mean", .number(agreement.meanMeasured)),
            ("mean_difference", .number(agreement.meanDifference)),
            ("correlation", .optional(agreement.correlation)),
          ])
        )
      }
      fields.append(("series", .object(gauges)))
    }
    return .object(fields)
  }

  /// A line per request: its lengths and its three latencies, measured and predicted, in
  /// milliseconds; empty where there is no prediction.
  public var csv: String {
    var text =
      "request,arrival_s,prompt_tokens,output_tokens,ttft_ms,predicted_ttft_ms,tpot_ms,"
      + "predicted_tpot_ms,e2e_ms,predicted_e2e_ms\n"
    for (index, request) in log.requests.enumerated() {
      var cells = [
        Self.quoted(request.id.isEmpty ? "\(index)" : request.id),
        LatencyComparison.fixed(Double(request.arrival) * 1e-9),
        "\(request.promptTokens)", "\(request.outputTokens)",
      ]
      for metric in LatencyMetric.allCases {
        for value in [request.latencies[metric], predicted[index]?[metric]] {
          cells.append(value.map { LatencyComparison.fixed($0 * 1e3) } ?? "")
        }
      }
      text += cells.joined(separator: ",") + "\n"
    }
    return text
  }

  /// Text as a field of comma-separated values.
  private static func quoted(_ text: String) -> String {
    guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
    let line = text.map { $0.isNewline ? " " : String($0) }.joined()
    return "\"" + line.replacing("\"", with: "\"\"") + "\""
  }

  /// The metrics over time, measured and predicted; nil where the log has none.
  public var svg: String? {
    guard let series else { return nil }
    return LinePlot.page(LogSeries.Gauge.allCases.map { gauge in panel(gauge, series) })
  }

  private func panel(_ gauge: LogSeries.Gauge, _ series: LogSeries) -> LinePlot {
    let measured = series.pairs.map { (x: $0.measured.time, y: gauge.value($0.measured)) }
    let predicted = series.pairs.map { (x: $0.measured.time, y: gauge.value($0.predicted)) }
    return LinePlot(
      title: gauge.rawValue,
      x: LinePlot.Axis("time, s"),
      y: LinePlot.Axis(gauge == .generated ? gauge.rawValue : "requests"),
      series: [
        LinePlot.Series(name: "measured", points: measured),
        LinePlot.Series(name: "replayed, profile \(profile.name)", points: predicted),
      ]
    )
  }
}
