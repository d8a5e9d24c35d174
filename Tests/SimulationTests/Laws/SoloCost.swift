import Hardware
import Simulation
import Workload

/// When a request alone on a fleet reaches each stage, added up from the costs of its parts.
///
/// Times are in nanoseconds. Steps are added one by one, in units of 2⁻³² ns.
struct SoloCost: Equatable {
  var prefillEnd: SimTime
  /// −1 without a hand-off, as in a record.
  var transferEnd: SimTime = -1
  var firstToken: SimTime
  var finish: SimTime

  /// - Parameters:
  ///   - request: Its arrival and its numbers of tokens.
  ///   - fleet: One kind of instance per role; both sides hold the whole request.
  ///   - budget: Prompt tokens per step.
  init(of request: RequestRecord, on fleet: Fleet, budget: Int) {
    let (prompt, output) = (Int(request.promptTokens), Int(request.outputTokens))
    let sender = Self.kind(.prefill, in: fleet) ?? fleet.pools[0].kind
    var clock = FixedPoint.fine(nanoseconds: request.arrival)
    for past in stride(from: 0, to: prompt, by: budget) {
      let tokens = min(budget, prompt - past)
      let pass = sender.costs.prefillPass(tokens: tokens, decodeBatch: 0).time
      let attention = sender.costs.prefillAttention(newTokens: tokens, pastTokens: past).time
      clock += max(pass + attention, FixedPoint.fine(nanoseconds: 1))
    }
    prefillEnd = FixedPoint.ceiling(clock)
    firstToken = prefillEnd
    finish = prefillEnd
    let emitsAtPrefill = fleet.isMonolithic || fleet.firstToken == .prefill
    let steps = emitsAtPrefill ? output - 1 : output
    guard steps > 0 else { return }

    var decoder = sender
    if let receiver = Self.kind(.decode, in: fleet) {
      transferEnd = prefillEnd + Self.handOff(of: prompt, from: sender, to: receiver)
      clock = FixedPoint.fine(nanoseconds: transferEnd)
      decoder = receiver
    }
    var curves = DecodeCurves(kind: decoder)
    for step in 0..<steps {
      let units = decoder.kv.units(tokens: prompt + step)
      clock += curves.piece(batch: 1, units: units).time(units: units)
      if step == 0, !emitsAtPrefill { firstToken = FixedPoint.ceiling(clock) }
    }
    finish = FixedPoint.ceiling(clock)
  }

  /// What a run says.
  init(_ record: RequestRecord) {
    prefillEnd = record.prefillEnd
    transferEnd = record.transferEnd
    firstToken = record.firstToken
    finish = record.finish
  }

  private static func kind(_ role: Role, in fleet: Fleet) -> InstanceKind? {
    fleet.pools.first { $0.role == role }?.kind
  }

  private static func handOff(
    of tokens: Int,
    from sender: InstanceKind,
    to receiver: InstanceKind
  ) -> SimTime {
    let bytes = Int128(sender.kv.bytes(tokens: tokens) * sender.kvReplication)
    let rate = Int128(min(sender.nicBytesPerSecond, receiver.nicBytesPerSecond))
    let sending = (bytes * 1_000_000_000 + rate - 1) / rate
    return max(sender.handoffLatency, receiver.handoffLatency) + max(1, SimTime(sending))
  }
}
