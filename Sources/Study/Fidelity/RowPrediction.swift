public import Hardware
public import Policies
public import Simulation
import Workload

/// What the engine says of a row.
public struct RowPrediction: Sendable, Equatable {
  public var id: String
  /// Time to first token and time per output token, in seconds; nil where there is no prediction.
  public var timeToFirstToken: Double?
  public var timePerOutputToken: Double?
  /// `predicted`, with what was assumed, or why there is no prediction.
  public var status: String
}

/// How rows are replayed.
public struct RowReplay: Sendable {
  /// Lengths are uniform from these shares of the nominal ones up to them, above 0, at most 1.
  public var leastPromptShare = 0.8
  public var leastOutputShare = 0.8
  /// Requests of each client: as many as benchmarks send, the first of them all at once, but in all
  /// no more than `mostRequests` unless there are fewer than three of each.
  public var rounds = 10
  public var mostRequests = 8_000
  /// Of every instance.
  public var policy: PolicyChoice

  /// Decode-first chunked prefill with the token budget that vLLM and SGLang serve with, first come
  /// first served.
  public init() { policy = .defaults }

  /// Predicts one row under the constants of a profile.
  ///
  /// - Parameters:
  ///   - row: The row; what it measured is not looked at.
  ///   - catalogue: What its names stand for.
  ///   - profile: The constants.
  ///   - policies: `policy`, resolved.
  /// - Returns: The prediction, or why there is none.
  public func predict(
    _ row: MeasuredRow,
    in catalogue: RowCatalogue,
    profile: Profile,
    policies: PolicySet
  ) -> RowPrediction {
    do throws(UnpredictableRow) {
      let deployment = try RowDeployment(row, in: catalogue, profile: profile)
      return try prediction(row, on: deployment, policies)
    } catch {
      return RowPrediction(id: row.id, status: error.description)
    }
  }

  private func prediction(
    _ row: MeasuredRow,
    on deployment: RowDeployment,
    _ policies: PolicySet
  ) throws(UnpredictableRow) -> RowPrediction {
    let loop = loop(row, concurrency: deployment.concurrency)
    let latencies: ClosedLoopLatencies
    do throws(TraceError) {
      latencies = try loop.latencies(on: deployment.fleet, policies: policies)
    } catch {
      throw .nothingCompleted
    }
    guard let firstToken = latencies.timeToFirstToken else { throw .nothingCompleted }
    let tokenTime = latencies.timePerOutputToken
    let delay = FrontEnd(engine: row.engine, isAttentionParallel: deployment.isAttentionParallel)
      .seconds(
        promptTokens: Double(row.promptTokens) * (1 + leastPromptShare) / 2,
        stepSeconds: (tokenTime ?? 0) / 1e9 * deployment.fleet.acceptedTokensPerStep
      )
    return RowPrediction(
      id: row.id,
      timeToFirstToken: firstToken / 1e9 + delay,
      timePerOutputToken: tokenTime.map { $0 / 1e9 },
      status: (["predicted"] + deployment.notes).joined(separator: "; ")
    )
  }

  private func loop(_ row: MeasuredRow, concurrency: Int) -> ClosedLoop {
    ClosedLoop(
      clients: concurrency,
      rounds: max(min(rounds, 3), min(rounds, mostRequests / concurrency)),
      promptTokens: row.promptTokens,
      outputTokens: row.outputTokens,
      leastPromptShare: leastPromptShare,
      leastOutputShare: leastOutputShare,
      key: UInt64(hashing: row.id)
    )
  }
}
