import Hardware
import Workload

/// Consecutive decode steps of an unchanged batch: the KV they read grows by the same amount each
/// step, so durations form an arithmetic series on every piece of the curve.
///
/// Sums wrap instead of trapping, because checked 128-bit products cost several times as much.
/// None can come near 2¹²⁷: a segment lasts less than 2⁸⁵ (104 days: a million tokens at 9 s each),
/// its steps number less than 2³¹, and its batch holds less than 2⁴⁰ tokens.
struct StepSeries {
  var batch = 0
  /// KV that the first step reads, in units.
  var units: Int64 = 0
  /// How much more each step reads than the one before.
  var growth: Int64 = 0
  /// The piece of the curve that the first step is on; most series never leave it.
  var piece = CurvePiece.empty

  init() {}

  init(batch: Int, units: Int64, growth: Int64, curves: inout DecodeCurves) {
    self.batch = batch
    self.units = units
    self.growth = growth
    piece = curves.piece(batch: batch, units: units)
  }

  /// One stretch of the series on one piece of the curve.
  struct Stretch {
    var steps: Int64
    var units: Int64
    var firstTime: FineTime
    var timeIncrement: FineTime
    var firstEnergy: FineEnergy
    var energyIncrement: FineEnergy

    /// Σ over the first `count` steps of the stretch.
    @inline(__always)
    func time(_ count: Int64) -> FineTime { Self.sum(firstTime, timeIncrement, count) }

    @inline(__always) var energy: FineEnergy { Self.sum(firstEnergy, energyIncrement, steps) }

    @inline(__always)
    static func sum(_ first: Int128, _ increment: Int128, _ count: Int64) -> Int128 {
      guard count > 1 else { return first }
      return first &* Int128(count) &+ increment &* Int128(count &* (count &- 1) / 2)
    }

    /// 0² + 1² + … + (count − 1)².
    @inline(__always)
    private static func sumOfSquares(below count: Int64) -> Int128 {
      let sum = count &* (count &- 1) / 2
      // Dividing 128-bit integers is slow, and hardly any stretch has a million steps.
      if count < 1 << 20 { return Int128(sum &* (2 &* count &- 1) / 3) }
      return Int128(sum) &* Int128(2 &* count &- 1) / 3
    }

    /// ∫ of a count that starts at `value` and grows by `step` after each step of the stretch.
    @inline(__always)
    func integral(of value: Int64, growingBy step: Int64) -> Int128 {
      guard steps > 1 else { return firstTime &* Int128(value) }
      // The sum of 0, …, steps − 1, and of their squares.
      let sum = Int128(steps &* (steps &- 1) / 2)
      let squares = Self.sumOfSquares(below: steps)
      let (value, step) = (Int128(value), Int128(step))
      return firstTime &* (Int128(steps) &* value)
        &+ (firstTime &* step &+ timeIncrement &* value) &* sum
        &+ timeIncrement &* step &* squares
    }
  }

  @inline(__always) var firstTime: FineTime { piece.time(units: units) }

  /// The stretch that begins at `offset` steps into the series, at most `limit` steps long.
  @inline(__always)
  func stretch(at offset: Int64, limit: Int64, curves: inout DecodeCurves) -> Stretch {
    let start = units + growth * offset
    if start < piece.upperUnits { return stretch(from: start, on: piece, limit: limit) }
    return stretch(
      from: start,
      on: curves.piece(batch: batch, units: start),
      limit: limit
    )
  }

  @inline(__always)
  private func stretch(from start: Int64, on piece: CurvePiece, limit: Int64) -> Stretch {
    var steps = limit
    if limit > 1, start + growth * (limit - 1) >= piece.upperUnits, !defect(.knotIgnored) {
      steps = (piece.upperUnits - start + growth - 1) / growth
    }
    return Stretch(
      steps: steps,
      units: start,
      firstTime: piece.time(units: start),
      timeIncrement: piece.timeSlope &* FineTime(growth),
      firstEnergy: piece.energy(units: start),
      energyIncrement: piece.energySlope &* FineEnergy(growth)
    )
  }

  /// How many steps may be added up one by one: a busy instance is stopped before, and a walk need not
  /// look for where the piece ends.
  @inline(__always) private var walkableSteps: Int64 {
    let few: Int64 = 6
    return units + growth * (few - 1) < piece.upperUnits ? few : 1
  }

  @inline(__always) private var timeIncrement: FineTime { piece.timeSlope &* FineTime(growth) }

  /// Σ durations of the first `steps` steps, at least 1.
  @inline(__always)
  func time(steps: Int64, curves: inout DecodeCurves) -> FineTime {
    guard steps <= walkableSteps else { return addStretches(steps: steps, curves: &curves) }
    let increment = timeIncrement
    var (step, sum) = (firstTime, firstTime)
    for _ in 1..<steps {
      step &+= increment
      sum &+= step
    }
    return sum
  }

  private func addStretches(steps: Int64, curves: inout DecodeCurves) -> FineTime {
    var (done, sum) = (Int64(0), FineTime(0))
    while done < steps {
      let stretch = stretch(at: done, limit: steps - done, curves: &curves)
      sum += stretch.time(stretch.steps)
      done += stretch.steps
    }
    return sum
  }

  /// The least number of steps, from 1 to `limit`, whose durations sum to more than `target`;
  /// `limit` + 1 if there is none.
  @inline(__always)
  func steps(past target: FineTime, limit: Int64, curves: inout DecodeCurves) -> Int64 {
    let (increment, end) = (timeIncrement, min(limit, walkableSteps))
    var (count, step, sum) = (Int64(1), firstTime, firstTime)
    while sum <= target {
      guard count < end else {
        return count < limit ? search(past: target, limit: limit, curves: &curves) : limit + 1
      }
      step &+= increment
      sum &+= step
      count &+= 1
    }
    return count
  }

  /// The same where steps are many, or on several pieces.
  private func search(past target: FineTime, limit: Int64, curves: inout DecodeCurves) -> Int64 {
    var (done, left) = (Int64(0), target)
    while done < limit {
      let stretch = stretch(at: done, limit: limit - done, curves: &curves)
      if let steps = stretch.steps(past: left) { return done + steps }
      left -= stretch.time(stretch.steps)
      done += stretch.steps
    }
    return limit + 1
  }
}

extension Int128 {
  /// The value to within one part in 2⁵², by its halves: the generic conversion is slow.
  fileprivate var approximate: Double { Double(_high) * 0x1p64 + Double(_low) }
}

extension StepSeries.Stretch {
  /// The least number of steps of the stretch whose durations sum to more than `target`; nil where all
  /// of them do not.
  ///
  /// The root of the quadratic is estimated in floating point and put right in integers.
  fileprivate func steps(past target: FineTime) -> Int64? {
    if target < firstTime { return 1 }
    guard time(steps) > target else { return nil }
    let slope = timeIncrement.approximate
    let linear = firstTime.approximate - slope / 2
    let goal = target.approximate
    let root = 2 * goal / (linear + (linear * linear + 2 * slope * goal).squareRoot())
    var count = root.isFinite ? min(max(Int64(root), 1), steps) : 1
    while count < steps, time(count) <= target { count += 1 }
    while count > 1, time(count - 1) > target { count -= 1 }
    return count
  }
}
