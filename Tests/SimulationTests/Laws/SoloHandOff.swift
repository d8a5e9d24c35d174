import Hardware
import Workload

/// The hand-off of a request that is alone: nothing shares its links with it.
struct SoloHandOff {
  /// Tokens that one step computes, from the visible start of the step to its visible end.
  struct Chunk {
    var tokens: Range<Int>
    var start: SimTime
    var end: SimTime
  }

  private let sender: InstanceKind
  private let isLayerWise: Bool
  private let latency: SimTime
  private let bytesPerSecond: Int64

  /// The hand-off between two pools; the first one between two instances pays a cold start.
  init(from sender: Pool, to receiver: Pool, on fleet: Fleet, isFirst: Bool) {
    self.sender = sender.kind
    isLayerWise = fleet.handoff.overlap == .layerWise
    latency =
      max(sender.kind.handoffLatency, receiver.kind.handoffLatency)
      + (isFirst ? fleet.handoff.coldStart : 0)
    let nic = min(sender.kind.nicBytesPerSecond, receiver.kind.nicBytesPerSecond)
    var limits = [nic, sender.fabricBytesPerSecond, receiver.fabricBytesPerSecond]
    for pair in fleet.handoff.pairs
    where pair.prefill == sender.name && pair.decode == receiver.name && pair.efficiency < 1 {
      limits.append(SimTime(pair.efficiency * Double(nic)))
    }
    bytesPerSecond = max(1, limits.min() ?? nic)
  }

  /// When the KV of the chunks has landed.
  func end(of chunks: [Chunk]) -> SimTime {
    guard isLayerWise else { return blockingEnd(of: chunks) }
    return layerWiseEnd(of: chunks)
  }

  private func bytes(_ tokens: Int) -> Int64 {
    sender.kv.bytes(tokens: tokens) * sender.kvReplication
  }

  private func sending(_ work: Int128) -> SimTime {
    SimTime((work + Int128(bytesPerSecond) - 1) / Int128(bytesPerSecond))
  }

  private func blockingEnd(of chunks: [Chunk]) -> SimTime {
    let all = chunks.map(\.tokens.upperBound).max() ?? 0
    let ready = chunks.map(\.end).max() ?? 0
    return ready + latency + max(1, sending(Int128(bytes(all)) * 1_000_000_000))
  }

  /// A flow that is given bytes at the start and the end of every chunk's step, and stands aside
  /// while it has none.
  private func layerWiseEnd(of chunks: [Chunk]) -> SimTime {
    var gifts: [(time: SimTime, isStart: Bool, bytes: Int64)] = []
    for chunk in chunks {
      let all = bytes(chunk.tokens.upperBound) - bytes(chunk.tokens.lowerBound)
      let early = all * Int64(sender.layers - 1) / Int64(sender.layers)
      gifts.append((chunk.start, true, early))
      gifts.append((chunk.end, false, all - early))
    }
    let first = (chunks.first?.start ?? 0) + latency
    // What is left is counted in bytes × 10⁹, as of `clock`.
    var (work, clock, joined, isOn) = (Int128(0), first, first, true)
    func end() -> SimTime { max(clock + sending(work), joined + 1) }
    for (index, gift) in gifts.enumerated() {
      let time = max(gift.time, first)
      // The ends of steps come before the ends of transfers, their starts after.
      if isOn, end() < time || (end() == time && gift.isStart) { isOn = false }
      if isOn {
        work = max(0, work - Int128(bytesPerSecond) * Int128(time - clock))
      } else if gift.bytes > 0 || index == gifts.count - 1 {
        (work, joined, isOn) = (0, time, true)
      }
      clock = time
      work += Int128(gift.bytes) * 1_000_000_000
    }
    return end()
  }
}
