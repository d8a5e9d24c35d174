import Simulation
import Workload

/// What names a value among the rows of a summary.
struct MetricKey: Hashable {
  var metric: String
  var requestClass = ""
  var pool = ""
  var reason = ""
}

/// A metric over the runs of a column: their mean, and how far they are apart.
struct ComparedValue {
  var mean: Double
  /// Half the distance from the least to the largest; nil for one run.
  var halfRange: Double?

  /// Nil where some run lacks the value.
  init?(_ values: [Double?]) {
    let numbers = values.compactMap(\.self)
    guard numbers.count == values.count, let least = numbers.min(), let most = numbers.max() else {
      return nil
    }
    mean = numbers.reduce(0, +) / Double(numbers.count)
    halfRange = numbers.count > 1 ? (most - least) / 2 : nil
  }
}

/// The rows of a column's runs, to be found by their names.
struct ComparedRuns {
  private let runs: [[MetricKey: MetricValue]]
  /// In the order of the first run.
  let keys: [MetricKey]
  let units: [MetricKey: String]

  init(_ column: ComparisonColumn) {
    let rows = column.runs.flatMap(\.self)
    runs = column.runs.map { rows in
      Dictionary(rows.map { ($0.key, $0.value) }) { first, _ in first }
    }
    units = Dictionary(rows.map { ($0.key, $0.unit) }) { first, _ in first }
    var seen: Set<MetricKey> = []
    keys = rows.map(\.key).filter { seen.insert($0).inserted }
  }

  func values(_ key: MetricKey) -> [MetricValue?] { runs.map { $0[key] } }

  /// Times are in nanoseconds.
  func compared(_ key: MetricKey) -> ComparedValue? {
    ComparedValue(values(key).map { $0?.number })
  }

  func texts(_ key: MetricKey) -> [String] { values(key).compactMap { $0?.text } }

  /// The pools of the fleet, in its order.
  var pools: [String] {
    var seen: Set<String> = []
    return keys.map(\.pool).filter { !$0.isEmpty && seen.insert($0).inserted }
  }
}

extension MetricRow {
  fileprivate var key: MetricKey {
    MetricKey(metric: metric, requestClass: requestClass, pool: pool, reason: reason)
  }
}

extension MetricValue {
  /// Nanoseconds of a time; nil for text.
  fileprivate var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    case .seconds(let time): Double(time)
    case .text: nil
    }
  }

  fileprivate var text: String? {
    guard case .text(let text) = self else { return nil }
    return text
  }

  var json: JSONValue {
    switch self {
    case .integer(let value): .integer(value)
    case .number(let value): .number(value)
    case .seconds(let time): .seconds(time)
    case .text(let text): .string(text)
    }
  }
}
