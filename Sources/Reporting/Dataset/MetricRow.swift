public import Workload

/// One value of a run's summary.
public enum MetricValue: Sendable, Equatable {
  case integer(Int64)
  /// Finite.
  case number(Double)
  /// Nanoseconds, written as seconds with 9 decimals.
  case seconds(SimTime)
  case text(String)
}

/// One row of `summary.csv`.
public struct MetricRow: Sendable, Equatable {
  /// In snake_case, such as `ttft_p99`.
  public var metric: String
  /// Of which requests; empty for all of them.
  public var requestClass: String
  /// Of which pool; empty for a metric of no pool.
  public var pool: String
  public var value: MetricValue
  /// What the value counts; empty for a text.
  public var unit: String
  /// Why requests were rejected or failed, where the metric counts those; else empty.
  public var reason: String

  public init(
    metric: String,
    requestClass: String = "",
    pool: String = "",
    value: MetricValue,
    unit: String,
    reason: String = ""
  ) {
    self.metric = metric
    self.requestClass = requestClass
    self.pool = pool
    self.value = value
    self.unit = unit
    self.reason = reason
  }
}

/// `summary.csv`: everything that the printed summary says, one value per row.
enum SummaryTable {
  static let schema = TableSchema(
    name: "summary",
    file: "summary.csv",
    summary: "One row per value of the printed summary, of the measured part of the run. A value "
      + "that does not exist, such as a share without a denominator, has no row.",
    columns: columns.map(\.schema)
  )

  static let columns: [TableColumn<MetricRow>] = [
    .string("metric", "What is counted or measured; the list is below.") {
      $1.append(text: $0.metric)
    },
    .string("class", "The class of requests that it is of; empty for all requests.") {
      $1.append(text: $0.requestClass)
    },
    .number("value", "", "The value, in its unit; empty for a text.") { row, bytes in
      switch row.value {
      case .integer(let value): bytes.append(integer: value)
      case .number(let value): bytes.append(number: value)
      case .seconds(let value): bytes.append(seconds: value)
      case .text: break
      }
    },
    .string("unit", "What the value counts; empty for a text.") { $1.append(text: $0.unit) },
    .string("pool", "The pool that it is of; else empty.") { $1.append(text: $0.pool) },
    .string("text", "A value that is a text, or the reason whose requests are counted.") {
      row,
      bytes in
      if case .text(let text) = row.value {
        bytes.append(text: text)
      } else {
        bytes.append(text: row.reason)
      }
    },
  ]
}
