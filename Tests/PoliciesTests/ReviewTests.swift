import Hardware
import Policies
import Simulation
import Testing
import Workload

/// A review must be the first moment at which the decision changes by itself; then asking at every
/// boundary in between finds nothing new.
struct ReviewTests {
  @Test func `staggered's reviews are the first change, found by asking at every moment`() {
    var random = SplitMix64(seed: 7)
    var (holdsInTime, holdsInSteps) = (0, 0)
    for _ in 0..<3_000 {
      let policy = Staggered(
        requests: .random(in: 1...5, using: &random),
        holdNanoseconds: .random(in: 0...40, using: &random),
        steps: .random(in: 1...12, using: &random),
        tokens: 64
      )
      var view = batch(
        now: .random(in: 100...140, using: &random),
        queued: .random(in: 1...6, using: &random),
        oldest: .random(in: 90...100, using: &random),
        running: Bool.random(using: &random) ? 0 : .random(in: 1...9, using: &random),
        stepsSincePrefill: .random(in: 0...15, using: &random)
      )
      let decision = policy.form(view)
      var change: Review = .never
      // Long enough to see any hold end, and to see that an open decision stays open.
      for step in 1...60 where change == .never {
        view.now += view.runningRequests > 0 ? .random(in: 1...9, using: &random) : 1
        if view.runningRequests > 0 { view.stepsSincePrefill += 1 }
        if policy.form(view).promptTokens != decision.promptTokens {
          change = view.runningRequests > 0 ? .afterSteps(step) : .at(view.now)
        }
      }
      #expect(decision.review == change)
      if case .at = change { holdsInTime += 1 }
      if case .afterSteps = change { holdsInSteps += 1 }
    }
    #expect(holdsInTime > 100)
    #expect(holdsInSteps > 100)
  }

  @Test func `peak-future-tokens decides as a simulation of every future token does`() {
    var random = SplitMix64(seed: 8)
    var (admitted, waiting) = (0, 0)
    for _ in 0..<3_000 {
      let state = MemoryState(using: &random)
      var policy = PeakFutureTokens(assumedOutputTokens: state.assumed)
      let admits = policy.admit(state.newcomer, state.view(after: 0)) == .admit
      #expect(admits == state.holdsEveryFutureToken(after: 0))
      if admits { admitted += 1 } else { waiting += 1 }
    }
    #expect(admitted > 300)
    #expect(waiting > 300)
  }

  @Test func `peak-future-tokens reviews at the first step that admits, or after 64, or never`() {
    var random = SplitMix64(seed: 9)
    var (found, furthest, never) = (0, 0, 0)
    for _ in 0..<3_000 {
      let state = MemoryState(using: &random)
      var policy = PeakFutureTokens(assumedOutputTokens: state.assumed)
      guard case .wait(let review) = policy.admit(state.newcomer, state.view(after: 0)) else {
        continue
      }
      guard state.residents.contains(where: \.isDecoding) else {
        #expect(review == .never)
        never += 1
        continue
      }
      let first = (1...64).first { state.holdsEveryFutureToken(after: $0) }
      #expect(review == .afterSteps(first ?? 64))
      if first == nil { furthest += 1 } else { found += 1 }
      for steps in 1..<(first ?? 64) {
        #expect(policy.admit(state.newcomer, state.view(after: steps)) != .admit)
      }
    }
    #expect(found > 100)
    #expect(furthest > 100)
    #expect(never > 20)
  }
}

/// A random memory with a request that wants in, and its future counted token by token.
private struct MemoryState {
  let residents: [Resident]
  let newcomer: RequestView
  let kv: KVShape
  let capacity: Int64
  let assumed: Int

  init(using random: inout SplitMix64) {
    assumed = .random(in: 1...40, using: &random)
    kv =
      Bool.random(using: &random)
      ? oneUnitPerToken
      : KVShape(
        fullBytesPerToken: .random(in: 0...3, using: &random),
        windowBytesPerToken: .random(in: 1...5, using: &random),
        windowTokens: .random(in: 1...25, using: &random)
      )
    let allStandStill = Int.random(in: 0..<8, using: &random) == 0
    residents = (0..<Int.random(in: 1...6, using: &random)).map { record in
      resident(
        record: Int64(record),
        tokens: .random(in: 1...30, using: &random),
        emitted: .random(in: 0...20, using: &random),
        limit: .random(in: 0...3, using: &random) * 12,
        isDecoding: !allStandStill && Int.random(in: 0..<4, using: &random) > 0
      )
    }
    newcomer = request(
      contextTokens: .random(in: 1...40, using: &random),
      emittedTokens: .random(in: 0...3, using: &random),
      maxOutputTokens: .random(in: 0...3, using: &random) * 15
    )
    var now = kv.units(tokens: newcomer.contextTokens)
    for resident in residents { now += kv.units(tokens: resident.contextTokens) }
    capacity = now + now * .random(in: 0...150, using: &random) / 100
  }

  func view(after steps: Int) -> MemoryView {
    let later = residents.map { resident in
      var resident = resident
      if resident.isDecoding {
        resident.contextTokens += steps
        resident.emittedTokens += steps
      }
      return resident
    }
    return memory(later, capacity: capacity, kv: kv)
  }

  /// Whether no token that anybody has still to emit would overflow the memory.
  func holdsEveryFutureToken(after steps: Int) -> Bool {
    let others = view(after: steps).residents.map {
      (tokens: $0.contextTokens, left: left($0.maxOutputTokens, $0.emittedTokens))
    }
    let all =
      others + [
        (
          tokens: newcomer.contextTokens,
          left: left(newcomer.maxOutputTokens, newcomer.emittedTokens)
        )
      ]
    let last = all.map(\.left).max() ?? 1
    return (1...last).allSatisfy { token in
      let held = all.filter { $0.left >= token }
      return held.reduce(0) { $0 + kv.units(tokens: $1.tokens + token) } <= capacity
    }
  }

  private func left(_ limit: Int, _ emitted: Int) -> Int {
    max(1, (limit == 0 ? assumed : limit) - emitted)
  }
}
