public import Workload

/// One request as a serving engine logged it. Times are nanoseconds since the log's first arrival.
public struct LoggedRequest: Sendable, Equatable {
  /// What the log calls it; empty where it has no names.
  public var id: String
  /// Both at least 1.
  public var promptTokens: Int
  public var outputTokens: Int
  /// In the order of the three: arrival ≤ first token ≤ finish.
  public var arrival: SimTime
  public var firstToken: SimTime
  /// The last token.
  public var finish: SimTime

  public init(
    id: String,
    promptTokens: Int,
    outputTokens: Int,
    arrival: SimTime,
    firstToken: SimTime,
    finish: SimTime
  ) {
    self.id = id
    self.promptTokens = promptTokens
    self.outputTokens = outputTokens
    self.arrival = arrival
    self.firstToken = firstToken
    self.finish = finish
  }

  /// What a client saw of it.
  public var latencies: Latencies {
    Latencies(
      arrival: arrival,
      firstToken: firstToken,
      finish: finish,
      outputTokens: outputTokens
    )
  }
}

/// The three latencies of a request, in seconds.
public struct Latencies: Sendable, Equatable {
  public var timeToFirstToken: Double
  /// Nil for an output of one token.
  public var timePerOutputToken: Double?
  public var endToEnd: Double

  /// - Parameters:
  ///   - arrival: As the other times, in nanoseconds.
  ///   - firstToken: When the first token was there.
  ///   - finish: When the last token was there.
  ///   - outputTokens: At least 1.
  public init(arrival: SimTime, firstToken: SimTime, finish: SimTime, outputTokens: Int) {
    timeToFirstToken = Double(firstToken - arrival) * 1e-9
    endToEnd = Double(finish - arrival) * 1e-9
    timePerOutputToken =
      outputTokens > 1 ? Double(finish - firstToken) * 1e-9 / Double(outputTokens - 1) : nil
  }

  public subscript(metric: LatencyMetric) -> Double? {
    switch metric {
    case .timeToFirstToken: timeToFirstToken
    case .timePerOutputToken: timePerOutputToken
    case .endToEnd: endToEnd
    }
  }
}

/// Which of a request's latencies.
public enum LatencyMetric: String, Sendable, CaseIterable {
  case timeToFirstToken = "TTFT"
  case timePerOutputToken = "TPOT"
  case endToEnd = "E2E"
}

/// What a serving engine did with some requests, and how it was set up.
public struct RequestLog: Sendable {
  /// The path of the file.
  public var file: String
  /// Sorted by arrival, ties as they stood in the file; at least one.
  public var requests: [LoggedRequest]
  public var settings: ServingSettings
  /// What the engine's metrics said over time; empty where nothing is known.
  public var series: [LogSample]

  public init(
    file: String,
    requests: [LoggedRequest],
    settings: ServingSettings = ServingSettings(),
    series: [LogSample] = []
  ) {
    self.file = file
    self.requests = requests
    self.settings = settings
    self.series = series
  }

  /// Reads a log, and what lies beside it: the engine's settings in `meta.json` and its metrics in
  /// `timeseries.csv`, each where it is there.
  ///
  /// - Throws: `MeasuredDataError` where one of them cannot be read or holds something else.
  public init(path: String) throws(MeasuredDataError) {
    self.init(
      file: path,
      requests: try RequestLogReader.requests(path: path),
      settings: try ServingSettings(beside: path) ?? ServingSettings(),
      series: try LogSample.series(beside: path)
    )
  }

  /// Tokens that an average request holds KV for while it decodes: its prompt and half its output.
  var meanContextTokens: Double {
    let tokens = requests.reduce(0) { $0 + 2 * $1.promptTokens + $1.outputTokens }
    return Double(tokens) / 2 / Double(requests.count)
  }
}
