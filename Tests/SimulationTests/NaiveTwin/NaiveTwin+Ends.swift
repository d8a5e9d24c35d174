import Simulation
import Workload

/// How requests leave.
extension NaiveTwin {
  mutating func complete(_ r: Int, at i: Int, hasDecoded: Bool) {
    end(r, .completed)
    if hasDecoded, let path = continuation(of: r) {
      instances[i].memory.extend(.request(r), to: path)
    }
    release(r, at: i)
    leaveInbound(r)
    if hasDecoded { writeBack(r, from: i) }
    retain(r, hasDecoded: hasDecoded)
    fire(.completion, of: r)
  }

  mutating func end(
    _ r: Int,
    _ outcome: Outcome,
    reason: UInt8 = 0,
    at time: SimTime? = nil
  ) {
    endedRequests += 1
    requests[r].place = endedRequests
    requests[r].end(outcome, reason: reason, at: time ?? now)
  }

  mutating func fail(_ r: Int) {
    end(r, .failed, reason: 2)
    retentionsNoticeEnd(of: r)
    cancelDescendants(of: r)
  }

  /// Rejects a request that has not been routed.
  mutating func reject(_ r: Int, reason: UInt8) {
    end(r, .rejected, reason: reason)
    retentionsNoticeEnd(of: r)
    cancelDescendants(of: r)
  }

  /// Rejects a request that stands in some queue: it leaves that, and frees what it holds on the
  /// prefill side or on a host.
  mutating func rejectLate(_ r: Int, _ reason: String) {
    for i in instances.indices {
      if instances[i].memory.holds(r) {
        release(r, at: i)
      }
      instances[i].host.release(r)
      let queued =
        instances[i].waiting.map(\.request) + instances[i].bridge.map(\.request)
        + instances[i].preempted + instances[i].swapped
      guard queued.contains(r) else { continue }
      instances[i].waiting.removeAll { $0.request == r }
      instances[i].bridge.removeAll { $0.request == r }
      instances[i].preempted.removeAll { $0 == r }
      instances[i].swapped.removeAll { $0 == r }
      instances[i].change()
    }
    leaveInbound(r)
    reject(r, reason: number(of: reason))
  }

  func isInbound(_ r: Int, to i: Int) -> Bool { instances[i].inbound.contains(r) }

  mutating func leaveInbound(_ r: Int) {
    for i in instances.indices where isInbound(r, to: i) {
      instances[i].inbound.removeAll { $0 == r }
      instances[i].change()
    }
  }

  /// The number of a policy's reason; from the 253rd on they share the last one.
  mutating func number(of reason: String) -> UInt8 {
    if let known = reasons[3...].firstIndex(of: reason) { return UInt8(known) }
    guard reasons.count < 255 else { return 255 }
    reasons.append(reason)
    return UInt8(reasons.count - 1)
  }
}
