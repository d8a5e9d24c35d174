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
  ///   - isFirst: Whether its hand-off is the first between its two instances.
  init(of request: RequestRecord, on fleet: Fleet, budget: Int, isFirst: Bool = true) {
    let (prompt, output) = (Int(request.promptTokens), Int(request.outputTokens))
    let sender = Self.pool(.prefill, in: fleet) ?? fleet.pools[0]
    let chunks = Self.chunks(of: prompt, from: request.arrival, by: budget, on: sender.kind)
    prefillEnd = FixedPoint.ceiling(chunks.end)
    firstToken = prefillEnd
    finish = prefillEnd
    let emitsAtPrefill = fleet.isMonolithic || fleet.firstToken == .prefill
    let steps = emitsAtPrefill ? output - 1 : output
    guard steps > 0 else { return }

    var (clock, decoder) = (chunks.end, sender.kind)
    if let receiver = Self.pool(.decode, in: fleet) {
      let handoff = SoloHandOff(from: sender, to: receiver, on: fleet, isFirst: isFirst)
      transferEnd = handoff.end(of: chunks.all)
      clock = FixedPoint.fine(nanoseconds: transferEnd)
      decoder = receiver.kind
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

  private static func pool(_ role: Role, in fleet: Fleet) -> Pool? {
    fleet.pools.first { $0.role == role }
  }

  private static func chunks(
    of prompt: Int,
    from arrival: SimTime,
    by budget: Int,
    on kind: InstanceKind
  ) -> (all: [SoloHandOff.Chunk], end: FineTime) {
    var clock = FixedPoint.fine(nanoseconds: arrival)
    var all: [SoloHandOff.Chunk] = []
    for past in stride(from: 0, to: prompt, by: budget) {
      let tokens = min(budget, prompt - past)
      let start = FixedPoint.ceiling(clock)
      let pass = kind.costs.prefillPass(tokens: tokens, decodeBatch: 0).time
      let attention = kind.costs.prefillAttention(newTokens: tokens, pastTokens: past).time
      clock += max(pass + attention, FixedPoint.fine(nanoseconds: 1))
      all.append(
        SoloHandOff.Chunk(
          tokens: past..<past + tokens,
          start: start,
          end: FixedPoint.ceiling(clock)
        )
      )
    }
    return (all, clock)
  }
}
