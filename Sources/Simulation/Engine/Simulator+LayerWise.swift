import Hardware
import Workload

// Hand-offs that begin while their prompt is still being computed.
extension Simulator {
  /// The first chunk of a prompt is about to be scheduled on a prefill instance: its decode instance
  /// is chosen, and its decode memory reserved, where the fleet does that now.
  mutating func prepareHandoff(_ slot: Int32, on index: Int) -> MemoryAnswer {
    if decodeAt == .prefillStart { chooseDecode(slot, view(slot)) }
    let needsHandoff =
      requests[slot].hasLeftPrompt || !emitsAtPrefill || requests[slot].out.outputTokens > 1
    guard isLayerWise, needsHandoff else { return .granted }
    let receiver = Int(requests[slot].out.decodeInstance)
    let answer =
      instances[receiver].bridge.isEmpty && !instances[receiver].hasReturns
      ? askForMemory(slot, on: receiver, from: .beforePrefill) : .waits
    let isFirst = requests[slot].out.handoff == .none
    switch answer {
    case .granted:
      if isFirst { requests[slot].out.handoff = .layerWise }
      reserve(slot, on: receiver)
      startTransfer(slot, isWhole: false)
    case .waits:
      if isFirst { requests[slot].out.handoff = .fellBack }
      note(slot, .fellBackToBlocking, receiver)
    case .rejected:
      expectNoMore(slot, on: receiver)
      return answer
    }
    return .granted
  }

  /// The bytes of a chunk's KV, and those of them that can be sent while it is being computed: all
  /// layers' but the last.
  private func chunkBytes(_ chunk: Chunk, on index: Int) -> (all: Int64, early: Int64) {
    let done = requests[chunk.slot].computedTokens
    let landed = requests[chunk.slot].landedTokens
    let known = min(landed, done + chunk.tokens) - min(landed, done)
    let all =
      instances[index].storedBytes(tokens: done + chunk.tokens)
      - instances[index].storedBytes(tokens: done)
      - instances[index].sharedBytes(tokens: known)
    let layers = instances[index].layers
    let product = wideProduct(all, layers - 1)
    return (all, defect(.layerWiseLastShareLost) ? all : Int64(product / Int128(layers)))
  }

  /// The bytes of a hit in the cache that the decode side lacks: they can be sent at once.
  private func hitBytes(_ slot: Int32, on index: Int) -> Int64 {
    let hit = requests[slot].computedTokens
    return instances[index].storedBytes(tokens: hit)
      - instances[index].sharedBytes(tokens: min(hit, requests[slot].landedTokens))
  }

  /// A prompt's first chunk starts behind what is cached of it.
  mutating func sendHit(_ slot: Int32, on index: Int) {
    let transfer = requests[slot].transfer
    guard transfer >= 0, requests[slot].computedTokens > 0 else { return }
    give(transfer, hitBytes(slot, on: index))
  }

  /// The step with a chunk starts: its first layers can be sent.
  mutating func sendEarly(_ chunk: Chunk, on index: Int) {
    let transfer = requests[chunk.slot].transfer
    guard transfer >= 0 else { return }
    give(transfer, chunkBytes(chunk, on: index).early)
  }

  /// The step with a chunk has ended: its last layer can be sent, and that is all if it was the last
  /// chunk. Before the chunk is counted as computed.
  mutating func sendLate(_ chunk: Chunk, on index: Int) {
    let transfer = requests[chunk.slot].transfer
    guard transfer >= 0 else { return }
    let (all, early) = chunkBytes(chunk, on: index)
    let computed = requests[chunk.slot].computedTokens + chunk.tokens
    links.transfers[Int(transfer)].isWhole = computed == requests[chunk.slot].contextTokens
    give(transfer, all - early)
  }

  /// More of it has come from a tier.
  mutating func sendLoaded(_ slot: Int32, on index: Int, to tokens: Int64) {
    let transfer = requests[slot].transfer
    guard transfer >= 0, tokens > requests[slot].computedTokens else { return }
    let sent = hitBytes(slot, on: index)
    let landed = min(tokens, requests[slot].landedTokens)
    give(
      transfer,
      instances[index].storedBytes(tokens: tokens) - instances[index].sharedBytes(tokens: landed)
        - sent
    )
  }

  private mutating func give(_ transfer: Int32, _ bytes: Int64) {
    let id = Int(transfer)
    guard let end = links.give(id, bytes: bytes, at: now) else { return }
    let owner = links.transfers[id].record
    queue.schedule(firstTransfer + id, at: end, kind: .transferEnd, owner: owner)
  }
}
