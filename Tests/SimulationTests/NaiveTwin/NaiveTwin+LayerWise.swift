import Hardware
import Simulation
import Workload

/// Hand-offs that send the layers of a prompt while its later chunks are computed.
extension NaiveTwin {
  /// Asks for the decode memory of a prompt whose first chunk is being scheduled; without it the
  /// hand-off falls back to a blocking one.
  ///
  /// - Returns: Whether the prompt is computed; it never waits.
  mutating func askLayerWise(_ r: Int) -> TwinAnswer {
    let isWhole =
      firstToken == .prefill && requests[r].row.outputTokens == 1 && !requests[r].hasLeftPrompt
    guard fleet.handoff.overlap == .layerWise, !isWhole, let receiver = requests[r].receiver else {
      return .admitted
    }
    let isFirst = requests[r].row.handoff == .none
    let isNext = instances[receiver].bridge.isEmpty && !instances[receiver].hasReturns
    switch isNext ? ask(about: r, at: receiver, reviewedBy: nil) : .waits {
    case .admitted:
      census.count(.layerWiseAdmitted)
      reserve(r, at: receiver)
      if isFirst { requests[r].row.handoff = .layerWise }
      startHandOff(of: r, to: receiver, whilePromptRuns: true)
    case .waits:
      census.count(.layerWiseFellBack)
      if isFirst { requests[r].row.handoff = .fellBack }
    case .rejected(let reason):
      census.count(.rejectedAtFirstChunk)
      return .rejected(reason: reason)
    }
    return .admitted
  }

  /// Gives the layers of a chunk but the last to its transfer, at the start of the step.
  mutating func giveLayers(of chunk: TwinChunk, at sender: Int) {
    for t in transfers.indices where transfers[t].request == chunk.request {
      transfers[t].give(layerBytes(of: chunk, at: sender).early, at: now)
    }
  }

  /// Gives what is there of a context without having been computed: what was cached, or loaded.
  mutating func giveCached(_ tokens: Range<Int>, of r: Int, at sender: Int) {
    for t in transfers.indices where transfers[t].request == r && !tokens.isEmpty {
      census.count(.layerWiseWithHit)
      transfers[t].give(handedBytes(of: r, tokens: tokens, at: sender), at: now)
    }
  }

  /// Gives the rest, at the end of the step; `computedTokens` does not count the chunk yet.
  mutating func giveLastLayer(of chunk: TwinChunk, at sender: Int) {
    for t in transfers.indices where transfers[t].request == chunk.request {
      transfers[t].settle(at: now)
      if transfers[t].hasDrained(at: now) { census.count(.layerWiseRefilled) }
      transfers[t].give(layerBytes(of: chunk, at: sender).late, at: now)
      let r = chunk.request
      transfers[t].isComplete =
        requests[r].computedTokens + chunk.tokens == requests[r].contextTokens
    }
  }

  /// The bytes of a chunk whose tokens have not been counted as computed.
  private func layerBytes(of chunk: TwinChunk, at sender: Int) -> (early: Int64, late: Int64) {
    let kind = instances[sender].kind
    let past = requests[chunk.request].computedTokens
    let bytes = handedBytes(of: chunk.request, tokens: past..<past + chunk.tokens, at: sender)
    let layers = Int128(kind.layers)
    let early = Int64(Int128(bytes) * (layers - 1) / layers)
    return (early, bytes - early)
  }

  /// Whether the KV of a request is on its way.
  func isInTransfer(_ r: Int) -> Bool { transfers.contains { $0.request == r } }
}
