/// Visible simulated time: whole nanoseconds since the first arrival of the trace.
///
/// An alias rather than a wrapper, because it is stored in columns and compared with cost sums
/// that are integers too; every property of this type carries its meaning in its name.
public typealias SimTime = Int64

extension SimTime {
  /// Later than every instant that a run can reach.
  public static var never: SimTime { .max }

  public static var nanosecondsPerSecond: SimTime { 1_000_000_000 }
}
