import Workload

// The life of the one request that `RunOptions.explainedRecord` names.
extension Simulator {
  mutating func explain(_ slot: Int32) {
    requests[slot].isExplained = true
    note(slot, .arrived)
  }

  /// Writes down what happened to a request, if it is the one; a wait once, however often it is told
  /// to wait.
  @inline(__always)
  mutating func note(
    _ slot: Int32,
    _ kind: LifeEvent.Kind,
    _ index: Int = -1,
    amount: Int64 = 0
  ) {
    guard explains, requests[slot].isExplained else { return }
    if kind == .waits, result.life.last?.kind == .waits { return }
    result.life.append(
      LifeEvent(time: now, kind: kind, instance: Int32(index), amount: amount)
    )
  }
}
