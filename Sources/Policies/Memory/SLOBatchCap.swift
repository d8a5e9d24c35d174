public import Simulation
public import Workload

/// Admits a request only if a decode step with it would be no longer than its time per output token
/// may be: its own SLO, or `tpot-ms` where it brings none.
///
/// So the batch is as large as the SLO allows, whatever the memory. Only the newcomer's SLO counts:
/// those that run were admitted by theirs.
///
/// Source: the decode side of Mooncake, which admits by the predicted time between tokens; Qin et
/// al., https://arxiv.org/abs/2407.00079; late rejection is its check when the KV has arrived.
/// Departures: the prediction is the simulation's own cost model, so it has no error; and a request
/// that was preempted after it had decoded waits instead of being given up. With layer-wise hand-off
/// it is asked before the prompt is computed, so that what it rejects then was not late at all.
///
/// A step only becomes longer between the moments at which the engine asks anyway, so a wait needs
/// no review.
///
/// Parameters: `tpot-ms`, default 50; `otherwise`, what becomes of a request that would make the
/// step too long: `wait` (the default) or `reject`.
///
/// Example: a step of 12 requests takes 49 ms and with one more 51 ms. A request without an SLO
/// waits, one with a TPOT SLO of 60 ms is admitted.
public struct SLOBatchCap: DecodeAdmit {
  /// What becomes of a request that would make the step too long.
  public enum Excess: String, Sendable, CaseIterable { case wait, reject }

  public static let entry = PolicyEntry.decodeAdmit(
    "slo-batch-cap",
    "Admits only if a decode step with the request is within its TPOT SLO.",
    clairvoyance: .predicted,
    parameters: [
      PolicyParameter(
        "tpot-ms",
        unit: "ms",
        default: 50,
        range: 0.001...60_000,
        isWhole: false,
        summary: "Longest step for a request that brings no TPOT SLO."
      ),
      PolicyParameter(
        "otherwise",
        default: Excess.wait,
        summary: "What becomes of a request that would make the step too long."
      ),
    ]
  ) {
    SLOBatchCap(
      tpotNanoseconds: SimTime(($0["tpot-ms"] * 1e6).rounded()),
      otherwise: $0.choice("otherwise")
    )
  }

  let tpotNanoseconds: SimTime
  let otherwise: Excess

  public init(tpotNanoseconds: SimTime, otherwise: Excess = .wait) {
    self.tpotNanoseconds = tpotNanoseconds
    self.otherwise = otherwise
  }

  public var clairvoyance: Clairvoyance { .predicted }
  public var signals: Signals { .stepTime }

  public func admit(_ request: RequestView, _ instance: MemoryView) -> DecodeAdmitDecision {
    let limit = request.tpotSLO > 0 ? request.tpotSLO : tpotNanoseconds
    if instance.stepTimeIfAdmitted <= limit { return .admit }
    // Only a decode step makes the context longer than the prompt.
    let hasDecoded = request.contextTokens > request.promptTokens
    return otherwise == .reject && !hasDecoded
      ? .reject(reason: "a decode step would exceed the TPOT SLO") : .wait(review: .never)
  }
}
