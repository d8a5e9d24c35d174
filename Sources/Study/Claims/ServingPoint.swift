import Hardware
import Simulation
import Workload

/// What a closed loop of clients gets out of a fleet, and what that takes.
struct ServingPoint: Sendable {
  /// Output tokens per second of the median user, once it gets any.
  var userRate: Double
  /// Median, in seconds.
  var timeToFirstToken: Double
  /// Output tokens per second of all users.
  var rate: Double
  /// Of all instances, idle time included, per output token.
  var joulesPerToken: Double

  /// Nil where nothing completes.
  ///
  /// - Throws: What the engine throws.
  init?(
    _ fleet: Fleet,
    clients: Int,
    promptTokens: Int,
    outputTokens: Int,
    policies: PolicySet
  ) throws(TraceError) {
    // A round to warm up, as many as 16 requests take, at least two, and one that ends them under
    // full load.
    let rounds = max(2, (16 + clients - 1) / clients)
    let loop = ClosedLoop(
      clients: clients,
      rounds: rounds + 2,
      promptTokens: promptTokens,
      outputTokens: outputTokens,
      leastPromptShare: 0.8,
      leastOutputShare: 0.8,
      key: UInt64(hashing: "serving point")
    )
    var options = RunOptions()
    options.loop = .closed
    var sink = ServingSink(measured: Int64(clients)..<Int64(clients * (rounds + 1)))
    let result = try Engine.run(
      loop.trace(named: "closed loop"),
      fleet: fleet,
      policies: policies,
      options: options,
      sink: &sink
    )
    guard let tokenTime = Quantiles(sink.tokenTimes)?.median, tokenTime > 0,
      let firstToken = Quantiles(sink.firstTokens)?.median, sink.seconds > 0,
      result.outputTokens > 0
    else { return nil }
    userRate = 1 / tokenTime
    timeToFirstToken = firstToken
    // By Little's law: each client always has one request.
    rate = Double(clients) * Double(sink.tokens) / sink.seconds
    let kinds = fleet.pools.flatMap { Array(repeating: $0.kind, count: $0.count) }
    let end = Double(result.end) * 1e-9
    let joules = zip(kinds, result.instances).reduce(0.0) { sum, instance in
      let busy = Double(instance.1.busy) * 0x1p-32 * 1e-9
      let active = Double(instance.1.energy) * 0x1p-32 * 1e-9
      return sum + active + instance.0.idleWatts * max(0, end - busy)
    }
    joulesPerToken = joules / Double(result.outputTokens)
  }
}

/// Keeps what a serving point needs of the requests that count.
private struct ServingSink: RecordSink {
  let measured: Range<Int64>
  var firstTokens: [Double] = []
  var tokenTimes: [Double] = []
  var tokens: Int64 = 0
  /// Σ time from arrival to the last token.
  var seconds = 0.0

  init(measured: Range<Int64>) { self.measured = measured }

  mutating func receive(requests: borrowing ContiguousArray<RequestRecord>) {
    for index in 0..<requests.count {
      let request = requests[index]
      guard measured.contains(request.record), request.outcome == .completed else { continue }
      firstTokens.append(Double(request.firstToken - request.arrival) * 1e-9)
      tokens += Int64(request.outputTokens)
      seconds += Double(request.finish - request.arrival) * 1e-9
      guard request.outputTokens > 1 else { continue }
      tokenTimes.append(
        Double(request.finish - request.firstToken) * 1e-9 / Double(request.outputTokens - 1)
      )
    }
  }

  mutating func receive(intervals: borrowing ContiguousArray<TokenIntervals>) {}
}
