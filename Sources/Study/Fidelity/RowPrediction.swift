public import Hardware
import Policies
import Simulation
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
  /// Lengths are uniform from these shares of the nominal ones up to them, above 0, at most 1; see
  /// `leastShares(of:)` for rows whose lengths do not vary.
  public var leastPromptShare = 0.8
  public var leastOutputShare = 0.8
  /// Requests of each client: as many as benchmarks send, the first of them all at once, but in all
  /// no more than `mostRequests` unless there are fewer than three of each.
  public var rounds = 10
  public var mostRequests = 8_000

  public init() {}

  /// Predicts one row under the constants of a profile.
  ///
  /// - Parameters:
  ///   - row: The row; what it measured is not looked at.
  ///   - catalogue: What its names stand for.
  ///   - profile: The constants.
  ///   - schedulers: How engines form batches.
  /// - Returns: The prediction, or why there is none.
  public func predict(
    _ row: MeasuredRow,
    in catalogue: RowCatalogue,
    profile: Profile,
    schedulers: RowSchedulers
  ) -> RowPrediction {
    do throws(UnpredictableRow) {
      let setup = try RowSetup.candidates(row, in: catalogue)[0]
      return try predict(setup, profile: profile, schedulers: schedulers)
    } catch {
      return RowPrediction(id: row.id, status: error.description)
    }
  }

  /// Predicts one row as served in a given way.
  ///
  /// - Parameters:
  ///   - setup: The row and the way.
  ///   - profile: The constants.
  ///   - schedulers: How engines form batches.
  ///   - stepSeconds: The time of a decode step that first tokens wait for; as replayed unless given.
  /// - Returns: The prediction.
  /// - Throws: `UnpredictableRow` where there is none.
  func predict(
    _ setup: RowSetup,
    profile: Profile,
    schedulers: RowSchedulers,
    stepSeconds: Double? = nil
  ) throws(UnpredictableRow) -> RowPrediction {
    let row = setup.row
    let deployment = try RowDeployment(setup, profile: profile)
    let replayed = try replay(row, on: deployment, schedulers[setup])
    let waited = deployment.frontEnd.seconds(
      profile.firstTokenDelay(of: row.version),
      promptTokens: meanLengths(of: row).prompt,
      stepSeconds: stepSeconds ?? replayed.stepSeconds
    )
    return RowPrediction(
      id: row.id,
      timeToFirstToken: replayed.firstTokenSeconds + waited,
      timePerOutputToken: replayed.tokenSeconds,
      status: (["predicted"] + deployment.notes).joined(separator: "; ")
    )
  }

  /// What a row tells of an engine's delay of first tokens.
  ///
  /// - Throws: `UnpredictableRow` where it cannot be replayed.
  func firstToken(
    of row: MeasuredRow,
    in catalogue: RowCatalogue,
    profile: Profile,
    schedulers: RowSchedulers
  ) throws(UnpredictableRow) -> FirstTokenFit.Point? {
    guard let measured = row.timeToFirstToken else { return nil }
    let setup = try RowSetup.candidates(row, in: catalogue)[0]
    let deployment = try RowDeployment(setup, profile: profile)
    let replayed = try replay(row, on: deployment, schedulers[setup])
    return FirstTokenFit.Point(
      version: row.version,
      computedSeconds: replayed.firstTokenSeconds,
      frontEnd: deployment.frontEnd,
      promptTokens: meanLengths(of: row).prompt,
      stepSeconds: replayed.stepSeconds,
      logTime: DeterministicMath.log(measured)
    )
  }

  /// What the engine takes for a row, in seconds, before any delay of its front end.
  private struct Replayed {
    var firstTokenSeconds: Double
    /// nil where no output has a second token.
    var tokenSeconds: Double?
    /// Of a decode step; 0 where there is none.
    var stepSeconds: Double
  }

  private func replay(
    _ row: MeasuredRow,
    on deployment: RowDeployment,
    _ policies: PolicySet
  ) throws(UnpredictableRow) -> Replayed {
    let latencies: ClosedLoopLatencies
    do throws(TraceError) {
      latencies = try loop(row, concurrency: deployment.concurrency)
        .latencies(on: deployment.fleet, policies: policies)
    } catch {
      throw .nothingCompleted
    }
    guard let firstToken = latencies.timeToFirstToken else { throw .nothingCompleted }
    let token = latencies.timePerOutputToken.map { $0 / 1e9 }
    return Replayed(
      firstTokenSeconds: firstToken / 1e9,
      tokenSeconds: token,
      stepSeconds: (token ?? 0) * deployment.fleet.acceptedTokensPerStep
    )
  }

  /// Mean tokens of prompts and outputs.
  func meanLengths(of row: MeasuredRow) -> (prompt: Double, output: Double) {
    let least = leastShares(of: row)
    return (
      Double(row.promptTokens) * (1 + least.prompt) / 2,
      Double(row.outputTokens) * (1 + least.output) / 2
    )
  }

  /// Rows without a day whose lengths are powers of two, but not those of InferenceX's sweeps, come from
  /// a collection in which lengths do not vary: their clients stay in step, and their prompts wait for
  /// each other.
  private func leastShares(of row: MeasuredRow) -> (prompt: Double, output: Double) {
    let lengths = [row.promptTokens, row.outputTokens]
    let isOfSweep = lengths.allSatisfy([1_024, 8_192].contains)
    let isFixed = row.measuredOn.isEmpty && !isOfSweep && lengths.allSatisfy { $0 & ($0 - 1) == 0 }
    return isFixed ? (1, 1) : (leastPromptShare, leastOutputShare)
  }

  private func loop(_ row: MeasuredRow, concurrency: Int) -> ClosedLoop {
    let least = leastShares(of: row)
    return ClosedLoop(
      clients: concurrency,
      rounds: max(min(rounds, 3), min(rounds, mostRequests / concurrency)),
      promptTokens: row.promptTokens,
      outputTokens: row.outputTokens,
      leastPromptShare: least.prompt,
      leastOutputShare: least.output,
      key: UInt64(hashing: row.id)
    )
  }
}
