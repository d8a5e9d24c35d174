/// Time inside an instance or a link, in units of 2⁻³² ns.
///
/// Fine enough that a slope of picoseconds per token is not rounded away, wide enough that no
/// closed form over a segment overflows. Visible time is the ceiling to whole nanoseconds.
public typealias FineTime = Int128

/// Energy in units of 2⁻³² nJ.
public typealias FineEnergy = Int128

/// Fixed-point conversions; the only places where seconds and joules become integers.
public enum FixedPoint {
  @inlinable public static var fractionBits: Int128 { 32 }

  /// Rounds seconds up to fine time.
  @inlinable
  public static func fineTime(seconds: Double) -> FineTime {
    whole((seconds * 0x1p32 * 1e9).rounded(.up))
  }

  @inlinable
  public static func fineEnergy(joules: Double) -> FineEnergy {
    whole((joules * 0x1p32 * 1e9).rounded(.up))
  }

  /// A whole number as an integer: by halves when it is large, because the generic conversion from
  /// floating point is many times slower.
  @inlinable
  static func whole(_ value: Double) -> Int128 {
    if value.magnitude < 0x1p63 { return Int128(Int64(value)) }
    precondition(value.magnitude < 0x1p126, "a step costs more than fixed point can hold")
    let high = (value * 0x1p-64).rounded(.down)
    return Int128(_low: UInt64(value - high * 0x1p64), _high: Int64(high))
  }

  @inlinable
  public static func fine(nanoseconds: Int64) -> FineTime { FineTime(nanoseconds) << fractionBits }

  /// The visible time of a fine time: the first whole nanosecond at or after it.
  @inlinable
  public static func ceiling(_ time: FineTime) -> Int64 {
    Int64(truncatingIfNeeded: (time + 0xFFFF_FFFF) >> fractionBits)
  }
}
