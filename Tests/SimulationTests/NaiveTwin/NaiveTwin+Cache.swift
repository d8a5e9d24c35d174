import Hardware
import Simulation
import Workload

/// What requests find cached on an instance, and what they add to it.
extension NaiveTwin {
  /// What a request asks an instance's memory for.
  enum Purpose { case computes, decodes, swapsIn }

  func purpose(of r: Int, at i: Int) -> Purpose {
    if instances[i].swapped.contains(r) { return .swapsIn }
    let isComputed = instances[i].role != .decode || instances[i].preempted.contains(r)
    return isComputed ? .computes : .decodes
  }

  /// How many tokens of a request's context it finds cached on an instance if it gets memory now.
  func hit(of r: Int, at i: Int) -> Int {
    let tokens = requests[r].contextTokens
    let most: Int
    switch purpose(of: r, at: i) {
    case .swapsIn: return 0
    case .computes: most = tokens - 1
    case .decodes: most = tokens
    }
    let matched = instances[i].memory.cache.match(requests[r].path ?? [])
    return min(matched * blockTokens, most) / fleet.blockTokens * fleet.blockTokens
  }

  /// The blocks of its path that so many tokens of a request's context fill.
  func blocks(of r: Int, within tokens: Int) -> [TwinBlockName] {
    guard let path = requests[r].path, blockTokens > 0 else { return [] }
    return Array(path.prefix(tokens / blockTokens))
  }

  /// Whether there is room for a request's context, and for one more resident where that counts.
  func fits(_ r: Int, at i: Int) -> Bool {
    let memory = instances[i].memory
    let hasSlot =
      instances[i].role == .prefill || memory.residentCount < instances[i].kind.maxBatch
    let units = memory.shape.units(tokens: requests[r].contextTokens)
    let pinned = blocks(of: r, within: hit(of: r, at: i))
    return hasSlot && memory.need(units, pinning: pinned) <= memory.free
  }

  /// Whether a request that asks for memory now fits; on an instance without residents retentions
  /// give way to it.
  mutating func findsRoom(_ r: Int, at i: Int) -> Bool {
    guard instances[i].memory.residentCount == 0 else { return fits(r, at: i) }
    while !fits(r, at: i), yieldRetention(at: i, .retentionYieldedToRequest) {}
    return fits(r, at: i)
  }

  mutating func reserve(_ r: Int, at i: Int) {
    let tokens = hit(of: r, at: i)
    countHit(of: r, tokens: tokens, at: i)
    switch purpose(of: r, at: i) {
    case .swapsIn: break
    case .computes:
      requests[r].hitTokens = tokens
      instances[i].totals.hitTokens += Int64(tokens)
    case .decodes:
      requests[r].handedHitTokens = tokens
      instances[i].totals.tokensNotSent += Int64(tokens)
      if requests[r].row.decodeHitTokens < 0 { requests[r].row.decodeHitTokens = Int32(tokens) }
    }
    let units = instances[i].memory.shape.units(tokens: requests[r].contextTokens)
    let pinned = blocks(of: r, within: tokens)
    instances[i].memory.reserve(units, pinning: pinned, for: .request(r))
    tellTiers(at: i)
    instances[i].change()
    requests[r].admittedAt = now
  }

  /// Frees all that a request has on an instance.
  mutating func release(_ r: Int, at i: Int) {
    instances[i].memory.release(.request(r), use(by: r))
    instances[i].notice()
  }

  func use(by r: Int) -> TwinUse {
    TwinUse(
      now: now,
      session: requests[r].row.session,
      requestClass: requests[r].row.requestClass
    )
  }

  /// The blocks of a chunk that has been computed, and those that were complete before, are there for
  /// others.
  mutating func showComputed(_ r: Int, at i: Int) {
    show(blocks(of: r, within: requests[r].computedTokens), of: r, at: i)
  }

  /// All blocks of a request that joins a batch are there for others.
  mutating func showAll(_ r: Int, at i: Int) {
    show(blocks(of: r, within: requests[r].contextTokens), of: r, at: i)
  }

  private mutating func show(_ path: [TwinBlockName], of r: Int, at i: Int) {
    countShared(path, of: r, at: i)
    instances[i].memory.extend(.request(r), to: path)
  }

  /// The path that shows which blocks the output of a request is part of, up to the last of them; nil
  /// where nobody that waits for it goes on from it.
  func continuation(of r: Int) -> [TwinBlockName]? {
    guard let own = requests[r].path, requests[r].reasoningTokens == 0 else { return nil }
    let paths = waiting(for: r).compactMap { requests[$0].path }
    guard let path = paths.first(where: { $0.starts(with: own) }) else { return nil }
    let tokens = Int(requests[r].row.promptTokens) + Int(requests[r].row.outputTokens) - 1
    return Array(path.prefix(tokens / blockTokens))
  }

  /// Requests that wait for something of one, and have not been dispatched.
  func waiting(for r: Int) -> [Int] {
    requests.indices.filter { child in
      !requests[child].isOffered && requests[child].edges.contains { $0.parent == r }
    }
  }
}
