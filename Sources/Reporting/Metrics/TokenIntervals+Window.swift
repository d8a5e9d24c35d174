import Hardware
import Simulation
import Workload

extension TokenIntervals {
  /// The intervals whose token came inside a window; `steps` is 0 where none did.
  ///
  /// Step `j` of `steps` ends at start + (j + 1) × first + increment × j (j + 1) / 2, which never
  /// falls with `j`, so the steps inside are consecutive and both ends are found by halving.
  ///
  /// - Complexity: O(log steps).
  func inside(_ window: MeasureWindow) -> TokenIntervals {
    let before = steps(endingBefore: window.start)
    let through = window.end == .never ? steps : steps(endingBefore: window.end)
    var part = self
    part.start = end(afterSteps: before)
    part.first = first + increment * Int128(before)
    part.steps = through - before
    return part
  }

  /// How many of the steps end, in visible time, before an instant.
  private func steps(endingBefore time: SimTime) -> Int32 {
    // ⌈end⌉ < time exactly if the end is at or before the whole nanosecond ahead of it.
    let latest = FixedPoint.fine(nanoseconds: time) - FixedPoint.fine(nanoseconds: 1)
    if end(afterSteps: steps) <= latest { return steps }
    var (low, high) = (Int32(0), steps - 1)
    while low < high {
      let middle = low + (high - low + 1) / 2
      if end(afterSteps: middle) <= latest { low = middle } else { high = middle - 1 }
    }
    return low
  }

  /// The inner time at which so many steps are done.
  private func end(afterSteps count: Int32) -> FineTime {
    let count = Int128(count)
    return start + first * count + increment * (count * (count - 1) / 2)
  }
}
